/** What is learnt from the reference: how to estimate, how sure that is, what is usual. */
import type { Bounds } from '../../evaluation/intervals/interval';
import { twoSidedPoint } from '../../evaluation/intervals/normal';
import type { Figures } from '../../../protocol/evaluation/result';
import { maskOf } from '../../evaluation/run/prepared';
import { chunksOf, usualBand } from './chunks';
import { chancesOf, expectedFigures, fitCbpe, scoresOf, type Cbpe } from './cbpe';
import { expectedLosses, fitDle, lossesFor, lossFigures, type Inputs } from './dle';
import { errorOf, moreFigures, type Metric } from './metrics';
import { placesWhere } from './places';
import { plainFigures, readyOf, realised, type Realised, type Ready } from './realised';
import type { Frame, Side } from './side';

/** With fewer labelled rows nothing is learnt from a reference, and with fewer rows nothing is estimated of a window. */
export const LEAST_ROWS = 30;

/** Figures to be expected of some rows (places), by the places of realised ones. */
export type Estimate = (places: Int32Array) => Figures;
export interface Estimator { method: 'cbpe' | 'dle'; fit: Record<string, number | null>; notes: string[]; /** rows of a window made ready; `inputs` where numbers are estimated */ of(side: Side, inputs: Inputs | null): Estimate | null }
/** `scopes`: of all rows under '', and of each slice that it has. `slices`: the rows of each, among the ready ones. */
export interface Reference { frame: Frame; ready: Ready; scopes: ReadonlyMap<string, Realised>; metrics: readonly Metric[]; slices: ReadonlyMap<string, Uint8Array> }

export function referenceOf(side: Side, metrics: readonly Metric[], { slices, seed }: { slices: ReadonlyMap<string, Uint8Array>; seed: number }): Reference {
  const { frame } = side;
  const ready = readyOf(side, frame);
  const scopes = new Map([['', realised(ready, null, { metrics, asked: frame, seed })]]);
  const masks = new Map([...slices].map(([name, members]) => [name, maskOf(ready.prepared, members)]));
  for (const [name, mask] of masks) scopes.set(name, realised(ready, mask, { metrics, asked: frame, seed }));
  return { frame, ready, scopes, metrics, slices: masks };
}

/** Null where the model's word isn't enough, with why. */
export function cbpeOf({ frame, ready }: Reference, seed: number): Estimator | { why: string } {
  const { prepared } = ready;
  const scores = scoresOf({ probabilities: prepared.probabilities, scores: prepared.scores }, frame);
  if (!scores) return { why: 'the model gives no probabilities: performance can\'t be estimated without labels' };
  const cbpe = fitCbpe(prepared.truth, scores, { seed, unit: frame.unit, classes: frame.classes, positive: frame.positive });
  return { method: 'cbpe', fit: fitOf(cbpe), notes: notesOf(cbpe, prepared.truth), of: (side) => expecting(cbpe, side) };
}

function expecting(cbpe: Cbpe, { model, frame, why }: Side): Estimate | null {
  const scores = why === '' ? scoresOf(model, frame) : null;
  if (!scores) return null;
  const chances = chancesOf(cbpe, scores);
  return (places) => {
    const figures = expectedFigures({ predicted: model.predicted, scores, chances }, places, cbpe);
    return { ...figures, ...moreFigures(figures, frame).figures };
  };
}

function fitOf({ calibrators, classes, positive }: Cbpe): Record<string, number | null> {
  const mean = (values: (number | null)[]): number | null => (values.includes(null) || values.length === 0 ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length);
  const each = positive === null ? calibrators.flatMap(({ before, after }, c) => [[`ece_before.${classes[c] ?? ''}`, before], [`ece_after.${classes[c] ?? ''}`, after]] as [string, number | null][]) : [];
  return { ece_before: mean(calibrators.map(({ before }) => before)), ece_after: mean(calibrators.map(({ after }) => after)), calibrated: calibrators.filter(({ map }) => map !== null).length / calibrators.length, ...Object.fromEntries(each) };
}

function notesOf({ calibrators, unit }: Cbpe, truth: Int32Array): string[] {
  const made = calibrators.filter(({ map }) => map !== null).length;
  return [
    'Estimates are of the model\'s own chances (CBPE). They see that other inputs come, not that the same inputs now have other answers: only labels show that (concept drift).',
    ...(truth.every((code) => code === truth[0]) ? ['All labels of the reference are of one class: chances are taken as the model gives them.'] : []),
    !unit ? 'The scores are no probabilities: they were calibrated on the reference.' : made === 0 ? 'Chances are taken as the model gives them: calibrating them didn\'t make them better on rows held out.' : `Chances were calibrated on the reference${made < calibrators.length ? ` for ${made} of ${calibrators.length} classes` : ''}.`,
  ];
}

export async function dleOf({ metrics }: Reference, { side, inputs }: { side: Side; inputs: Inputs }, options: { seed: number; signal: AbortSignal }): Promise<Estimator | { why: string }> {
  const losses = lossesFor(metrics.map(({ path }) => path[0] ?? ''));
  if (losses.length === 0) return { why: 'of numbers only mae, mse, rmse and mape are estimated without labels' };
  const dle = await fitDle({ inputs, truth: side.truthNumbers ?? new Float64Array(), rows: readyOf(side, side.frame).rows }, losses, options);
  return {
    method: 'dle', fit: dle.fit,
    notes: ['Estimates are of a model of the loss, learnt on the reference (DLE). They see that inputs come on which it was further off, not that the same inputs now have other answers: only labels show that (concept drift).'],
    of: ({ why }, own) => {
      if (why !== '' || !own) return null;
      const expected = expectedLosses(dle, own);
      return (places) => lossFigures(expected, places);
    },
  };
}

/**
 * The error of an estimate of n rows, from the reference's own interval: it falls with the root of the rows, and what was learnt of the reference is no surer than that is
 * (se² = se_reference² · (1 + n_reference / n)). Null where the reference has no interval of it.
 */
export function estimateInterval(value: number, { n, scope, metric }: { n: number; scope: Realised; metric: Metric }): Bounds | null {
  const bounds = scope.values[metric.name]?.interval;
  if (!bounds || scope.n === 0) return null;
  const half = twoSidedPoint(0.95) * errorOf(bounds) * Math.sqrt(1 + scope.n / n);
  return [Math.max(metric.limits[0], value - half), Math.min(metric.limits[1], value + half)];
}

/** By metric, of parts of the reference (or of a slice of it) of a window's size. Null where it has too few rows for parts; none of a slice that it hasn't. */
export function usualBands({ ready, frame, metrics, slices }: Reference, windowRows: number, slice?: string): Map<string, Bounds | null> {
  const mask = slice === undefined ? null : slices.get(slice);
  if (mask === undefined) return new Map();
  const places = placesWhere(ready.rows.length, (row) => mask === null || mask[row] === 1);
  const parts = chunksOf(places.length, windowRows).map(({ from, to }) => {
    const part = new Uint8Array(ready.rows.length);
    for (const place of places.subarray(from, to)) part[place] = 1;
    return plainFigures(ready, part, frame);
  });
  return new Map(metrics.map((metric) => [metric.name, usualBand(parts, metric)]));
}
