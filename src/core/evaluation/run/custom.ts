/** A person's own figures of all rows and of each slice, with a bootstrap interval where rows are few enough to send again and again. */
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { Interval } from '../../../protocol/evaluation/result';
import type { Data, Values } from '../data/types';
import { bootstrapInterval } from '../intervals/bootstrap';
import { random } from '../intervals/random';
import { customFigures, type MetricSet } from '../questions/custom/metrics';
import type { CustomPlace } from '../questions/custom/place';
import type { CustomFigures } from './judge';
import type { Part } from './part';
import { taken, takenRows } from './prepared';
import type { Scored } from './scored';

/** Values that may be sent for intervals, over all sets: of more rows the figure comes without one. */
const mostSent = 2e6;
const [fewest, most] = [50, 200];

export interface CustomFor { request: Pick<EvaluationRequest, 'metrics' | 'seed'>; data: Data; scored: Pick<Scored, 'task' | 'classes'>; place: CustomPlace }

/** A ranking without labels has nothing to call: its own metrics are left out. Intervals are BC, of 50 to 200 resamples. */
export function customFor({ request: { metrics, seed }, data, scored: { task, classes }, place }: CustomFor): CustomFigures {
  const columns = allColumns(data, place.signal);
  return async (all) => {
    if (task !== 'regression' && all.some(({ part }) => !part.predicted)) return all.map(() => ({ figures: {}, intervals: {} }));
    const budget = mostSent / all.length;
    const sets = all.flatMap(({ name, part }): MetricSet[] => {
      const times = Math.min(most, Math.floor(budget / Math.max(1, part.n)));
      const draws = times >= fewest && part.n > 1 ? Array.from({ length: times }, (_, replicate) => drawnPlaces(part.n, seed, replicate)) : [];
      return [null, ...draws].map((places) => ({ name, columns: columnsOf(part, places, columns) }));
    });
    const found = await customFigures(metrics, sets, { ...place, classes: task === 'regression' ? null : classes });
    let at = 0;
    return all.map(({ part }) => {
      const times = Math.min(most, Math.floor(budget / Math.max(1, part.n)));
      const figures = found[at++] ?? {};
      const drawn = times >= fewest && part.n > 1 ? found.slice(at, (at += times)) : [];
      const intervals: Record<string, Interval> = {};
      for (const [name, estimate] of Object.entries(figures)) {
        const interval = estimate === null || drawn.length === 0 ? null : bootstrapInterval(Float64Array.from(drawn, (one) => one[name] ?? NaN), { estimate });
        if (interval) intervals[name] = { low: interval.low, high: interval.high, method: interval.method, replicates: interval.replicates };
      }
      return { figures, intervals };
    });
  };
}

function drawnPlaces(n: number, seed: number, replicate: number): Int32Array {
  const next = random(seed, replicate);
  const places = new Int32Array(n);
  for (let at = 0; at < n; at++) places[at] = Math.floor((next() / 2 ** 32) * n);
  return places;
}

function columnsOf(part: Part, places: Int32Array | null, all: () => Promise<Readonly<Record<string, Values>>>): MetricSet['columns'] {
  const ints = (values: Int32Array): Int32Array => (places ? taken(values, places, new Int32Array(places.length)) : values);
  const reals = (values: Float64Array): Float64Array => (places ? taken(values, places, new Float64Array(places.length)) : values);
  const { of: { classes, rows, task } } = part;
  const own = places ? places.map((place) => part.places?.[place] ?? place) : part.places;
  const there = own ? own.map((place) => rows[place] ?? 0) : rows;
  const fetched = async (): Promise<Record<string, Values>> => Object.fromEntries(Object.entries(await all()).map(([name, values]) => [name, valuesAt(values, there)]));
  if (task === 'regression') return { truth: reals(part.truthNumbers), predicted: reals(part.numbers), scores: null, width: 0, rows: fetched };
  const base = { truth: ints(part.truth), predicted: ints(part.predicted ?? part.truth), rows: fetched };
  if (part.scores) return { ...base, scores: reals(part.scores), width: 1 };
  const k = classes.length;
  return { ...base, scores: part.probabilities && (places ? takenRows(part.probabilities, places, k) : part.probabilities), width: part.probabilities ? k : 0 };
}

/** Read once, and only where a function asks for rows. */
function allColumns(data: Data, signal: AbortSignal | undefined): () => Promise<Readonly<Record<string, Values>>> {
  let found: Promise<Readonly<Record<string, Values>>> | null = null;
  const read = async (): Promise<Readonly<Record<string, Values>>> => {
    for await (const { columns } of data.read({ columns: data.columns.map(({ name }) => name), batch: data.rows, signal })) return columns;
    return {};
  };
  return () => (found ??= read());
}

function valuesAt(column: Values, rows: Int32Array): Values {
  const missing = column.missing && Uint8Array.from(rows, (row) => column.missing?.[row] ?? 0);
  if (column.type === 'float' || column.type === 'int') return { type: column.type, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), missing };
  if (column.type === 'bool') return { type: 'bool', values: Uint8Array.from(rows, (row) => column.values[row] ?? 0), missing };
  return { type: column.type, values: Array.from(rows, (row) => column.values[row] ?? ''), missing };
}
