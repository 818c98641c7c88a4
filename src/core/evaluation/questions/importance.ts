/** Permutation importance: how much worse a model does where one column says nothing (Breiman 2001; Fisher, Rudin & Dominici 2019). */
import { RunyardError } from '../../base/errors';
import { figureAt, type Figures, type Importance } from '../../../protocol/evaluation/result';
import type { Values } from '../data/types';
import { shuffled } from '../intervals/random';
import type { JobTable } from '../process/jobs';
import { figuresOf } from '../run/figures';
import { partOf } from '../run/part';
import { prepare } from '../run/prepared';
import { usableRows, type Scored, type ScoredModel } from '../run/scored';
import { takenValues } from './discover-columns';
import { openKept } from './kept';
import { columnsAt, openModelOf, subset } from './rescore';
import { select } from './selection';

const LESS_IS_BETTER = /^(mae|mse|rmse|median_ae|max_error|s?mape|log_loss|brier|[em]ce_|quantile_loss|cost)/;
/** A stream of random numbers that no column and repeat has. */
const SAMPLE_STREAM = 0x7fff_ffff;

/**
 * One raw column at a time is shuffled among the rows and the model asked again; the drop of each figure (its rise, where less is better) is given as mean and standard deviation (ddof 0) over the
 * repeats, as scikit-learn's `permutation_importance`. Seeded by column and repeat, so that columns may be asked for one by one. Beyond `mostRows` a random sample of the rows stands for
 * them: `rows` says how many were used. Rows that the model fails on after shuffling are left out of that repeat. A column that the model doesn't read has drop 0.
 */
export const importance: JobTable['importance'] = async (params, { signal, progress }) => {
  await using kept = await openKept(params, signal);
  const { doc, scored } = kept;
  const { repeats, seed, mostRows } = params;
  const metrics = params.metrics.length > 0 ? params.metrics : [doc.main.metric];
  const { usable } = await select(kept, params.selection, { signal });
  const rows = sampled(usable, mostRows, seed);
  if (rows.length === 0) throw new RunyardError('bad_input', 'no row here has a label and a prediction', 'choose other rows');
  await using asking = await openModelOf(params, kept, { baseline: false, signal });
  const { data, predictor } = asking;
  const columns = params.columns ?? predictor.columns;
  const strange = columns.find((name) => !data.columns.some((column) => column.name === name));
  if (strange !== undefined) throw new RunyardError('not_found', `the data have no column ${strange}`, `the model reads ${predictor.columns.join(', ')}`);
  const values = await columnsAt(data, { columns: predictor.columns, rows, signal });
  const own = subset(scored, rows);
  const figures = figureReader(own, metrics, doc.request);
  const read = columns.filter((name) => values[name]);
  const total = rows.length * (1 + read.length * repeats);
  let done = 0;
  const score = async (changed: Readonly<Record<string, Values>>): Promise<(number | null)[]> => {
    const found = figures(await asking.score(changed, rows));
    progress('asking the model', done += rows.length, total);
    return found;
  };
  progress('asking the model', 0, total);
  const baseline = await score(values);
  const unknown = metrics.find((_, at) => baseline[at] === null);
  if (unknown !== undefined) throw new RunyardError('bad_input', figureAt(doc.overall.figures, unknown) === null ? `there is no figure ${unknown} of this evaluation` : `${unknown} is not defined for these rows`, `choose another figure, such as ${Object.keys(doc.overall.intervals).slice(0, 12).join(', ')}, or more rows`);
  const found: Importance['figures'] = Object.fromEntries(metrics.map((metric) => [metric, {}]));
  for (const name of columns) {
    const place = data.columns.findIndex((column) => column.name === name);
    const drops = metrics.map((): number[] => []);
    for (let repeat = 0; repeat < repeats && values[name]; repeat++) {
      const after = await score({ ...values, [name]: takenValues(values[name], shuffled(rows.length, seed, place * 1000 + repeat)) });
      metrics.forEach((metric, at) => {
        const [from, to] = [baseline[at] ?? NaN, after[at] ?? NaN];
        if (!Number.isNaN(to)) drops[at]?.push(LESS_IS_BETTER.test(metric) ? to - from : from - to);
      });
    }
    metrics.forEach((metric, at) => { (found[metric] ??= {})[name] = spread(drops[at] ?? []); });
  }
  const [first = ''] = metrics;
  return { metric: first, baseline: baseline[0] ?? null, repeats, seed, rows: rows.length, columns: columns.map((column) => ({ column, ...(found[first]?.[column] ?? { mean: 0, std: 0 }) })), figures: found, baselines: Object.fromEntries(metrics.map((metric, at) => [metric, baseline[at] ?? null])) };
};

/** Those of a model over these rows; only what is asked for costs time. */
function figureReader(own: Scored, metrics: readonly string[], { bins, cost }: { bins: readonly number[]; cost?: { tp: number; fp: number; fn: number; tn: number } | undefined }): (model: ScoredModel) => (number | null)[] {
  const calibration = metrics.some((metric) => /^[em]ce_/.test(metric));
  const labels = metrics.every((metric) => metric === 'accuracy');
  return (model) => {
    const usable = usableRows({ ...own, model }, false);
    if (labels && own.truth && model.predicted) return metrics.map(() => accuracy(own.truth, model.predicted, usable));
    const figures: Figures = figuresOf(partOf(prepare(own, model, usable), null, null), { bins: calibration ? bins : [], cost, curves: false });
    return metrics.map((metric) => figureAt(figures, metric));
  };
}

function accuracy(truth: Int32Array | null, predicted: Int32Array | null, rows: Int32Array): number | null {
  let right = 0;
  for (const row of rows) right += truth?.[row] === predicted?.[row] ? 1 : 0;
  return rows.length > 0 ? right / rows.length : null;
}

function sampled(rows: Int32Array, most: number, seed: number): Int32Array {
  if (rows.length <= most) return rows;
  return shuffled(rows.length, seed, SAMPLE_STREAM).slice(0, most).sort().map((at) => rows[at] ?? 0);
}

/** A figure that no repeat has (one class left, no rows) moved by nothing that can be told. */
function spread(drops: readonly number[]): { mean: number; std: number } {
  if (drops.length === 0) return { mean: 0, std: 0 };
  const mean = drops.reduce((sum, drop) => sum + drop, 0) / drops.length;
  return { mean, std: Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / drops.length) };
}
