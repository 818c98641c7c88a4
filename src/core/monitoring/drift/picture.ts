/** A column of both sides as it is drawn: histogram, distribution function, quantiles; bars of categories. Pure. */
import { quantile } from '../../evaluation/intervals/bootstrap';
import type { ColumnPicture } from '../../../protocol/drift';
import { countIn, firstAbove } from '../measures/bins';
import type { CategoryCounts } from '../measures/categories';
import type { Sample } from '../measures/sample';

type Both<T> = { reference: T; current: T };
const both = <A, B>({ reference, current }: Both<A>, of: (one: A) => B): Both<B> => ({ reference: of(reference), current: of(current) });
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const POINTS = 200;
/** Bars that are drawn; the others are one. */
const BARS = 40;

/** Infinite values are in no figure but `rows`. Where neither side has a value there is nothing to draw. */
export function numericPicture(column: string, samples: Both<Sample>, bins: number): ColumnPicture {
  const edges = edgesOf(samples, bins);
  return {
    column, type: 'numeric', missing: both(samples, ({ missing }) => missing), rows: both(samples, ({ sorted, missing, infinite }) => sorted.length + missing + infinite),
    histogram: edges.length === 0 ? null : { edges, ...both(samples, (one) => [...countIn(one, edges.slice(1, -1), 'left')]) },
    ecdf: edges.length === 0 ? null : both(samples, steps), quantiles: edges.length === 0 ? null : both(samples, ({ sorted }) => (sorted.length === 0 ? [] : QUANTILES.map((p) => quantile(sorted, p)))),
    categories: null, others: null,
  };
}

/** Of one width, over what both have but for the outermost 0.1 %. Few whole numbers have a bin each; a single value has one around it. */
function edgesOf({ reference, current }: Both<Sample>, bins: number): number[] {
  const sides = [reference.sorted, current.sorted].filter(({ length }) => length > 0);
  if (sides.length === 0) return [];
  const [low, high] = [Math.min(...sides.map((one) => quantile(one, 0.001))), Math.max(...sides.map((one) => quantile(one, 0.999)))];
  const [least, most] = [Math.min(...sides.map((one) => one[0] ?? 0)), Math.max(...sides.map((one) => one.at(-1) ?? 0))];
  if (most - least < bins && sides.every((one) => one.every(Number.isInteger))) return Array.from({ length: most - least + 2 }, (_, k) => least + k - 0.5);
  if (!(high > low)) return [low - 0.5, low + 0.5];
  return Array.from({ length: bins + 1 }, (_, k) => (k === bins ? high : low + ((high - low) * k) / bins));
}

/** [value, share at or below], from the least to the greatest. */
function steps({ sorted }: Sample): [number, number][] {
  const n = sorted.length;
  const found: [number, number][] = [];
  for (let k = 0; k <= POINTS && n > 0; k++) {
    const value = sorted[Math.round(((n - 1) * k) / POINTS)] ?? 0;
    if (found.at(-1)?.[0] !== value) found.push([value, firstAbove(sorted, value) / n]);
  }
  return found;
}

/** Most frequent over both sides' shares first. */
export function categoricalPicture(column: string, { names, reference, current, missing, lumped }: CategoryCounts): ColumnPicture {
  const [n, m] = [reference, current].map((side) => side.reduce((sum, count) => sum + count, 0)) as [number, number];
  const weight = (k: number): number => (reference[k] ?? 0) / Math.max(1, n) + (current[k] ?? 0) / Math.max(1, m);
  const whole = names.map((_, k) => k).slice(0, lumped ? -1 : undefined);
  const order = whole.sort((a, b) => weight(b) - weight(a));
  const rest = [...order.slice(BARS), ...(lumped ? [names.length - 1] : [])];
  const sum = (side: Float64Array): number => rest.reduce((so, k) => so + (side[k] ?? 0), 0);
  return {
    column, type: 'categorical', missing, rows: { reference: n + missing.reference, current: m + missing.current }, histogram: null, ecdf: null, quantiles: null,
    categories: order.slice(0, BARS).map((k) => ({ value: names[k] ?? '', reference: reference[k] ?? 0, current: current[k] ?? 0 })),
    others: { reference: sum(reference), current: sum(current), values: rest.length + (lumped ? lumped.values - 1 : 0) },
  };
}
