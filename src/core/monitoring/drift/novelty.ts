/** How unlike the reference a row is, column by column. Pure. */
import { upperGamma } from '../measures/gamma';
import { firstAbove, firstAtLeast } from '../measures/bins';
import type { Sample } from '../measures/sample';

/** What the reference says of a value: how likely one at least as odd is, and why it is new there (null: it isn't). A NaN or null is missing. */
export interface Familiar<T> { chance(value: T): number; fresh(value: T): { key: string; text: string } | null }

const STEPS = 1000;
const shown = (value: number): string => String(Number(value.toPrecision(6)));

/**
 * Of numbers: twice the smaller tail, from a thousand order statistics; ties count on both sides. Infinities are as new as what is out of range. A reference without values knows nothing:
 * everything has the chance 1.
 */
export function familiarNumbers(name: string, { sorted, missing }: Sample): Familiar<number> {
  const n = sorted.length;
  const points = n <= STEPS ? sorted : Float64Array.from({ length: STEPS + 1 }, (_, k) => sorted[Math.round(((n - 1) * k) / STEPS)] ?? 0);
  const [low, high] = [sorted[0] ?? -Infinity, sorted[n - 1] ?? Infinity];
  const gap = (missing + 1) / (n + missing + 1);
  return {
    chance(value) {
      if (Number.isNaN(value)) return gap;
      if (n === 0) return 1;
      const [below, above] = [firstAbove(points, value), points.length - firstAtLeast(points, value)];
      return Math.min(1, (2 * (Math.min(below, above) + 1)) / (points.length + 1));
    },
    fresh(value) {
      if (Number.isNaN(value)) return missing === 0 && n > 0 ? { key: `${name}\u0000missing`, text: `${name} is missing, which it never was` } : null;
      if (n === 0) return null;
      return value < low ? { key: `${name}\u0000low`, text: `${name}: ${shown(value)} is below ${shown(low)}` } : value > high ? { key: `${name}\u0000high`, text: `${name}: ${shown(value)} is above ${shown(high)}` } : null;
    },
  };
}

/** Of categories: the share of rows in categories that are no more frequent. */
export function familiarTexts(name: string, counts: ReadonlyMap<string, number>, missing: number): Familiar<string | null> {
  const order = [...counts].sort(([, a], [, b]) => a - b);
  const n = order.reduce((sum, [, count]) => sum + count, 0);
  const chances = new Map<string, number>();
  let rows = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.[1] === order[from]?.[1]) rows += order[to++]?.[1] ?? 0;
    for (const [text] of order.slice(from, to)) chances.set(text, (rows + 1) / (n + 1));
    from = to;
  }
  const gap = (missing + 1) / (n + missing + 1);
  return {
    chance: (value) => (n === 0 ? 1 : value === null ? gap : (chances.get(value) ?? 1 / (n + 1))),
    fresh: (value) => (n === 0 ? null : value === null ? (missing === 0 ? { key: `${name}\u0000missing`, text: `${name} is missing, which it never was` } : null)
      : counts.has(value) ? null : { key: `${name}\u0000${value.slice(0, 100)}`, text: `${name}: '${value.length > 60 ? `${value.slice(0, 60)}...` : value}' is new` }),
  };
}

/**
 * From the sum of the logarithms of the columns' chances to 0 (as the reference) to 1: Fisher's combination, as if columns were independent, held against chi-square with two degrees each.
 * Source: Fisher (1925); tails by the empirical distribution as in ECOD (Li et al. 2022).
 */
export const unlikeness = (logs: number, columns: number): number => (columns === 0 ? 0 : 1 - upperGamma(columns, Math.max(0, -logs)));
