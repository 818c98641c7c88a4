/** What a monitor would see of a window of the log, with the model that was live in it: the figure, the same without labels, and drift, by the monitors' own measures. */
import type { DriftInput } from '../../../../protocol/drift';
import type { Bounds } from '../../../../protocol/evaluation/result';
import type { Values } from '../../../evaluation/data/types';
import type { ScoredModel } from '../../../evaluation/run/scored';
import type { MeasuredColumn } from '../../drift/figures';
import { judgeColumns } from '../../drift/report';
import { measured } from '../../drift/sources';
import { chancesOf, expectedFigures, fitCbpe, scoresOf } from '../../performance/cbpe';
import { chunksOf, usualBand } from '../../performance/chunks';
import { expectedLosses, fitDle, lossesFor, lossFigures } from '../../performance/dle';
import { figureOf, type Asked, type Metric } from '../../performance/metrics';
import { placesWhere } from '../../performance/places';
import { plainFigures, readyOf, realised } from '../../performance/realised';
import { cut, inputsOf, type History, type Range, type Scorer } from './history';

export type DriftSettings = Required<Pick<DriftInput, 'categorical' | 'limitsOf' | 'alpha'>> & { limits: Parameters<typeof judgeColumns>[1]['limits']; columns: string[] | undefined };
export interface Looking { history: History; asked: Asked; metric: Metric; drift: DriftSettings; seed: number; signal: AbortSignal }
/** `known`: rows of its time, those that it was trained on and those that it wasn't (`fresh`). */
export interface Live { scorer: Scorer; known: Range; fresh: Range }
export interface Estimate { value: number | null; interval: Bounds | null }

/** Rows of a side that drift is measured on: evenly spread ones where there are more. */
const MOST = 5000;

export const dataOf = ({ history: { truth } }: Looking, { from, to }: Range, model: ScoredModel): Parameters<typeof readyOf>[0] =>
  ({ rows: to - from, truth: truth.codes && truth.codes.subarray(from, to), truthNumbers: truth.numbers && truth.numbers.subarray(from, to), model });

/** The figure on labelled rows; null where it is undefined there. */
export function figureFor(looking: Looking, range: Range, model: ScoredModel): number | null {
  if (range.to <= range.from) return null;
  return figureOf(plainFigures(readyOf(dataOf(looking, range, model), looking.asked), null, looking.asked), looking.metric.path) ?? null;
}

export function withInterval(looking: Looking, range: Range, model: ScoredModel): Estimate {
  return realisedOf(looking, dataOf(looking, range, model));
}
export function realisedOf({ asked, metric, seed }: Looking, data: Parameters<typeof readyOf>[0]): Estimate {
  const found = realised(readyOf(data, asked), null, { metrics: [metric], asked, seed }).values[metric.name];
  return { value: found?.value ?? null, interval: found?.interval ?? null };
}

/** An estimator of the figure, calibrated on the model's fresh rows; null where none can be made: too few of them, or no chances. */
export async function estimatorOf(looking: Looking, live: Live): Promise<((range: Range, model: ScoredModel) => Estimate) | null> {
  const { history, asked, metric, seed, signal } = looking;
  const model = await live.scorer.score(live.fresh);
  const error = (rows: number): number | null => {
    const parts = chunksOf(live.fresh.to - live.fresh.from, rows).map(({ from, to }) => {
      const range = { from: live.fresh.from + from, to: live.fresh.from + to };
      return plainFigures(readyOf(dataOf(looking, range, cutModel(model, { from, to }, asked)), asked), null, asked);
    });
    const band = usualBand(parts, { ...metric, limits: [-Infinity, Infinity] });
    return band && (band[1] - band[0]) / 6;
  };
  const around = (value: number | null | undefined, rows: number): Estimate => {
    const spread = error(rows);
    return { value: value ?? null, interval: value == null || spread === null ? null : [value - 1.96 * spread, value + 1.96 * spread] };
  };
  if (asked.task === 'regression') {
    const numbers = model.numbers ?? new Float64Array();
    const truth = (history.truth.numbers ?? new Float64Array()).subarray(live.fresh.from, live.fresh.to);
    const rows = placesWhere(numbers.length, (row) => Number.isFinite(numbers[row]) && Number.isFinite(truth[row]));
    const losses = lossesFor([metric.path.join('.')]);
    if (rows.length === 0 || losses.length === 0) return null;
    const dle = await fitDle({ inputs: { columns: inputsOf(history, live.fresh), numbers }, truth, rows }, losses, { seed, signal });
    return (range, said) => {
      const own = said.numbers ?? new Float64Array(range.to - range.from).fill(NaN);
      const expected = expectedLosses(dle, { columns: inputsOf(history, range), numbers: own });
      return around(figureOf(lossFigures(expected, placesWhere(own.length, (row) => Number.isFinite(own[row]))), metric.path), own.length);
    };
  }
  const setting = { classes: asked.classes, positive: asked.positive };
  const scores = scoresOf(model, setting);
  const truth = (history.truth.codes ?? new Int32Array()).subarray(live.fresh.from, live.fresh.to);
  const usable = placesWhere(truth.length, (row) => (truth[row] ?? -1) >= 0 && (scores ?? []).every((own) => Number.isFinite(own[row])));
  if (!scores || usable.length === 0) return null;
  const cbpe = fitCbpe(Int32Array.from(usable, (row) => truth[row] ?? -1), scores.map((own) => Float64Array.from(usable, (row) => own[row] ?? NaN)), { ...setting, seed, unit: model.probabilities !== null });
  return (range, said) => {
    const own = scoresOf(said, setting);
    if (!own) return { value: null, interval: null };
    const places = placesWhere(range.to - range.from, (row) => own.every((column) => Number.isFinite(column[row])));
    return around(figureOf(expectedFigures({ predicted: said.predicted, scores: own, chances: chancesOf(cbpe, own) }, places, cbpe), metric.path), places.length);
  };
}

