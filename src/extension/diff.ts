/** Differences of two runs in the editor's own diff: read-only documents that the engine fills, found again after a reload. */
import * as vscode from 'vscode';
import type { DiffSubject } from '../protocol/compare';
import type { MethodResults } from '../protocol/engine';
import { RunyardError } from '../core/base/errors';
import type { Host } from './host';

const SCHEME = 'runyard-diff';
const endings: Readonly<Record<DiffSubject, string>> = { params: 'txt', environment: 'txt', datasets: 'txt', code: 'diff', command: 'sh' };
const subjects: readonly DiffSubject[] = ['params', 'environment', 'datasets', 'code', 'command'];

/** Opens the pair; where both sides are the same it says so instead. */
export async function openDiff(host: Host, left: string, right: string, what: DiffSubject): Promise<void> {
  const pairs = await host.engine.request('runs.diff', { left, right });
  const pair = pairs[what];
  if (pair.left === pair.right) {
    void vscode.window.showInformationMessage(`${pair.title}: ${pair.leftName} and ${pair.rightName} are the same.`);
    return;
  }
  const uri = (side: 'left' | 'right'): vscode.Uri => vscode.Uri.from({
    scheme: SCHEME, path: `/${(side === 'left' ? pair.leftName : pair.rightName).replace(/[/\\]/g, ' ')}.${endings[what]}`,
    query: new URLSearchParams({ left, right, what, side }).toString(),
  });
  await vscode.commands.executeCommand('vscode.diff', uri('left'), uri('right'), `${pair.title}: ${pair.leftName} ↔ ${pair.rightName}`, { preview: true });
}

/** Answers for those documents. Both sides of a diff come from one question. */
export function registerDiffs(host: Host): vscode.Disposable {
  let newest: { key: string; pairs: Promise<MethodResults['runs.diff']> } | undefined;
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const query = new URLSearchParams(uri.query);
      const [left, right] = [query.get('left'), query.get('right')];
      const what = subjects.find((one) => one === query.get('what'));
      if (!left || !right || !what) throw new RunyardError('bad_input', `${uri.toString()} names no difference`);
      const key = `${left} ${right}`;
      if (newest?.key !== key) newest = { key, pairs: host.engine.request('runs.diff', { left, right }) };
      const asked = newest;
      try {
        const pair = (await asked.pairs)[what];
        return query.get('side') === 'left' ? pair.left : pair.right;
      } finally {
        // The other side asks at once; later the runs may have changed.
        setTimeout(() => { if (newest === asked) newest = undefined; }, 2000);
      }
    },
  });
}
