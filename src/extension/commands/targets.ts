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

/** One run: named by the call, selected in the tree where the call is from the keyboard, or picked. */
export async function oneRun(host: Host, args: CommandArgs, options: PickOptions): Promise<RunRow | undefined> {
  if (typeof args[0] === 'string') return host.engine.request('runs.get', { run: args[0] });
  const named = namedRuns(args);
  return named[0] ?? pickRun(host, options);
}

/** Any number of runs, likewise. */
export async function manyRuns(host: Host, args: CommandArgs, options: PickOptions): Promise<RunRow[]> {
  if (typeof args[0] === 'string') return [await host.engine.request('runs.get', { run: args[0] })];
  const named = namedRuns(args);
  return named.length > 0 ? named : pickRuns(host, options);
}
