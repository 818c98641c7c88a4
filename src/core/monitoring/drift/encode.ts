/** Columns of any type as numbers, for measures that look at all of them together. Pure. */
import type { Values } from '../../evaluation/data/types';
import type { Counted } from '../measures/categories';
import { textsOfValues } from './values';
import type { Kind } from './sources';

export interface Both { reference: Values; current: Values; kind: Kind }
/** A category's share of the reference's rows; null is a missing one. */
export type Share = (text: string | null) => number;
interface Encoded { reference: Float64Array; current: Float64Array }

/**
 * As NannyML prepares them: what is missing is the reference's mean, or its most frequent category (of equal ones the first by code points); a category is its share of the reference
 * (0 for a new one); then standardised by the reference. Infinities count as missing. `share`: by all rows, where the reference is a sample of them. Null where the reference is
 * constant or has no values.
 */
export function standardised({ reference, current, kind }: Both, share?: Share): Encoded | null {
  const [before, after] = kind === 'numeric' ? filled(numbersOf(reference), numbersOf(current)) : byShare([...textsOfValues(reference)], [...textsOfValues(current)], share);
  const n = before.length;
  const mean = before.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
  if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean))) || !Number.isFinite(deviation)) return null;
  const scaled = (value: number): number => (value - mean) / deviation;
  return { reference: before.map(scaled), current: after.map(scaled) };
}

/** For trees: numbers as they are, categories by how frequent they are on both sides together; a gap is NaN. The reference's rows first. */
export function forTrees({ reference, current, kind }: Both): Float64Array {
  if (kind === 'numeric') return joined(numbersOf(reference), numbersOf(current));
  const texts = [...textsOfValues(reference), ...textsOfValues(current)];
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  const codes = new Map([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([text], code) => [text, code]));
  return Float64Array.from(texts, (text) => (text === null ? NaN : (codes.get(text) ?? NaN)));
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** NaN where there is none; infinities too. */
function numbersOf(column: Values): Float64Array {
  if (column.type !== 'float' && column.type !== 'int' && column.type !== 'bool') return new Float64Array(column.values.length).fill(NaN);
  return Float64Array.from(column.values, (value, row) => (column.missing?.[row] || !Number.isFinite(value) ? NaN : value));
}

function filled(before: Float64Array, after: Float64Array): [Float64Array, Float64Array] {
  const there = before.filter((value) => !Number.isNaN(value));
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const fill = (values: Float64Array): Float64Array => values.map((value) => (Number.isNaN(value) ? mean : value));
  return [fill(before), fill(after)];
}

function byShare(before: (string | null)[], after: (string | null)[], share: Share = shareOf(before.map((text) => [text, 1]))): [Float64Array, Float64Array] {
  return [Float64Array.from(before, share), Float64Array.from(after, share)];
}

/** From counts of categories; the same one may come more than once. 0 for one that isn't among them; what is missing counts as the most frequent. */
export function shareOf(counted: Iterable<Counted>): Share {
  const counts = new Map<string, number>();
  let [gaps, rows] = [0, 0];
  for (const [text, count] of counted) {
    rows += count;
    if (text === null) gaps += count;
    else counts.set(text, (counts.get(text) ?? 0) + count);
  }
  const [usual] = [...counts].reduce<[string, number]>((best, [text, count]) => (count > best[1] || (count === best[1] && text < best[0]) ? [text, count] : best), ['', 0]);
  counts.set(usual, (counts.get(usual) ?? 0) + gaps);
  return (text) => (counts.get(text ?? usual) ?? 0) / rows;
}
