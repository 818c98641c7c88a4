/** Which rows a slice has, and how much two of them overlap. */
import { codesFor, type CodedColumn } from './column';

/** A conjunction as both the search and others name it: columns by their place and a code of each. */
export interface Conjunction { columns: readonly number[]; codes: readonly number[] }

/** The rows of a slice, rising. No columns: all rows. */
export function rowsOf(columns: readonly CodedColumn[], slice: Conjunction, rows: number): Int32Array {
  let left = Int32Array.from({ length: rows }, (_, row) => row);
  slice.columns.forEach((at, i) => {
    const codes = columns[at]?.codes ?? codesFor(0, 0);
    const wanted = slice.codes[i];
    left = left.filter((row) => codes[row] === wanted);
  });
  return left;
}

/** Rows in both over rows in either (Jaccard 1901), of two rising lists. Two empty lists share nothing: 0. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0];
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return both === 0 ? 0 : both / (a.length + b.length - both);
}

/** Slices of much the same rows. `representative` and `members` (it first) are places in the list that was given; `overlap`: each member's Jaccard with it. */
export interface Family { representative: number; members: number[]; overlap: number[] }

/**
 * Merges overlapping slices, given best first: each joins the first family whose representative it overlaps by `threshold` (Jaccard) or
 * more, or else begins its own. So a representative is the best of its family, and no two of them overlap that much.
 */
export function familiesOf(rows: readonly Int32Array[], threshold: number): Family[] {
  const families: Family[] = [];
  rows.forEach((own, at) => {
    for (const family of families) {
      const overlap = jaccard(rows[family.representative] ?? own, own);
      if (overlap < threshold) continue;
      family.members.push(at);
      family.overlap.push(overlap);
      return;
    }
    families.push({ representative: at, members: [at], overlap: [1] });
  });
  return families;
}
