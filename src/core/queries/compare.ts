/** Groups of runs with their mean, and the verdict between two. */
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import type { GroupStats, RunRow } from '../../protocol/model';
import { toNumber } from '../../protocol/spool';
import { describe, meanInterval } from '../comparison/means';
import { judge, percent } from '../comparison/verdict';
import { goalFor, resolve, type QueryContext } from './context';

/** Runs with the same experiment, script and params apart from the seed are one group; groups come in the order of their first run. */
export function compareGroups(context: QueryContext, { runs, metric, confidence }: MethodArgs<'compare.groups'>): MethodResults['compare.groups'] {
  const rows = rowsOf(context, runs);
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) groups.set(row.group || row.id, [...(groups.get(row.group || row.id) ?? []), row]);
  const labels = labelsOf([...groups.values()]);
  return { groups: [...groups].map(([group, members], at) => statsOf({ group, members, metric, confidence, label: labels[at] ?? group })) };
}

/** The metric's last value of each run is what is compared. A run named on both sides counts on both. */
export function compareVerdict(context: QueryContext, args: MethodArgs<'compare.verdict'>): MethodResults['compare.verdict'] {
  const { metric, confidence } = args;
  const goal = args.goal ?? goalFor(context, metric);
  const sides = { baseline: rowsOf(context, args.baseline), candidate: rowsOf(context, args.candidate) };
  const [baselineLabel, candidateLabel] = labelsOf([sides.baseline, sides.candidate]);
  const { word, difference, low, high, p, method, reason } = judge({ baseline: valuesOf(sides.baseline, metric), candidate: valuesOf(sides.candidate, metric), goal, confidence });
  const group = (members: RunRow[], label = ''): GroupStats => statsOf({ group: members[0]?.group ?? '', members, metric, confidence, label });
  return {
    metric, goal, confidence, word, difference, low, high, p, method, reason: reason + without(sides, metric),
    baseline: group(sides.baseline, baselineLabel), candidate: group(sides.candidate, candidateLabel),
  };
}

function without(sides: Record<'baseline' | 'candidate', RunRow[]>, metric: string): string {
  const parts = (['baseline', 'candidate'] as const).flatMap((side) => {
    const count = sides[side].filter((row) => row.metrics[metric] === undefined).length;
    return count === 0 ? [] : `${count} of the ${side}`;
  });
  return parts.length > 0 ? `; without ${metric}: ${parts.join(', ')}` : '';
}

function rowsOf(context: QueryContext, refs: readonly string[]): RunRow[] {
  const ids = [...new Set(refs.map((ref) => resolve(context, ref)))];
  const { rows } = context.store.search({ filter: '', orderBy: [], limit: ids.length, offset: 0, view: 'all', ids });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const valuesOf = (rows: readonly RunRow[], metric: string): Float64Array =>
  Float64Array.from(rows.flatMap((row) => (row.metrics[metric] ? toNumber(row.metrics[metric].value) : [])));

interface GroupInput { group: string; label: string; members: readonly RunRow[]; metric: string; confidence: number }

function statsOf({ group, label, members, metric, confidence }: GroupInput): GroupStats {
  const sample = describe(valuesOf(members, metric));
  const interval = meanInterval(sample, confidence);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const method = interval ? `t interval of the mean, ${percent(confidence)}` : sample.n > 1 ? 'no interval: every run gave the same value' : sample.n === 1 ? 'no interval: one value' : 'no values';
  return { group, label, runs: members.map(({ id }) => id), n: sample.n, mean: finite(sample.mean), sd: finite(sample.sd), low: interval?.low ?? null, high: interval?.high ?? null, method };
}

/** A group by the params in which the groups differ; by its run's name where it is one run or nothing differs. */
export function labelsOf(groups: readonly (readonly RunRow[])[]): string[] {
  const shared = groups.map((members) => {
    const first = members[0]?.params ?? {};
    return Object.fromEntries(Object.entries(first).filter(([key, value]) => members.every((row) => row.params[key] === value)));
  });
  const keys = [...new Set(shared.flatMap(Object.keys))].sort();
  const differing = keys.filter((key) => new Set(shared.map((params) => params[key])).size > 1);
  return groups.map((members, at) => {
    const params = differing.flatMap((key) => (shared[at]?.[key] === undefined ? [] : `${key}=${shared[at][key]}`)).join(' ');
    const name = members[0]?.name ?? '';
    if (members.length === 1) return name;
    return params || (members.length > 1 ? `${name} and ${members.length - 1} more` : name);
  });
}
