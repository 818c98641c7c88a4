/** Groups and verdicts of made-up runs, by the engine's own statistics. */
import { describe, meanInterval } from '../../../src/core/comparison/means';
import { judge } from '../../../src/core/comparison/verdict';
import { labelsOf } from '../../../src/core/queries/compare';
import type { MethodResults } from '../../../src/protocol/engine';
import type { GroupStats, RunRow, Verdict } from '../../../src/protocol/model';

const valuesOf = (rows: readonly RunRow[], metric: string): Float64Array => Float64Array.from(rows.flatMap((row) => (row.metrics[metric] ? Number(row.metrics[metric].value) : [])));

function stats(rows: readonly RunRow[], metric: string, label: string): GroupStats {
  const sample = describe(valuesOf(rows, metric));
  const interval = meanInterval(sample, 0.95);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return { group: rows[0]?.group ?? '', label, runs: rows.map((row) => row.id), n: sample.n, mean: finite(sample.mean), sd: finite(sample.sd), low: interval?.low ?? null, high: interval?.high ?? null, method: 't interval of the mean, 95 %' };
}

export function compareGroups(rows: readonly RunRow[], metric: string): MethodResults['compare.groups'] {
  const groups = new Map<string, RunRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const labels = labelsOf([...groups.values()]);
  return { groups: [...groups.values()].map((members, at) => stats(members, metric, labels[at] ?? '')) };
}

export function compareVerdict(baseline: readonly RunRow[], candidate: readonly RunRow[], metric: string): Verdict {
  const goal = /loss|grad/.test(metric) ? 'minimize' : 'maximize';
  const found = judge({ baseline: valuesOf(baseline, metric), candidate: valuesOf(candidate, metric), goal, confidence: 0.95 });
  const [left = '', right = ''] = labelsOf([baseline, candidate]);
  const { word, difference, low, high, p, method, reason } = found;
  return { metric, goal, confidence: 0.95, word, difference, low, high, p, method, reason, baseline: stats(baseline, metric, left), candidate: stats(candidate, metric, right) };
}
