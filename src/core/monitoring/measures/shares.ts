/** Measures between two distributions over the same bins or categories, given as counts. All are null where a side is empty. */

/** Shares of a side; null where it has no rows. */
export function sharesOf(counts: ArrayLike<number>): Float64Array | null {
  const all = Float64Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  return total > 0 ? all.map((count) => count / total) : null;
}

/** Calls with both sides' shares, bin by bin, and adds up; null where a side is empty. */
export function addUp(reference: ArrayLike<number>, current: ArrayLike<number>, of: (p: number, q: number) => number): number | null {
  const p = sharesOf(reference);
  const q = sharesOf(current);
  if (!p || !q) return null;
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += of(p[i] ?? 0, q[i] ?? 0);
  return sum;
}
