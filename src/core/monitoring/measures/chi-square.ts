import { chiSquareTail } from './gamma';

export interface ChiSquare { statistic: number; dof: number; p: number }

/**
 * Pearson's test that both sides' rows come from one distribution over the categories: expected counts from both together, categories that neither has left out, dof = K - 1.
 * `yates` takes up to 1/2 from each distance where there are two categories.
 * Source: Pearson (1900); Yates (1934). Edge cases: null with fewer than two categories or an empty side.
 */
export function chiSquare(reference: ArrayLike<number>, current: ArrayLike<number>, yates = false): ChiSquare | null {
  const sides = [Float64Array.from(reference), Float64Array.from(current)];
  const totals = sides.map(sum);
  const all = (totals[0] ?? 0) + (totals[1] ?? 0);
  const columns = Array.from(sides[0] ?? [], (count, k) => count + (sides[1]?.[k] ?? 0));
  const dof = columns.filter((count) => count > 0).length - 1;
  if (dof < 1 || totals.some((total) => total === 0)) return null;
  let statistic = 0;
  for (const [side, counts] of sides.entries()) {
    for (const [k, column] of columns.entries()) {
      if (column === 0) continue;
      const expected = ((totals[side] ?? 0) * column) / all;
      const distance = Math.abs((counts[k] ?? 0) - expected);
      statistic += (yates && dof === 1 ? distance - Math.min(0.5, distance) : distance) ** 2 / expected;
    }
  }
  return { statistic, dof, p: chiSquareTail(statistic, dof) };
}

/**
 * The goodness of fit of the current counts to the reference's shares taken as known, as Evidently tests: stricter than `chiSquare`, as it forgets that the reference is a sample too.
 * A category that the reference lacks is impossible by it: statistic null, p = 0. Null with fewer than two categories or an empty side.
 */
export function goodnessOfFit(reference: ArrayLike<number>, current: ArrayLike<number>): { statistic: number | null; p: number } | null {
  const [before, after] = [Float64Array.from(reference), Float64Array.from(current)];
  const [n, m] = [sum(before), sum(after)];
  const present = before.filter((count, k) => count > 0 || (after[k] ?? 0) > 0).length;
  if (present < 2 || n === 0 || m === 0) return null;
  let statistic = 0;
  for (let k = 0; k < before.length; k++) {
    const expected = ((before[k] ?? 0) / n) * m;
    const count = after[k] ?? 0;
    if (expected === 0 && count > 0) return { statistic: null, p: 0 };
    if (expected > 0) statistic += (count - expected) ** 2 / expected;
  }
  return { statistic, p: chiSquareTail(statistic, present - 1) };
}

const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
