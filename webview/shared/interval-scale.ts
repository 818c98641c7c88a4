/** Where an interval lies on a bar: pure. */

export interface IntervalScale { at(value: number): number; low: number; high: number }

/** A scale over all the given values and, with `zero`, zero too; 6 % of room at both ends; places are 0..1. Null without a finite value. */
export function intervalScale(values: readonly (number | null)[], { zero = false } = {}): IntervalScale | null {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (finite.length === 0) return null;
  const all = zero ? [...finite, 0] : finite;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = (most - least || Math.abs(most) || 1) * 0.06;
  const [low, high] = [least - room, most + room];
  return { low, high, at: (value) => Math.min(1, Math.max(0, (value - low) / (high - low))) };
}
