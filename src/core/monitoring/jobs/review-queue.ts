/** The rows of a log that a person should look at first. */
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';
import type { LogPlace, LogWindow } from '../../domain/log-place';
import type { JobTable } from '../../evaluation/process/jobs';
import { REVIEW_SOURCES, type ReviewItem, type ReviewSource } from '../../../protocol/monitoring';
import { rowKey, textAt } from '../feedback/keys';
import { openLabels, type Labels } from '../feedback/labels';
import { inputColumns, rowNames } from '../feedback/log-inputs';
import { momentAt, openLogRows, type LogRows } from '../feedback/log-rows';
import { candidatesOf, type Facts, type Logged } from '../review/candidates';
import { chooseRows, type Chosen } from '../review/choose';
import { flipsOf } from '../review/flips';
import { unlikeReference } from '../review/reference';

/** Of a longer log the newest rows are looked through. */
const MOST_ROWS = 100_000;
const MOST_CLASSES = 50;
const MOST_CELLS = 300;

/** Deterministic for a seed and what was said so far. Nothing to ask is an empty queue. Throws refused for a log that doesn't name its rows. */
export const reviewQueue: JobTable['reviewQueue'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory, log, window, reference, sources, seed, reviewer } = params;
  const place = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading the log', 0, 0);
  await using rows = await openNewest(log, window, place);
  const none = Object.fromEntries(REVIEW_SOURCES.map((source) => [source, 0])) as Record<ReviewSource, number>;
  if (!rows) return { classes: [], task: '', items: [], rows: 0, left: none, seed };
  const { data, columns } = rows;
  const times = await data.column(columns.time, signal);
  const logged = await newest(rows, times, signal);
  const inputs = inputColumns(log, columns, data);
  const predictions = columns.prediction === null ? null : await data.column(columns.prediction, signal);
  const asks = (source: ReviewSource): boolean => sources.includes(source);
  progress('looking for rows unlike the reference', 0, 0);
  const unlike = await unlikeReference({ log, data, at: logged.map(({ at }) => at), inputs }, reference, place);
  const answered = new Map(predictions && asks('shadow') ? logged.map(({ at, request, row }) => [rowKey(request, row), textAt(predictions, at) ?? ''] as const) : []);
  const facts: Facts = {
    rows: logged, ...await scores(rows, logged, signal), unlike, rules: columns.rules === null ? null : texts(await data.column(columns.rules, signal), logged),
    flips: asks('shadow') ? await flipsOf(log, window, answered, place) : new Map(),
  };
  progress('choosing', 0, 0);
  const labels = await openLabels(log.labels, place);
  const { items, left } = params.find !== undefined ? { items: found(logged, params.find, params.limit), left: none } : chooseRows(candidatesOf(facts, labels, { sources, reviewer, seed }), { limit: params.limit, randomShare: params.randomShare, again: params.again });
  const versions = columns.version === null ? null : await data.column(columns.version, signal);
  const classes = rows.regression ? [] : rows.classes.length > 0 ? [...rows.classes] : distinct(predictions);
  return {
    classes, task: rows.regression ? 'regression' : classes.length > 2 ? 'multiclass' : 'binary', rows: logged.length, left, seed,
    items: await shown(items, { rows, facts, labels, inputs, times, versions, predictions }),
  };
};

/** Of a log that is much longer only the part with the newest rows is read any further. */
async function openNewest(log: LogPlace, window: LogWindow, place: OpenOptions): Promise<LogRows | null> {
  const rows = await openLogRows(log, window, place);
  if (!rows || rows.data.rows < 2 * MOST_ROWS) return rows;
  const times = await rows.data.column(rows.columns.time, place.signal);
  const moments = Float64Array.from({ length: rows.data.rows }, (_, at) => momentAt(times, at) ?? -Infinity).sort();
  const from = moments[moments.length - MOST_ROWS] ?? -Infinity;
  if (!Number.isFinite(from)) return rows;
  await rows[Symbol.asyncDispose]();
  return openLogRows(log, { ...window, from: Math.max(from, window.from ?? from) }, place);
}

