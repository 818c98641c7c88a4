/** Figures of rows whose labels are there, with 95 % intervals: an evaluation's own, by the metrics asked for. */
import type { Figures } from '../../../protocol/evaluation/result';
import type { Bounds } from '../../evaluation/intervals/interval';
import { cellsOf, type Cells } from '../../evaluation/run/cells';
import { closedIntervals } from '../../evaluation/run/closed';
import { drawn } from '../../evaluation/run/draws';
import { figuresOf } from '../../evaluation/run/figures';
import { planIntervals, pathOf } from '../../evaluation/run/intervals';
import { partOf, type Part } from '../../evaluation/run/part';
import { prepare, type Prepared } from '../../evaluation/run/prepared';
import type { ScoredModel } from '../../evaluation/run/scored';
import { figureOf, moreFigures, type Asked, type Metric } from './metrics';

/** Rows with their labels; `truth` a place among the classes or -1, `truthNumbers` of a regression, NaN where there is none. */
export interface Labelled { rows: number; truth: Int32Array | null; truthNumbers: Float64Array | null; model: ScoredModel }
/** Rows with label and prediction, put side by side. `rows`: their places among all. */
export interface Ready { prepared: Prepared; cells: Cells | null; rows: Int32Array }
export interface Realised { n: number; values: Record<string, { value: number | null; interval: Bounds | null; why: string }> }

const REPLICATES = 200;
/** Of few rows all are drawn, of many some bags. */
const DRAWING = { mostRows: 4000, subsets: 4, subsetRows: 2000, replicates: REPLICATES, bins: [] };
const SETTING = { bins: [], curves: false };

export function readyOf({ rows, truth, truthNumbers, model }: Labelled, { task, classes, positive }: Asked): Ready {
  const known = new Int32Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    const labelled = truth ? (truth[row] ?? -1) >= 0 : Number.isFinite(truthNumbers?.[row]);
    if (labelled && !model.unscored.has(row)) known[n++] = row;
  }
  const places = known.slice(0, n);
  const prepared = prepare({ rows, task, classes, positive, ids: [], truth, truthNumbers, unlabelled: new Map(), model, baseline: null, split: null, slices: [] }, model, places);
  return { prepared, cells: n > 0 ? cellsOf(prepared, []) : null, rows: places };
}

/** Every figure of these rows (a mask over the ready ones; null: all), without intervals. */
export function plainFigures({ prepared, cells }: Ready, mask: Uint8Array | null, asked: Asked): Figures {
  const figures = figuresOf(partOf(prepared, mask, cells), SETTING);
  return { ...figures, ...moreFigures(figures, asked).figures };
}

/** Wilson's, DeLong's and Student's intervals where there is one, else the bootstrap's. `why` a figure isn't there, in words. */
export function realised(ready: Ready, mask: Uint8Array | null, { metrics, asked, seed }: { metrics: readonly Metric[]; asked: Asked; seed: number }): Realised {
  const part = partOf(ready.prepared, mask, ready.cells);
  if (part.n === 0) return { n: 0, values: Object.fromEntries(metrics.map(({ name }) => [name, { value: null, interval: null, why: 'no row has a label yet' }])) };
  const own = figuresOf(part, SETTING);
  const more = moreFigures(own, asked);
  const figures = { ...own, ...more.figures };
  const intervals: Record<string, Bounds> = { ...more.intervals };
  for (const [path, { low, high }] of Object.entries(closedIntervals(part, own))) intervals[path] = [low, high];
  const key = ({ path }: Metric): string => path.join('.');
  const missing = metrics.filter((metric) => !(key(metric) in intervals) && figureOf(figures, metric.path) != null);
  if (missing.length > 0) Object.assign(intervals, { ...bootstrapped(part, own, { seed, labels: missing.some(({ path }) => fromLabels(path, asked)), rows: missing.some(({ path }) => !fromLabels(path, asked)) }), ...intervals });
  return {
    n: part.n,
    values: Object.fromEntries(metrics.map((metric) => {
      const value = figureOf(figures, metric.path);
      return [metric.name, { value: value ?? null, interval: value == null ? null : (intervals[key(metric)] ?? null), why: value === undefined ? unknown(metric, asked) : value === null ? undefinedHere(part, asked) : '' }];
    })),
  };
}

const LABEL_FIGURE = /^(accuracy|balanced_accuracy|mcc|cohen_kappa|(precision|recall|f1)_(macro|weighted|micro|macro_all_labels))$/;
const fromLabels = ([first = '']: readonly string[], { task }: Asked): boolean => task !== 'regression' && (first === 'per_class' || LABEL_FIGURE.test(first));

function bootstrapped(part: Part, figures: Figures, { seed, labels, rows }: { seed: number; labels: boolean; rows: boolean }): Record<string, Bounds> {
  const { draws, finish } = planIntervals(part, figures, { ...DRAWING, seed });
  const wanted = draws.map(({ columns }) => (columns.kind === 'labels' ? labels : columns.kind !== 'calibration' && rows));
  const { intervals } = finish(draws.map((draw, at) => (wanted[at] ? drawn(draw) : [])), figures);
  return Object.fromEntries(Object.entries(intervals).map(([path, { low, high }]) => [pathOf(path, part.of.classes), [low, high]]));
}

function unknown({ name }: Metric, { task }: Asked): string {
  return `${name} is no figure of ${task === 'regression' ? 'numbers' : task === 'multiclass' ? 'several classes' : 'two classes'} with what the model says`;
}

function undefinedHere({ of, truth, n }: Part, { task }: Asked): string {
  if (task !== 'regression' && truth.every((code) => code === truth[0])) return `all ${n} ${n === 1 ? 'label is' : 'labels are'} "${of.classes[truth[0] ?? 0] ?? ''}"`;
  return `it is undefined on these ${n} rows`;
}
