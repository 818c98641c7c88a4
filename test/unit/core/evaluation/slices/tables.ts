/** Small tables, and slices found in them the slow way. */
import type { CodedColumn } from '../../../../../src/core/evaluation/slices/column';
import type { SearchSettings } from '../../../../../src/core/evaluation/slices/sliceline';

/** A column of codes, whose labels are the codes. */
export function column(name: string, codes: ArrayLike<number>): CodedColumn {
  const all = Array.from(codes);
  const labels = Array.from({ length: Math.max(0, ...all) + 1 }, (_, code) => String(code));
  return { name, codes: Uint32Array.from(all), labels, meanings: labels.map((value) => ({ kind: 'equals', value })) };
}

export interface Plain { key: string; size: number; sum: number; score: number }

/** Every conjunction of up to `depth` columns that has rows, support and a positive score: by grouping, without any bound. */
export function bruteForce(columns: readonly CodedColumn[], losses: Float64Array, { alpha, k, minSupport, depth }: SearchSettings): Plain[] {
  const rows = losses.length;
  const mean = losses.reduce((a, b) => a + b, 0) / rows;
  const sets = columns.reduce<number[][]>((all, _, c) => [...all, ...all.filter((set) => set.length < depth).map((set) => [...set, c])], [[]]);
  const found = sets.filter((set) => set.length > 0).flatMap((set) => {
    const groups = new Map<string, { size: number; sum: number }>();
    losses.forEach((loss, row) => {
      const key = set.map((c) => `${columns[c]?.name}=${columns[c]?.codes[row]}`).join(' & ');
      const group = groups.get(key) ?? { size: 0, sum: 0 };
      groups.set(key, { size: group.size + 1, sum: group.sum + loss });
    });
    return [...groups].map(([key, { size, sum }]) => ({ key, size, sum, score: alpha * (sum / size / mean - 1) - (1 - alpha) * (rows / size - 1) }));
  });
  const good = found.filter(({ size, score }) => size >= minSupport && score > 1e-11).sort((a, b) => b.score - a.score);
  const last = good[k - 1];
  return last ? good.filter(({ score }) => score >= last.score - 1e-11 * Math.max(1, last.score)) : good;
}
