/** Runs are dragged onto another experiment; "Move to Experiment…" does the same by keyboard. */
import * as vscode from 'vscode';
import { count } from '../base/format';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import type { RunNode, TreeNode } from './nodes';

const MIME = 'application/vnd.code.tree.runyard.experiments';

export function runDrops(host: Host): vscode.TreeDragAndDropController<TreeNode> {
  return {
    dragMimeTypes: [MIME],
    dropMimeTypes: [MIME],
    handleDrag(source, transfer) {
      const runs = source.filter((node): node is RunNode => node.kind === 'run').map((node) => ({ id: node.row.id, experiment: node.row.experiment }));
      if (runs.length > 0) transfer.set(MIME, new vscode.DataTransferItem(runs));
    },
    async handleDrop(target, transfer) {
      const experiment = target && (target.kind === 'run' ? target.row.experiment : target.kind === 'experiment' ? target.row.name : target.experiment);
      const dropped: unknown = transfer.get(MIME)?.value;
      if (!experiment || !Array.isArray(dropped)) return;
      const runs = dropped.filter(isDragged).filter((run) => run.experiment !== experiment);
      if (runs.length > 0) await guarded(host, () => moveRuns(host, runs, experiment));
    },
  };
}

export interface MovedRun { id: string; experiment: string }

function isDragged(value: unknown): value is MovedRun {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' && 'experiment' in value && typeof value.experiment === 'string';
}

/** Moves runs and offers the way back. */
export async function moveRuns(host: Host, runs: readonly MovedRun[], experiment: string): Promise<void> {
  for (const run of runs) await host.engine.request('runs.edit', { run: run.id, experiment });
  const choice = await vscode.window.showInformationMessage(`Moved ${count(runs.length, 'run')} to ${experiment}.`, 'Undo');
  if (choice) for (const run of runs) await host.engine.request('runs.edit', { run: run.id, experiment: run.experiment });
}
