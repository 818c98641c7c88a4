/** The slices of one set of columns that may still have good ones within them. */
import { scoreBound, tie, type Scale } from './score';

/**
 * Slices over the same columns. Slice i is slice `parent[i]` of the node without the last column, and `code[i]` in the last one. They lie in
 * the order of their parents, those of parent p at `first[p]` to `first[p + 1]`, with rising codes. 28 bytes a slice.
 */
export interface Node {
  columns: readonly number[]; first: Int32Array; parent: Int32Array; code: Int32Array;
  size: Int32Array; sum: Float64Array; largest: Float64Array;
}

/** Slices of one node as they are found: in the order of their parents. */
export interface Found { parent: number[]; code: number[]; size: number[]; sum: number[]; largest: number[] }
type FoundLike = { readonly [K in keyof Found]: ArrayLike<number> };
export const nothingFound = (): Found => ({ parent: [], code: [], size: [], sum: [], largest: [] });

export const nodeKey = (columns: readonly number[]): string => columns.join(',');

/**
 * The found slices as a node, without those that can't hold a slice reaching the threshold any more. `parents`: how many slices the
 * node without the last column has. Nothing where none is left.
 */
export function nodeOf(columns: readonly number[], found: FoundLike, parents: number, { scale, threshold }: { scale: Scale; threshold: number }): Node | undefined {
  const left: number[] = [];
  for (let i = 0; i < found.code.length; i++) {
    if (reaches(found.size[i] ?? 0, found.sum[i] ?? 0, found.largest[i] ?? 0, { scale, threshold })) left.push(i);
  }
  if (left.length === 0) return undefined;
  const of = (values: ArrayLike<number>): number[] => left.map((i) => values[i] ?? 0);
  const parent = Int32Array.from(of(found.parent));
  const first = new Int32Array(parents + 1);
  for (const p of parent) first[p + 1] = (first[p + 1] ?? 0) + 1;
  for (let p = 0; p < parents; p++) first[p + 1] = (first[p + 1] ?? 0) + (first[p] ?? 0);
  return {
    columns, first, parent, code: Int32Array.from(of(found.code)), size: Int32Array.from(of(found.size)),
    sum: Float64Array.from(of(found.sum)), largest: Float64Array.from(of(found.largest)),
  };
}

/** Whether a slice with these at most may score the threshold. */
export function reaches(size: number, sum: number, largest: number, { scale, threshold }: { scale: Scale; threshold: number }): boolean {
  const bound = scoreBound(size, sum, largest, scale);
  return bound > tie && bound >= threshold;
}

/** The slice of the node with this parent and code, or -1. */
export function findSlice({ first, code }: Node, parent: number, wanted: number): number {
  if (parent < 0) return -1;
  let low = first[parent] ?? 0;
  let high = first[parent + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((code[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low < (first[parent + 1] ?? 0) && code[low] === wanted ? low : -1;
}
