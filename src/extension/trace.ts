/** A whole trace as a read-only document, found again after a reload. */
import * as vscode from 'vscode';
import { RunyardError } from '../core/base/errors';
import type { Host } from './host';
import { traceDocument } from './views/trace-nodes';

const SCHEME = 'runyard-trace';

/** Opens it; where a span is named, its place is shown. */
export async function openTrace(host: Host, id: string, span?: string): Promise<void> {
  const { trace } = await host.engine.request('traces.get', { trace: id });
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${trace.name.replace(/[/\\]/g, ' ') || 'trace'}.json`, query: new URLSearchParams({ trace: id }).toString() });
  const document = await vscode.workspace.openTextDocument(uri);
  const at = span === undefined ? -1 : document.getText().indexOf(`"id": ${JSON.stringify(span)}`);
  const place = at < 0 ? undefined : document.positionAt(at);
  await vscode.window.showTextDocument(document, { preview: true, ...(place ? { selection: new vscode.Range(place, place) } : {}) });
}

export function registerTraceDocuments(host: Host): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const id = new URLSearchParams(uri.query).get('trace');
      if (!id) throw new RunyardError('bad_input', `${uri.toString()} names no trace`);
      const { trace, spans } = await host.engine.request('traces.get', { trace: id, facts: true });
      return traceDocument(trace, spans);
    },
  });
}
