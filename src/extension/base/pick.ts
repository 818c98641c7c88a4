/** Asking which run, where a command comes from the palette and no run was pointed at. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { RunRow } from '../../protocol/model';
import type { Host } from '../host';
import { runDescription, stateLooks } from '../views/state';

export interface PickOptions {
  title: string;
  /** MLflow's grammar */
  filter?: string;
  view?: 'active' | 'trashed';
  /** ids that aren't offered */
  without?: readonly string[];
  accept?: (row: RunRow) => boolean;
  /** ids that are ticked at the start, where several may be chosen */
  ticked?: readonly string[];
}

interface RunItem extends vscode.QuickPickItem { row: RunRow }

/** The newest 500 runs that fit. @throws RunyardError not_found where none does */
async function candidates(host: Host, options: PickOptions): Promise<RunItem[]> {
  const { rows } = await host.engine.request('runs.search', {
    filter: options.filter ?? '', view: options.view ?? 'active', limit: 500, orderBy: ['attributes.start_time DESC'],
  });
  const { experiments } = await host.engine.request('experiments.list', {});
  const main = new Map(experiments.map((one) => [one.name, one.mainMetric]));
  const now = Date.now() / 1000;
  const items = rows
    .filter((row) => !(options.without ?? []).includes(row.id) && (options.accept?.(row) ?? true))
    .map((row) => ({
      row, label: `$(${stateLooks[row.state].icon}) ${row.name}`, description: runDescription(row, main.get(row.experiment) ?? null, now), detail: row.experiment,
      picked: options.ticked?.includes(row.id) ?? false,
    }));
  if (items.length === 0) throw new RunyardError('not_found', `${options.title}: there is no such run`);
  return items;
}

const shown = { matchOnDescription: true, matchOnDetail: true };

/** One run, or nothing where the person turned away. */
export async function pickRun(host: Host, options: PickOptions): Promise<RunRow | undefined> {
  const chosen = await vscode.window.showQuickPick(candidates(host, options), { title: options.title, placeHolder: 'A run', ...shown });
  return chosen?.row;
}

/** Any number of runs; an empty list where the person turned away. */
export async function pickRuns(host: Host, options: PickOptions): Promise<RunRow[]> {
  const chosen = await vscode.window.showQuickPick(candidates(host, options), { title: options.title, placeHolder: 'Tick the runs', canPickMany: true, ...shown });
  return (chosen ?? []).map((item) => item.row);
}
