/** A categorical column on both sides: counts over the union of its categories. */

/** `names` in ascending order of code points; `missing` rows are in no count. `lumped`: so many further categories of the current side are counted as the last one. */
export interface CategoryCounts { names: string[]; reference: Float64Array; current: Float64Array; missing: { reference: number; current: number }; lumped?: { values: number } }
export interface Unseen { categories: string[]; rows: number; share_of_current: number | null }
export interface Disappeared { categories: string[]; share_of_reference: number | null }
/** A value (null: missing) with how often it comes. */
export type Counted = readonly [value: string | null, count: number];

/** With more of them a column holds names of things and no groups. */
export const MOST_CATEGORIES = 50_000;

/** Null is missing. The texts 'NA' and 'None' are categories like others. */
export const countCategories = (reference: Iterable<string | null>, current: Iterable<string | null>): CategoryCounts =>
  together(tally(ones(reference)), tally(ones(current)));

function* ones(values: Iterable<string | null>): Generator<Counted> {
  for (const value of values) yield [value, 1];
}

interface Tally { counts: Map<string, number>; missing: number; /** values that were not kept, and their rows */ more: { values: number; rows: number } }

function start(): Tally {
  return { counts: new Map(), missing: 0, more: { values: 0, rows: 0 } };
}

function tally(values: Iterable<Counted>): Tally {
  const own = start();
  for (const [value, count] of values) {
    if (value === null) own.missing += count;
    else own.counts.set(value, (own.counts.get(value) ?? 0) + count);
  }
  return own;
}

/**
 * From values that were counted elsewhere, each once a side. Null where the reference has more than `most`: names of things. Of a current side with more, those of the
 * reference and `most` others are told apart and the rest is one category more (`lumped`), so that memory stays bounded and a column that suddenly holds ids is still found.
 */
export async function countGroups(reference: AsyncIterable<Counted>, current: AsyncIterable<Counted>, most = MOST_CATEGORIES): Promise<CategoryCounts | null> {
  const before = start();
  for await (const [value, count] of reference) {
    if (value === null) before.missing += count;
    else before.counts.set(value, count);
    if (before.counts.size > most) return null;
  }
  const after = start();
  for await (const [value, count] of current) {
    if (value === null) after.missing += count;
    else if (before.counts.has(value) || after.counts.size < most) after.counts.set(value, count);
    else {
      after.more.values++;
      after.more.rows += count;
    }
  }
  return together(before, after);
}

function together(before: Tally, after: Tally): CategoryCounts {
  const names = [...new Set([...before.counts.keys(), ...after.counts.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const { values, rows } = after.more;
  const extra = values > 0 ? [rows] : [];
  const sides = [before, after].map(({ counts }, side) => Float64Array.from([...names.map((name) => counts.get(name) ?? 0), ...extra.map((own) => (side === 0 ? 0 : own))])) as [Float64Array, Float64Array];
  return {
    names: values > 0 ? [...names, `(${values} more)`] : names, reference: sides[0], current: sides[1], missing: { reference: before.missing, current: after.missing },
    ...(values > 0 && { lumped: { values } }),
  };
}

/** Categories of the current data that the reference lacks. The share is of the rows that have a category; null where none has. */
export function unseen({ names, reference, current }: CategoryCounts): Unseen {
  const categories = names.filter((_, k) => reference[k] === 0 && (current[k] ?? 0) > 0);
  const rows = names.reduce((sum, _, k) => sum + (reference[k] === 0 ? (current[k] ?? 0) : 0), 0);
  const all = current.reduce((sum, count) => sum + count, 0);
  return { categories, rows, share_of_current: all > 0 ? rows / all : null };
}

/** Categories of the reference that the current data lack. */
export function disappeared({ names, reference, current }: CategoryCounts): Disappeared {
  const gone = names.map((_, k) => current[k] === 0 && (reference[k] ?? 0) > 0);
  const all = reference.reduce((sum, count) => sum + count, 0);
  const rows = names.reduce((sum, _, k) => sum + (gone[k] ? (reference[k] ?? 0) : 0), 0);
  return { categories: names.filter((_, k) => gone[k]), share_of_reference: all > 0 ? rows / all : null };
}
