/** Two parts of the rows: one to search, one to check what was found. */
import { random, unit } from '../intervals/random';

export interface Parts { search: Int32Array; check: Int32Array }

/**
 * Divides the rows at random, `share` of them (rounded) to search, each part rising. The same rows and seed give the same parts. Rows that belong together
 * (one person's, one day's, duplicates) should not be divided: then the second part has seen what the first has, and the p values are too small.
 */
export function divideRows(rows: number, seed: number, share = 0.5): Parts {
  const next = random(seed);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(unit(next) * (i + 1));
    const moved = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = moved;
  }
  const cut = Math.round(rows * share);
  return { search: order.slice(0, cut).sort(), check: order.slice(cut).sort() };
}