function cutModel(model: ScoredModel, { from, to }: Range, { classes }: Asked): ScoredModel {
  const part = <T extends Float64Array | Int32Array>(values: T | null, width = 1): T | null => values && (values.subarray(from * width, to * width) as T);
  return { predicted: part(model.predicted), numbers: part(model.numbers), probabilities: part(model.probabilities, classes.length), scores: part(model.scores), unscored: new Map() };
}

/** Columns that drifted from the rows of the model's time, and what it says where that drifted from what it said of its fresh rows. */
export async function driftedIn(looking: Looking, live: Live, { range, model, before }: { range: Range; model: ScoredModel; /** what it said of its fresh rows */ before: ScoredModel }): Promise<string[]> {
  const { history, drift, seed, signal, asked } = looking;
  const columns: MeasuredColumn[] = [];
  const add = async (name: string, role: MeasuredColumn['role'], [was, is]: [Values, Values]): Promise<void> => {
    const kind = drift.categorical.includes(name) || was.type === 'string' || was.type === 'bool' ? 'categorical' : was.type === 'float' || was.type === 'int' ? 'numeric' : null;
    const found = kind && await measured({ values: thin(was) }, { values: thin(is) }, kind, signal);
    if (found) columns.push({ name, role, measured: found });
  };
  for (const [name, column] of history.inputs) if (drift.columns?.includes(name) ?? true) await add(name, 'input', [cut(column, live.known), cut(column, range)]);
  for (const [name, was, is] of answers(before, model, asked)) await add(name, 'prediction', [was, is]);
  return judgeColumns(columns, { ...drift, seed }).drifted;
}

/** Numbers that a model says: its number, or the chance of each class but one. */
function answers(before: ScoredModel, after: ScoredModel, { classes, positive }: Asked): [string, Values, Values][] {
  const float = (values: Float64Array): Values => ({ type: 'float', values, missing: null });
  if (before.numbers && after.numbers) return [['prediction', float(before.numbers), float(after.numbers)]];
  const [was, is] = [scoresOf(before, { classes, positive }), scoresOf(after, { classes, positive })];
  return (was ?? []).flatMap((own, at) => (is?.[at] ? [[`probability:${classes[positive ?? at] ?? at}`, float(own), float(is[at])] as [string, Values, Values]] : []));
}

function thin(column: Values): Values {
  const rows = column.values.length;
  if (rows <= MOST) return column;
  const place = (at: number): number => Math.floor((at * rows) / MOST);
  const missing = column.missing && Uint8Array.from({ length: MOST }, (_, at) => column.missing?.[place(at)] ?? 0);
  if (column.type === 'float' || column.type === 'int') return { type: 'float', values: Float64Array.from({ length: MOST }, (_, at) => column.values[place(at)] ?? NaN), missing };
  if (column.type === 'bool') return { type: 'bool', values: Uint8Array.from({ length: MOST }, (_, at) => column.values[place(at)] ?? 0), missing };
  return { type: column.type, values: Array.from({ length: MOST }, (_, at) => column.values[place(at)] ?? ''), missing };
}
