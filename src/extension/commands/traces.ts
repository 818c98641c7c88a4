/** Looking at a trace. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Host } from '../host';
import { traceDescription, traceLooks } from '../views/trace-nodes';
import type { Handlers, Parts } from './parts';
import { oneRun } from './targets';

export function traceCommands(host: Host, { details }: Parts): Handlers {
  return {
    'runyard.showTrace': async (args) => {
      const place = placeOf(args[0]) ?? await pickTrace(host, details.run);
      if (!place) return;
      const { openTrace } = await import('../trace');
      await openTrace(host, place.trace, place.span);
    },
  };
}

interface Place { trace: string; span?: string }

/** Rows of the tree, or a trace's id from our own links. */
function placeOf(node: unknown): Place | undefined {
  if (typeof node === 'string') return { trace: node };
  if (typeof node !== 'object' || node === null || !('kind' in node) || !('row' in node)) return undefined;
  const { kind, row } = node;
  if (typeof row !== 'object' || row === null || !('id' in row) || typeof row.id !== 'string') return undefined;
  if (kind === 'trace') return { trace: row.id };
  return kind === 'span' && 'trace' in node && typeof node.trace === 'string' ? { trace: node.trace, span: row.id } : undefined;
}

/** One of the newest traces of the run that is shown, or that the person picks. */
async function pickTrace(host: Host, shown: string | undefined): Promise<Place | undefined> {
  const run = shown ?? (await oneRun(host, [], { title: 'Show Trace' }))?.id;
  if (run === undefined) return undefined;
  const { traces } = await host.engine.request('runs.traces', { run, limit: 500 });
  if (traces.length === 0) throw new RunyardError('not_found', 'this run has no traces', 'a script that calls mlflow.trace or mlflow.start_span makes them');
  const now = Date.now() / 1000;
  const items = traces.map((row) => ({ label: `$(${traceLooks[row.state].icon}) ${row.name}`, description: traceDescription(row, now), detail: row.request, trace: row.id }));
  return vscode.window.showQuickPick(items, { title: 'Show Trace', placeHolder: 'A trace', matchOnDescription: true, matchOnDetail: true });
}