/** The newest rows with a name, the oldest of them first; of a row that the log has twice the later line. */
async function newest({ data, columns }: LogRows, times: Values, signal: AbortSignal): Promise<(Logged & { t: number })[]> {
  const { requests, rows } = await rowNames(data, columns, signal);
  const byKey = new Map<string, Logged & { t: number }>();
  for (let at = 0; at < data.rows; at++) {
    const request = requests[at];
    if (request == null) continue;
    const row = rows[at] ?? 0;
    byKey.set(rowKey(request, row), { at, request, row, t: momentAt(times, at) ?? 0 });
  }
  return [...byKey.values()].sort((a, b) => a.t - b.t || a.at - b.at).slice(-MOST_ROWS);
}

/** The newest first, whose request holds the text. */
function found(logged: readonly Logged[], text: string, limit: number): Asked[] {
  const wanted = text.trim().toLowerCase();
  const places = [...logged.keys()].filter((row) => logged[row]?.request.toLowerCase().includes(wanted));
  return places.slice(-limit).reverse().map((row) => ({ row, value: 0, why: '', source: null }));
}

async function scores({ data, columns, probabilities }: LogRows, logged: readonly Logged[], signal: AbortSignal): Promise<Pick<Facts, 'probabilities' | 'score'>> {
  const numbers = async (name: string): Promise<Float64Array> => {
    const column = await data.column(name, signal);
    return Float64Array.from(logged, ({ at }) => (column.missing?.[at] ? NaN : Number(column.values[at])));
  };
  const found: Record<string, Float64Array> = {};
  for (const [name, column] of Object.entries(probabilities)) found[name] = await numbers(column);
  return { probabilities: found, score: typeof columns.probabilities === 'string' ? await numbers(columns.probabilities) : null };
}

const texts = (column: Values, logged: readonly Logged[]): string[] => logged.map(({ at }) => textAt(column, at) ?? '');
const distinct = (column: Values | null): string[] => (column ? [...new Set(Array.from({ length: column.values.length }, (_, row) => textAt(column, row)))].filter((one) => one !== null).sort().slice(0, MOST_CLASSES) : []);

type Asked = Omit<Chosen, 'source'> & { source: ReviewSource | null };
interface Around { rows: LogRows; facts: Facts; labels: Labels; inputs: readonly string[]; times: Values; versions: Values | null; predictions: Values | null }

async function shown(items: readonly Asked[], { rows: { data, regression }, facts, labels, inputs, times, versions, predictions }: Around): Promise<ReviewItem[]> {
  const names = inputs.slice(0, MOST_CELLS);
  const places = items.map(({ row }) => facts.rows[row]?.at ?? 0);
  const cells = await cellsOf(data, places, names);
  return items.map(({ row, source, why, value }, i): ReviewItem => {
    const { at, request, row: which } = facts.rows[row] ?? { at: 0, request: '', row: 0 };
    const said = predictions && textAt(predictions, at);
    const version = versions && !versions.missing?.[at] ? Number(versions.values[at]) : null;
    return {
      request, row: which, time: momentAt(times, at) ?? 0, version, source, why, value: Math.round(value * 1e6) / 1e6, prediction: said !== null && regression ? Number(said) : said,
      probabilities: Object.fromEntries([...Object.entries(facts.probabilities).map(([name, values]) => [name, values[row] ?? NaN] as const), ...(facts.score ? [['score', facts.score[row] ?? NaN] as const] : [])].filter(([, p]) => Number.isFinite(p))),
      cells: Object.fromEntries(names.map((name, column) => [name, cells[i]?.[column] ?? null])), odd: facts.unlike?.odd(row) ?? {},
      judged: labels.words(request, which).map(({ by, judgement, answer, label, t }) => ({ by: by.name, judgement, answer: answer ?? label, t })),
    };
  });
}

/** Rows of a narrowed Parquet file are numbered as they come, so a row is asked for as it was read. */
async function cellsOf(data: Data, rows: readonly number[], names: readonly string[]): Promise<(string | number | boolean | null)[][]> {
  return names.length === 0 ? rows.map(() => []) : data.cells(rows, names);
}
