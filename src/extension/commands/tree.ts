/** How the Experiments tree shows runs. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';
import type { Grouping, MoreNode } from '../views/nodes';
import type { Handlers, Parts } from './parts';

const groupLabels: readonly { label: string; grouping: Grouping; detail: string }[] = [
  { label: 'None', grouping: 'none', detail: 'newest first' },
  { label: 'By Params', grouping: 'params', detail: 'runs that differ in the seed only stand together' },
  { label: 'By State', grouping: 'state', detail: 'live ones first' },
  { label: 'By Script', grouping: 'script', detail: 'the file that was run' },
];

export function treeCommands(host: Host, { experiments }: Parts): Handlers {
  return {
    'runyard.refresh': () => experiments.refresh(),
    'runyard.loadMore': ([node]) => { if (isMore(node)) experiments.loadMore(node); },
    'runyard.groupBy': async () => {
      const items = groupLabels.map((one) => ({ ...one, label: one.grouping === experiments.grouping ? `$(check) ${one.label}` : one.label }));
      const chosen = await vscode.window.showQuickPick(items, { title: 'Group Runs' });
      if (chosen) await experiments.setGrouping(chosen.grouping);
    },
    'runyard.filter': async () => {
      const typed = await vscode.window.showInputBox({
        title: 'Filter Runs', value: experiments.filter, ignoreFocusOut: true,
        prompt: "MLflow's search grammar; empty shows all", placeHolder: "metrics.val_auc > 0.9 and params.lr = '0.1'",
        validateInput: (value) => checked(host, value),
      });
      if (typed !== undefined) await experiments.setFilter(typed.trim());
    },
    'runyard.clearFilter': () => experiments.setFilter(''),
  };
}

function isMore(node: unknown): node is MoreNode {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'more';
}

/** The engine reads the filter over no row at all: what it refuses is shown under the box as it is typed. */
async function checked(host: Host, filter: string): Promise<string | undefined> {
  if (filter.trim() === '') return undefined;
  try {
    await host.engine.request('runs.search', { filter, limit: 1, columns: [] });
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}
