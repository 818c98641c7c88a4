/** Figures that a person's own functions give, beside ours. */
import * as z from 'zod';
import type { RunyardError } from '../../../base/errors';
import type { Values } from '../../data/types';
import { metricsDriver } from './driver';
import type { Asked } from './exchange';
import { faultOf, findFunction, type CustomFunction, type CustomPlace } from './place';
import { startPython } from './python-child';
import { bytesOf, valueAt, wireColumns } from './wire';
import { startThread } from './worker';

/**
 * Rows that a figure is of. With `classes`, `truth` and `predicted` are places in them (a place beyond: a label that is none of them); without, numbers. `scores`: of the positive
 * class (`width` 1), or rows x classes; null where the model gives none. `rows`: the rows' columns, fetched only where a function asks for them.
 */
export interface MetricSet {
  name: string;
  columns: { truth: Int32Array | Float64Array; predicted: Int32Array | Float64Array; scores: Float64Array | null; width: number; rows?: (() => Promise<Readonly<Record<string, Values>>>) | undefined };
}
export interface MetricsPlace extends CustomPlace { /** null: a regression */ classes: readonly string[] | null }

type Figures = Record<string, number | null>;
type Metric = CustomFunction & { metric: string };

const fault = z.object({ fault: z.object({ metric: z.string(), what: z.string(), line: z.number().nullable() }) });
const ready = z.union([z.object({ rows: z.boolean() }), fault]);
const answered = z.union([z.object({ values: z.array(z.number().nullable()) }), fault]);

/**
 * Every metric of every set, in the sets' order. Python: `f(y_true, y_pred, y_score=None, rows=None)`, given those of the last two that it has by name, as numpy arrays where numpy
 * is there, else lists; `rows` is a list of dicts. JavaScript: `f(truth, predicted, score, rows)` with arrays, also async. Labels come as whole numbers, as
 * booleans or as texts, whichever all classes are. NaN, infinities and None are null. One process for all Python sets, one thread for all JavaScript ones.
 * Throws bad_input naming the metric, its file and line where one fails or returns something else than a number.
 */
export async function customFigures(metrics: Readonly<Record<string, string>>, sets: readonly MetricSet[], place: MetricsPlace): Promise<Figures[]> {
  const found = await Promise.all(Object.entries(metrics).map(async ([metric, text]): Promise<Metric> => ({ ...await findFunction(text, place.workspace), metric })));
  const byLanguage = (language: CustomFunction['language']): Metric[] => found.filter((one) => one.language === language);
  const [python, javascript] = [byLanguage('python'), byLanguage('javascript')];
  const figures = sets.map((): Figures => ({}));
  if (python.length > 0) await askAll(python, { sets, figures, start: () => startPython(metricsDriver, nameOf(python), place), question: (set, rows) => toPython(set, rows, place.classes) });
  if (javascript.length > 0) await askAll(javascript, { sets, figures, start: () => startThread(nameOf(javascript), place), question: (set, rows) => toJavaScript(set, rows, place.classes) });
  return figures.map((one) => Object.fromEntries(found.map(({ metric }) => [metric, one[metric] ?? null])));
}

interface Asking { sets: readonly MetricSet[]; figures: Figures[]; start(): Asked; question(set: MetricSet, rows: Readonly<Record<string, Values>> | null): unknown }

async function askAll(metrics: readonly Metric[], { sets, figures, start, question }: Asking): Promise<void> {
  const other = start();
  try {
    const first = ready.parse(await other.ask({ metrics: metrics.map(({ metric, file, name }) => ({ name: metric, file, function: name })) }));
    if ('fault' in first) throw named(metrics, first.fault, null);
    for (const [i, set] of sets.entries()) {
      const rows = first.rows && set.columns.rows ? await set.columns.rows() : null;
      const answer = answered.parse(await other.ask(question(set, rows)));
      if ('fault' in answer) throw named(metrics, answer.fault, set.name);
      metrics.forEach(({ metric }, at) => { (figures[i] ??= {})[metric] = answer.values[at] ?? null; });
    }
  } finally {
    other.dispose();
  }
}

function named(metrics: readonly Metric[], { metric, what, line }: z.output<typeof fault>['fault'], set: string | null): RunyardError {
  const of = metrics.find((one) => one.metric === metric);
  return faultOf(`metric ${metric}${set === null ? '' : ` of ${set === '' ? 'all rows' : set}`}`, { shown: of?.shown ?? '', called: of?.language ?? 'python' }, { what, line });
}

const nameOf = (metrics: readonly Metric[]): string => (metrics.length === 1 ? `metric ${metrics[0]?.metric ?? ''}` : `metrics ${metrics.map(({ metric }) => metric).join(', ')}`);

/** The classes as values: numbers where each is the text of one, booleans where each is True or False, else as they are. */
export function classValues(classes: readonly string[]): (string | number | boolean)[] {
  if (classes.every((text) => /^(true|false)$/i.test(text))) return classes.map((text) => text.toLowerCase() === 'true');
  return classes.every((text) => text.trim() !== '' && String(Number(text)) === text.replace(/^(-?\d+)\.0$/, '$1') && Number.isFinite(Number(text))) ? classes.map(Number) : [...classes];
}

function toPython({ columns: { truth, predicted, scores, width } }: MetricSet, rows: Readonly<Record<string, Values>> | null, classes: readonly string[] | null): unknown {
  const side = (values: Int32Array | Float64Array): string => bytesOf(classes === null ? Float64Array.from(values) : Int32Array.from(values));
  return {
    classes: classes && classValues(classes), truth: side(truth), predicted: side(predicted), score: scores && bytesOf(scores), width,
    count: truth.length, rows: rows && wireColumns(rows),
  };
}

function toJavaScript({ columns: { truth, predicted, scores, width } }: MetricSet, rows: Readonly<Record<string, Values>> | null, classes: readonly string[] | null): unknown {
  const values = classes && classValues(classes);
  const side = (codes: Int32Array | Float64Array): unknown => (values ? Array.from(codes, (code) => values[code] ?? null) : Float64Array.from(codes));
  const score = (): unknown => (scores === null || width === 1 ? scores : Array.from({ length: truth.length }, (_, row) => scores.slice(row * width, (row + 1) * width)));
  const named = rows && Object.entries(rows);
  return { truth: side(truth), predicted: side(predicted), score: score(), rows: named && Array.from({ length: truth.length }, (_, row) => Object.fromEntries(named.map(([name, column]) => [name, valueAt(column, row)]))) };
}
