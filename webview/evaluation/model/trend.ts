/** A sparkline of earlier evaluations: where its line, its band and its last point lie. Pure. */
import type { Trend } from '../../../src/protocol/evaluation/result';

export interface TrendPoint { value: number | null; low: number | null; high: number | null; created: number; model: string }
export interface Sparkline { /** SVG path data; '' with fewer than two points */ line: string; /** of the intervals, '' where there are none */ band: string; last: { x: number; y: number } | null }

/** A slice's values over earlier evaluations, oldest first; '' is all rows. Evaluations that hadn't the slice are gaps. */
export const trendOf = (trend: Trend | null, slice: string | null): TrendPoint[] => (trend?.points ?? []).map(({ created, model, values }) => {
  const found = values[slice ?? ''];
  return { created, model, value: found?.value ?? null, low: found?.low ?? null, high: found?.high ?? null };
});

const round = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * Evenly spaced from left to right, high values at the top, with 2 pixels of room. The scale holds the intervals too, so that noise looks like noise;
 * values that are all the same lie in the middle.
 */
export function sparkline(points: readonly TrendPoint[], width: number, height: number): Sparkline {
  const values = points.flatMap(({ value, low, high }) => (value === null ? [] : [value, low ?? value, high ?? value])).filter(Number.isFinite);
  if (values.length === 0) return { line: '', band: '', last: null };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): number => (points.length === 1 ? width - 3 : 3 + (at / (points.length - 1)) * (width - 6));
  const y = (value: number): number => (most === least ? height / 2 : 2 + (1 - (value - least) / (most - least)) * (height - 4));
  const there = points.flatMap((point, at) => (point.value === null ? [] : [{ ...point, at, value: point.value }]));
  const line = there.map(({ at, value }, place) => `${place > 0 && there[place - 1]?.at === at - 1 ? 'L' : 'M'}${round(x(at))} ${round(y(value))}`).join('');
  const sure = there.filter((point) => point.low !== null && point.high !== null);
  const edge = (of: 'low' | 'high', order: readonly (typeof there)[number][]): string[] => order.map((point) => `${round(x(point.at))} ${round(y(point[of] ?? 0))}`);
  const band = sure.length > 1 ? `M${[...edge('high', sure), ...edge('low', [...sure].reverse())].join('L')}Z` : '';
  const end = there.at(-1);
  return { line: there.length > 1 ? line : '', band, last: end ? { x: x(end.at), y: y(end.value) } : null };
}
