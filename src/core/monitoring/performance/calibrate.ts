/** Whether scores say how often they are right, and scores made so that they do: by isotonic regression, where that helps on rows that it didn't see. */
import { random, type Random } from '../../evaluation/intervals/random';
import { ascending } from '../../evaluation/metrics/order';
import { fitIsotonic, isotonicAt, type Isotonic } from './isotonic';
import { gather, placesWhere } from './places';

/** `map` null: the scores are taken as they are. Errors of calibration on rows held out, before and after; null where it wasn't looked at. */
export interface Calibrator { map: Isotonic | null; before: number | null; after: number | null }

const SPLITS = 10;
const BINS = 10;
const HELD_OUT = 0.1;
/** Above it classes are told apart, and nothing is to be gained (NannyML's limit). */
const PERFECT = 0.999;
/** Rows on which it is decided; all are fitted on. */
const MOST = 200_000;

/**
 * NannyML's rule (`needs_calibration`, 0.13): ten random splits, stratified, a tenth held out each time; the isotonic map is used where the expected calibration error of
 * the held out rows, all splits together, in ten bins of equally many rows, falls. Edge cases: one class only, or an AUC above 0.999: no map, unless `forced` (scores
 * that are no probabilities); no rows: no map. `hits`: 1 where the row is of the class. No NaN among them.
 */
export function calibrator(scores: Float64Array, hits: Uint8Array, { seed, forced = false }: { seed: number; forced?: boolean }): Calibrator {
  const order = ascending(scores);
  const sorted = gather(scores, order);
  const truth = gather(hits, order);
  const few = thinned(sorted, truth);
  const positives = few.truth.reduce((sum, hit) => sum + hit, 0);
  if (forced) return { map: fitIsotonic(sorted, truth), before: null, after: null };
  if (positives === 0 || positives === few.truth.length || auc(few.sorted, few.truth) > PERFECT) return { map: null, before: null, after: null };
  const { before, after } = errors(few, seed);
  return { map: before > after ? fitIsotonic(sorted, truth) : null, before, after };
}

function thinned(sorted: Float64Array, truth: Float64Array): { sorted: Float64Array; truth: Float64Array } {
  if (sorted.length <= MOST) return { sorted, truth };
  const step = sorted.length / MOST;
  const take = (values: Float64Array): Float64Array => Float64Array.from({ length: MOST }, (_, at) => values[Math.floor(at * step)] ?? NaN);
  return { sorted: take(sorted), truth: take(truth) };
}

/** Of ascending scores: the share of pairs in order, ties half. */
function auc(sorted: Float64Array, truth: Float64Array): number {
  let [area, positives, negatives] = [0, 0, 0];
  for (let row = 0; row < sorted.length;) {
    let [p, n] = [0, 0];
    for (const score = sorted[row]; row < sorted.length && sorted[row] === score; row++) truth[row] ? p++ : n++;
    area += p * (negatives + n / 2);
    positives += p;
    negatives += n;
  }
  return area / positives / negatives;
}

function errors({ sorted, truth }: { sorted: Float64Array; truth: Float64Array }, seed: number): { before: number; after: number } {
  const [raw, made, hits]: [number[], number[], number[]] = [[], [], []];
  const classes = [0, 1].map((of) => placesWhere(truth.length, (row) => truth[row] === of));
  for (let split = 0; split < SPLITS; split++) {
    const next = random(seed, 0xca11b + split);
    const used = new Uint8Array(sorted.length).fill(1);
    for (const rows of classes) holdOut(rows, used, next);
    const map = fitIsotonic(sorted, truth, used);
    if (!map) continue;
    const held = placesWhere(used.length, (row) => !used[row]);
    const scores = gather(sorted, held);
    isotonicAt(map, scores).forEach((chance, at) => {
      raw.push(scores[at] ?? 0);
      made.push(chance);
      hits.push(truth[held[at] ?? 0] ?? 0);
    });
  }
  const truths = Float64Array.from(hits);
  return { before: calibrationError(Float64Array.from(raw), truths), after: calibrationError(Float64Array.from(made), truths) };
}

/** A tenth of the rows, each as likely as another (Knuth, TAOCP 3.4.2, algorithm S). */
function holdOut(rows: Int32Array, used: Uint8Array, next: Random): void {
  let wanted = Math.round(HELD_OUT * rows.length);
  for (let at = 0; at < rows.length && wanted > 0; at++) {
    if ((next() / 2 ** 32) * (rows.length - at) >= wanted) continue;
    used[rows[at] ?? 0] = 0;
    wanted--;
  }
}

/** Σ |mean chance - share of hits| over bins of equally many rows by chance, by their rows. The last bin takes what is left over. NaN without rows. */
export function calibrationError(chances: Float64Array, hits: Float64Array): number {
  const rows = chances.length;
  const width = Math.max(1, Math.floor(rows / BINS));
  const order = ascending(chances);
  let [error, bin] = [0, 0];
  for (let from = 0; from < rows; bin++) {
    const to = bin === BINS - 1 ? rows : Math.min(rows, from + width);
    let gap = 0;
    for (let at = from; at < to; at++) gap += (chances[order[at] ?? 0] ?? 0) - (hits[order[at] ?? 0] ?? 0);
    error += Math.abs(gap);
    from = to;
  }
  return error / rows;
}
