/** What the experiments tree is made of, and how runs are put in groups. Pure. */
import { RUN_STATES, type ExperimentRow, type RunRow } from '../../protocol/model';
import { shorten } from '../base/format';
import { stateLooks } from './state';

export type Grouping = 'none' | 'params' | 'state' | 'script';
export const groupings: readonly Grouping[] = ['none', 'params', 'state', 'script'];

/** `open`: whether it is shown opened at first; undecided as long as it has no run. */
export interface ExperimentNode { kind: 'experiment'; row: ExperimentRow; open: boolean | undefined }
export interface GroupNode { kind: 'group'; experiment: string; key: string; label: string; runs: RunNode[] }
export interface RunNode { kind: 'run'; row: RunRow }
/** The line below a page: loads the next one. */
export interface MoreNode { kind: 'more'; experiment: string; loaded: number; total: number }
/** A line that only says something. */
export interface NoteNode { kind: 'note'; experiment: string; text: string }
export type TreeNode = ExperimentNode | GroupNode | RunNode | MoreNode | NoteNode;

export interface GroupOfRuns { key: string; label: string; rows: RunRow[] }

/** Runs in groups, each in the order of its newest run; states in their natural order. The input is newest first. */
export function groupRuns(rows: readonly RunRow[], by: Exclude<Grouping, 'none'>): GroupOfRuns[] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) {
    const key = by === 'state' ? row.state : by === 'script' ? (row.script ?? '') : row.group;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const labels = by === 'params' ? paramLabels([...groups.values()]) : [];
  const found = [...groups].map(([key, members], index) => ({
    key, rows: members,
    label: by === 'state' ? stateWord(key) : by === 'script' ? key || 'without a script' : (labels[index] ?? key),
  }));
  if (by !== 'state') return found;
  const order = (key: string): number => RUN_STATES.findIndex((state) => state === key);
  return found.sort((a, b) => order(a.key) - order(b.key));
}

function stateWord(key: string): string {
  const state = RUN_STATES.find((one) => one === key);
  return state ? stateLooks[state].word : key;
}

/**
 * A name for each group of runs with the same params: the params in which the groups differ ("lr 0.1, depth 3"); those of
 * a single group are all of it. Params that vary inside a group, such as a seed, say nothing about it.
 */
export function paramLabels(groups: readonly (readonly RunRow[])[]): string[] {
  const shared = groups.map((rows) => {
    const first = rows[0]?.params ?? {};
    return Object.fromEntries(Object.entries(first).filter(([key, value]) => rows.every((row) => row.params[key] === value)));
  });
  const keys = [...new Set(shared.flatMap((params) => Object.keys(params)))];
  const told = groups.length === 1 ? keys : keys.filter((key) => new Set(shared.map((params) => params[key])).size > 1);
  return shared.map((params) => {
    const words = told.flatMap((key) => (params[key] === undefined ? [] : [`${key} ${params[key]}`]));
    return words.length > 0 ? shorten(words.join(', '), 80) : 'no params';
  });
}
