/** Performance of a regression from its inputs (direct loss estimation, NannyML): a model of how far off each prediction will be, learnt on a reference with labels. */
import type { Figures } from '../../../protocol/evaluation/result';
import type { Values } from '../../evaluation/data/types';
import { RunyardError } from '../../base/errors';
import { fitTrees, type Trees } from '../learn/trees';
import { codedBy, codingOf, type Coding } from './features';
import { valuesAt } from './groups';
import { gather, placesWhere } from './places';

/** What the expected loss of a row is a model of; `rmse` is the root of the mean of `mse`. */
const LOSSES = {
  mae: (truth: number, said: number) => Math.abs(truth - said),
  mse: (truth: number, said: number) => (truth - said) ** 2,
  // Without rows whose label is 0, as the realised figure.
  mape_nonzero: (truth: number, said: number) => (truth === 0 ? NaN : Math.abs((truth - said) / truth)),
} as const;
export type LossName = keyof typeof LOSSES;
/** By the figure's place among an evaluation's. */
const LOSS_OF: Readonly<Record<string, LossName>> = { mae: 'mae', mse: 'mse', rmse: 'mse', mape_nonzero: 'mape_nonzero' };

/** Columns that the model was asked, by name, and what it said. */
export interface Inputs { columns: ReadonlyMap<string, Values>; numbers: Float64Array }
/** `fit`: share of the spread of losses that the model tells on rows that it didn't see; 0: it only knows their mean. */
export interface Dle { codings: ReadonlyMap<string, Coding>; models: ReadonlyMap<LossName, Trees>; fit: Record<string, number | null> }

export const lossesFor = (paths: readonly string[]): LossName[] => [...new Set(paths.flatMap((path) => LOSS_OF[path] ?? []))];

/** One row in five, spread evenly, tells how well it does; then all are fitted on. */
const HELD_OUT = 5;
/** More rows than this, spread evenly, teach nothing that would move a mean over a window. */
const MOST_ROWS = 60_000;
/** With fewer rows a tree has no leaf to split. */
const LEAST_ROWS = 100;

/**
 * Trees of each loss over the inputs and the prediction, as LightGBM's usual ones that NannyML takes: `rows` are places with a label and a prediction. Texts are ordered by their mean
 * absolute error. With fewer than 100 rows the loss is its mean. Throws cancelled.
 */
export async function fitDle({ inputs, truth, rows: all }: { inputs: Inputs; truth: Float64Array; rows: Int32Array }, losses: readonly LossName[], { seed, signal }: { seed: number; signal: AbortSignal }): Promise<Dle> {
  const rows = all.length <= MOST_ROWS ? all : Int32Array.from({ length: MOST_ROWS }, (_, at) => all[Math.floor((at * all.length) / MOST_ROWS)] ?? 0);
  const said = gather(inputs.numbers, rows);
  const known = gather(truth, rows);
  const absolute = known.map((value, at) => Math.abs(value - (said[at] ?? NaN)));
  const codings = new Map<string, Coding>();
  const features: Float64Array[] = [said];
  for (const [name, column] of inputs.columns) {
    const own = valuesAt(column, rows);
    const coding = codingOf(own, absolute);
    codings.set(name, coding);
    features.push(codedBy(coding, own));
  }
  const models = new Map<LossName, Trees>();
  const fit: Record<string, number | null> = {};
  for (const name of losses) {
    const target = known.map((value, at) => LOSSES[name](value, said[at] ?? NaN));
    const places = placesWhere(target.length, (at) => Number.isFinite(target[at]));
    const fitted = (kept: Int32Array): Promise<Trees> => fitTrees({ features: features.map((column) => gather(column, kept)), target: gather(target, kept), loss: 'squared', seed, signal, ...(kept.length < LEAST_ROWS && { rounds: 0 }) });
    const [seen, fresh] = [places.filter((_, at) => at % HELD_OUT !== 0), places.filter((_, at) => at % HELD_OUT === 0)];
    // The first only: the others tell the same.
    if (Object.keys(fit).length === 0) fit[`explained_${name.replace('_nonzero', '')}`] = explained(gather(target, fresh), (await fitted(seen)).predict(features.map((column) => gather(column, fresh))));
    models.set(name, await fitted(places));
  }
  return { codings, models, fit };
}

/** 1 - Σ (loss - told)² / Σ (loss - mean)²; null where the losses don't differ. Below 0: worse than their mean. */
function explained(losses: Float64Array, told: Float64Array): number | null {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  let [off, all] = [0, 0];
  losses.forEach((loss, row) => {
    off += (loss - (told[row] ?? 0)) ** 2;
    all += (loss - mean) ** 2;
  });
  return all > 0 ? 1 - off / all : null;
}

/** The expected loss of every row, by the loss's name; NaN without a prediction. Columns that aren't there count as missing. */
export function expectedLosses({ codings, models }: Dle, { columns, numbers }: Inputs): Map<LossName, Float64Array> {
  const features = [numbers, ...[...codings].map(([name, coding]) => {
    const column = columns.get(name);
    return column ? codedBy(coding, column) : new Float64Array(numbers.length).fill(NaN);
  })];
  return new Map([...models].map(([name, trees]) => {
    const found = trees.predict(features);
    if (found.length !== numbers.length) throw new RunyardError('bad_input', 'columns differ in length', '');
    return [name, found.map((loss, row) => (Number.isNaN(numbers[row]) ? NaN : loss))];
  }));
}

/** Means over rows, never below 0; null without rows. */
export function lossFigures(losses: ReadonlyMap<LossName, Float64Array>, places: Int32Array): Figures {
  const found: Figures = { n: places.length };
  for (const [name, values] of losses) {
    let sum = 0;
    for (let at = 0; at < places.length; at++) sum += values[places[at] ?? 0] ?? NaN;
    const mean = places.length > 0 ? Math.max(0, sum / places.length) : null;
    found[name] = mean;
    if (name === 'mse') found['rmse'] = mean === null ? null : Math.sqrt(mean);
  }
  return found;
}
