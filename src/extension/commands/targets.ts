/** Which runs a command is about: those selected in the tree, the one whose button was clicked, or those that the person picks. */
import type { RunRow } from '../../protocol/model';
import { pickRun, pickRuns, type PickOptions } from '../base/pick';
import type { Host } from '../host';
import type { TreeNode } from '../views/nodes';

/** What the editor calls a command with, from the tree: the row and all that are selected; or a run's id, from our own links. */
export type CommandArgs = readonly unknown[];

/** Nodes of the tree come back as the objects that they are. */
function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

const runsOf = (node: TreeNode): RunRow[] => (node.kind === 'run' ? [node.row] : node.kind === 'group' ? node.runs.map((run) => run.row) : []);

/** The runs that the call itself names; a row that isn't part of the selection stands alone. */
export function namedRuns(args: CommandArgs): RunRow[] {
  const [first, selected] = args;
  const clicked = isNode(first) ? runsOf(first) : [];
  const all = Array.isArray(selected) ? selected.filter(isNode).flatMap(runsOf) : [];
  const rows = clicked.every((row) => all.some((one) => one.id === row.id)) && all.length > 0 ? all : clicked;
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

/** The runs that are meant where none was clicked: those selected in the tree, as far as the command can be about them. */
function selectedRuns(host: Host, { accept, view }: PickOptions): RunRow[] {
  if (view === 'trashed') return [];
  const rows = host.selection().flatMap(runsOf);
  return rows.every((row) => accept?.(row) ?? true) ? rows : [];
}

/** Named by the call, or else selected; an id is one of our own links. */
async function meantRuns(host: Host, args: CommandArgs, options: PickOptions): Promise<RunRow[]> {
  if (typeof args[0] === 'string') return [await host.engine.request('runs.get', { run: args[0] })];
  const named = namedRuns(args);
  return named.length > 0 ? named : selectedRuns(host, options);
}

/** One run: named by the call, the only one selected, or picked. */
export async function oneRun(host: Host, args: CommandArgs, options: PickOptions): Promise<RunRow | undefined> {
  const meant = await meantRuns(host, args, options);
  return meant.length > 0 && (meant.length === 1 || args.length > 0) ? meant[0] : pickRun(host, options);
}

/** Any number of runs, likewise. */
export async function manyRuns(host: Host, args: CommandArgs, options: PickOptions): Promise<RunRow[]> {
  const meant = await meantRuns(host, args, options);
  return meant.length > 0 ? meant : pickRuns(host, options);
}

/** Named or selected, without asking: for commands that ask in their own way. */
export const givenRuns = meantRuns;
