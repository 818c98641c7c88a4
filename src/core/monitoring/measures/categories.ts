/** A categorical column on both sides: counts over the union of its categories. */

/** `names` in ascending order of code points; `missing` rows are in no count. */
export interface CategoryCounts { names: string[]; reference: Float64Array; current: Float64Array; missing: { reference: number; current: number } }
export interface Unseen { categories: string[]; rows: number; share_of_current: number | null }
export interface Disappeared { categories: string[]; share_of_reference: number | null }

/** Null is missing. The texts 'NA' and 'None' are categories like others. */
export function countCategories(reference: Iterable<string | null>, current: Iterable<string | null>): CategoryCounts {
  const sides = [tally(reference), tally(current)] as const;
  const names = [...new Set([...sides[0].counts.keys(), ...sides[1].counts.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const [before, after] = sides.map(({ counts }) => Float64Array.from(names, (name) => counts.get(name) ?? 0));
  return { names, reference: before ?? new Float64Array(), current: after ?? new Float64Array(), missing: { reference: sides[0].missing, current: sides[1].missing } };
}

function tally(values: Iterable<string | null>): { counts: Map<string, number>; missing: number } {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { counts, missing };
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
