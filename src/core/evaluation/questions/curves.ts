/** What is drawn of some rows of an evaluation: curves, few points each, and histograms whose edges are those of all rows, so that two can be laid beside each other. */
import type { Details, Histogram } from '../../../protocol/evaluation/result';
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import { precisionRecallPoints } from '../metrics/average-precision';
import { binned, calibrationCurve, positiveConfidence, topConfidence } from '../metrics/calibration';
import type { Cumulated } from '../metrics/ranking';
import { rocPoints } from '../metrics/roc';
import { thresholdSweep } from '../metrics/thresholds';
import type { Part } from '../run/part';
import { thinned } from './thin';

const BINS = 30;
const CALIBRATION_BINS = 15;

export type Curves = Pick<Details, 'roc' | 'pr' | 'calibration' | 'sweep'>;

/** Null where the task or the rows have no such curve. */
export function curvesOf(part: Part, cost: EvaluationRequest['cost']): Curves {
  const { curve, truth, probabilities, scores, of } = part;
  const roc = curve && rocPoints(curve);
  const pr = curve && precisionRecallPoints(curve);
  const k = of.classes.length;
  const sure = probabilities && binned(of.positive !== null && scores ? positiveConfidence({ truth, scores, positive: of.positive }) : topConfidence({ truth, probabilities, k }), CALIBRATION_BINS);
  const bins = sure && calibrationCurve(sure);
  return {
    roc: roc && picked({ fpr: roc.fpr, tpr: roc.tpr }, thinned(roc.fpr, roc.tpr)),
    // From the highest threshold on: recall rises.
    pr: pr && reversed(picked({ recall: pr.recall, precision: pr.precision }, thinned(pr.recall, pr.precision))),
    calibration: bins && { mean_predicted: bins.map((bin) => bin.mean_predicted), fraction: bins.map((bin) => bin.fraction), count: bins.map((bin) => bin.count) },
    sweep: curve && curve.thresholds.length > 0 ? sweepOf(curve, { cost, probability: probabilities !== null }) : null,
  };
}

function picked<T extends Record<string, Float64Array>>(columns: T, places: Uint32Array): { [name in keyof T]: number[] } {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(places, (at) => values[at] ?? 0)])) as { [name in keyof T]: number[] };
}

const reversed = <T extends Record<string, number[]>>(columns: T): T => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values].reverse()])) as T;

/** Thresholds 0, 0.01 ... 1 of a probability; of another score its quantiles. Ascending; rates that are 0 / 0 are null. */
function sweepOf(curve: Cumulated, { cost, probability }: { cost: EvaluationRequest['cost']; probability: boolean }): NonNullable<Details['sweep']> {
  const { thresholds } = curve;
  const at = Array.from({ length: 101 }, (_, i) => (probability ? i / 100 : (thresholds[Math.round(((thresholds.length - 1) * i) / 100)] ?? 0)));
  const found = thresholdSweep(curve, { at, ...(cost && { cost }) });
  const column = (values: Float64Array): (number | null)[] => Array.from(values.subarray(1), (value) => (Number.isFinite(value) ? value : null)).reverse();
  return { threshold: Array.from(found.threshold.subarray(1)).reverse(), precision: column(found.precision), recall: column(found.recall), f1: column(found.f1), cost: column(found.cost) };
}

/** Values at `rows` in 30 bins [e, f), the last one closed, over the range of all (0 to 1 where `unit`); `marked` counts those that are marked. NaN is in none; null where nothing is left to count. */
export function histogramOf(all: Float64Array, rows: Int32Array, { unit = false, marked }: { unit?: boolean; marked?: ((row: number) => boolean) | undefined } = {}): Histogram | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of all) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  if (unit && low >= 0 && high <= 1) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const edges = Array.from({ length: BINS + 1 }, (_, i) => (i === BINS ? high : low + (i * (high - low)) / BINS));
  const counts = new Array<number>(BINS).fill(0);
  const chosen = new Array<number>(BINS).fill(0);
  for (const row of rows) {
    const value = all[row] ?? NaN;
    if (!Number.isFinite(value)) continue;
    let bin = Math.max(0, Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS)));
    while (bin > 0 && value < (edges[bin] ?? 0)) bin--;
    while (bin < BINS - 1 && value >= (edges[bin + 1] ?? 0)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
    if (marked?.(row)) chosen[bin] = (chosen[bin] ?? 0) + 1;
  }
  return { edges, counts, ...(marked && { marked: chosen }) };
}
