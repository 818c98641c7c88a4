/** Numbers into bins. */
import { RunyardError } from '../../base/errors';
import { codesFor, type CodeMeaning, type CodedColumn } from './column';

/**
 * Bins a numeric column by given edges: the code of x is the number of edges below it (`edge < x`), so bins are closed on the right:
 * (-∞, e₁], (e₁, e₂], ..., (eₖ, ∞). NaN is missing and has a code of its own, the last; infinities fall into the outer bins.
 * Labels: `b0`, `b1`, ..., `missing`. No edges make one bin. Edges that don't rise strictly, or aren't finite, are refused.
 */
export function binByEdges(name: string, values: Float64Array, edges: readonly number[]): CodedColumn {
  const bad = edges.findIndex((edge, i) => !Number.isFinite(edge) || (i > 0 && !(edge > (edges[i - 1] ?? NaN))));
  if (bad >= 0) throw new RunyardError('bad_input', `column ${name}: edge ${bad + 1} (${edges[bad] ?? ''}) is not above the one before it`, 'give finite edges that rise');
  const bounds = Float64Array.from(edges);
  const codes = codesFor(values.length, edges.length + 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    codes[i] = Number.isNaN(value) ? edges.length + 1 : below(bounds, value);
  }
  const meanings: CodeMeaning[] = [...edges, null].map((upTo, i) => ({ kind: 'range', above: edges[i - 1] ?? null, upTo }));
  return { name, codes, labels: [...meanings.map((_, i) => `b${i}`), 'missing'], meanings: [...meanings, { kind: 'missing' }] };
}

/**
 * Edges at the quantiles 1/bins, ..., (bins - 1)/bins of the finite values, linear between two of them (Hyndman & Fan 1996, type 7);
 * ties make fewer, and an edge at the maximum is left out as nothing lies above it. No finite value, or one value only: no edges.
 */
export function quantileEdges(values: Float64Array, bins: number): number[] {
  checkBins(bins);
  const sorted = values.filter(Number.isFinite).sort();
  const last = sorted.length - 1;
  const most = sorted[last] ?? NaN;
  const edges = Array.from({ length: bins - 1 }, (_, i) => {
    // (n - 1) k / bins in this order: with k / bins first, rounding moves a value across an edge.
    const place = (last * (i + 1)) / bins;
    const low = sorted[Math.floor(place)] ?? NaN;
    const high = sorted[Math.ceil(place)] ?? NaN;
    return low + (high - low) * (place - Math.floor(place));
  });
  return rising(edges, most);
}

/** Edges that divide the range of the finite values into parts of one width. One value only, or none: no edges. */
export function widthEdges(values: Float64Array, bins: number): number[] {
  checkBins(bins);
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // Each term on its own: the width of a range as wide as the numbers themselves overflows.
  return rising(Array.from({ length: bins - 1 }, (_, i) => low * (1 - (i + 1) / bins) + high * ((i + 1) / bins)), high);
}

function rising(edges: readonly number[], most: number): number[] {
  return edges.filter((edge, i) => edge < most && (i === 0 || edge > (edges[i - 1] ?? NaN)));
}

function checkBins(bins: number): void {
  if (!Number.isInteger(bins) || bins < 1) throw new RunyardError('bad_input', `${bins} bins can't be made`, 'give a whole number of bins from 1');
}

/** How many of the rising edges lie below the value. */
function below(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
