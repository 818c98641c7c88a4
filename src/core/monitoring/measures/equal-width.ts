/** Bins of one width by numpy's rules for how many, as other drift libraries take them: [e0, e1), [e1, e2), ..., [e(k-1), ek], unlike the open-ended ones of `bins`. */
import { firstAbove } from './bins';
import type { Sample } from './sample';

/**
 * Edges by Sturges' rule over both samples together: range / (1 + log2 n) wide. Whole numbers have bins of at least 1, as numpy has them.
 * Source: Sturges (1926); numpy.histogram_bin_edges(bins="sturges"). Edge cases: none for no values.
 */
export function sturgesEdges(reference: Sample, current: Sample): number[] {
  const [a, b] = [reference.sorted, current.sorted];
  if (a.length + b.length === 0) return [];
  const low = Math.min(a[0] ?? Infinity, b[0] ?? Infinity);
  const high = Math.max(a.at(-1) ?? -Infinity, b.at(-1) ?? -Infinity);
  const width = (high - low) / (1 + Math.log2(a.length + b.length));
  return edgesBetween(low, high, width < 1 && width > 0 && isWhole(reference) && isWhole(current) ? 1 : width);
}

/**
 * Edges by Doane's rule over one sample: Sturges' with more bins the more skewed it is.
 * Source: Doane (1976); numpy.histogram_bin_edges(bins="doane"). Edge cases: none for no values; one bin for a constant, or fewer than three values.
 */
export function doaneEdges({ sorted, mean, squares }: Sample): number[] {
  const n = sorted.length;
  if (n === 0) return [];
  const [low, high] = [sorted[0] ?? NaN, sorted[n - 1] ?? NaN];
  const deviation = Math.sqrt(squares / n);
  if (n < 3 || !(deviation > 0)) return edgesBetween(low, high, 0);
  const scale = 1 / deviation;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const distance = ((sorted[i] as number) - mean) * scale;
    cubes += distance * distance * distance;
  }
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return edgesBetween(low, high, (high - low) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / error)));
}

/** `parts` bins over the sample's range; one of width 1 around a constant is divided. None for no values. */
export function equalEdges({ sorted }: Sample, parts: number): number[] {
  return sorted.length === 0 ? [] : divided(sorted[0] ?? NaN, sorted.at(-1) ?? NaN, parts);
}

const edgesBetween = (low: number, high: number, width: number): number[] => divided(low, high, width > 0 ? Math.ceil((high - low) / width) : 1);

function divided(from: number, to: number, parts: number): number[] {
  const [low, high] = from === to ? [from - 0.5, to + 0.5] : [from, to];
  const step = (high - low) / parts;
  return Array.from({ length: parts + 1 }, (_, k) => (k === parts ? high : low + k * step));
}

/** Whether numpy would hold it as integers: all are, and none is missing. Looks at each value once, however often it comes; to be asked of few whole numbers. */
function isWhole({ sorted, missing, infinite }: Sample): boolean {
  if (missing + infinite > 0) return false;
  let at = 0;
  while (at < sorted.length && Number.isInteger(sorted[at])) at = firstAbove(sorted, sorted[at] as number);
  return at === sorted.length;
}

/** How many values are below each of the ascending edges; of the last one, how many are not above it. */
export function ranks({ sorted }: Sample, edges: readonly number[]): Float64Array {
  const found = new Float64Array(edges.length);
  let at = 0;
  for (let k = 0; k < edges.length - 1; k++) found[k] = at = firstFrom(sorted, edges[k] as number, at);
  if (edges.length > 0) found[edges.length - 1] = firstAbove(sorted, edges[edges.length - 1] as number);
  return found;
}

/** Place of the first value >= x from `start` on: in steps that double, then by halves, as edges lie close together. */
function firstFrom(sorted: Float64Array, x: number, start: number): number {
  let low = start;
  let step = 1;
  while (low + step <= sorted.length && (sorted[low + step - 1] as number) < x) {
    low += step;
    step *= 2;
  }
  let high = Math.min(sorted.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many values each bin has; one fewer than edges. What lies outside is in none. */
export function histogram(sample: Sample, edges: readonly number[]): Float64Array {
  const below = ranks(sample, edges);
  return Float64Array.from({ length: Math.max(0, edges.length - 1) }, (_, k) => (below[k + 1] as number) - (below[k] as number));
}
