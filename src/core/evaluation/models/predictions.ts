/**
 * Predictions already made: columns of the data, or of another file that is joined on the id. A lone column of whole numbers or texts is the label; one of
 * fractions is a number unless a task says otherwise; columns of probabilities stand beside it or alone.
 */
import { nearest } from '../../base/nearest';
import { RunyardError } from '../../base/errors';
import type { ModelSpec, Task } from '../../../protocol/evaluation/request';
import { openData } from '../data/open';
import type { Batch, Column, Data, Values } from '../data/types';
import { digestOfTexts } from './digest';
import type { BatchScores, OpenModelOptions, Predictor } from './types';

type Spec = NonNullable<ModelSpec['predictions']>;
interface Reading { column: Column | null; probabilities: Column[]; classes: string[] | null; asNumber: boolean; task: Task | null }
/** Rows of the columns that are wanted, and which of them belongs to each row of a batch: -1 where none does. */
interface Picked { columns: Readonly<Record<string, Values>>; rows: Int32Array | null; /** row within the batch → why it has none */ failed: Map<number, string> }

/** Throws bad_input where a column isn't there or holds no numbers, where ids come twice or can't be joined. */
export async function openPredictions(spec: ModelSpec, options: OpenModelOptions): Promise<Predictor> {
  const said = spec.predictions ?? {};
  const other = said.data ? await openData(said.data, { workspace: options.workspace, temp: options.temp, signal: options.signal }) : null;
  try {
    const source = other ?? options.data;
    const reading = read(said, source, options);
    const wanted = [...(reading.column ? [reading.column] : []), ...reading.probabilities].map(({ name }) => name);
    const joined = other ? await join(other, said, { options, wanted }) : null;
    const pick = joined ?? ((batch: Batch): Picked => ({ columns: batch.columns, rows: null, failed: new Map() }));
    return {
      facts: {
        name: spec.name ?? wanted.join(', '), kind: 'predictions', source: source.files.join(', '), producer: '',
        digest: digestOfTexts(source.digest, other ? (options.id ?? '') : '', ...wanted, ...(reading.classes ?? [])),
        inputs: [...(reading.column ? [{ name: reading.asNumber ? 'number' : 'label', type: reading.column.type, shape: '[N]', columns: [reading.column.name] }] : []), ...(reading.probabilities.length > 0 ? [{ name: 'probabilities', type: 'float', shape: `[N,${reading.probabilities.length}]`, columns: reading.probabilities.map(({ name }) => name) }] : [])],
        mapping: { inputs: {} }, notes: other ? [`joined on ${said.id ?? options.id ?? ''}: ${other.rows} predictions`] : [],
      },
      task: reading.task, classes: reading.classes, batch: 65_536,
      columns: other ? [options.id ?? ''] : wanted,
      score: (batch) => Promise.resolve(scored(reading, batch.count, pick(batch))),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  } finally {
    await other?.[Symbol.asyncDispose]();
  }
}

function read({ column, probabilities }: Spec, data: Data, { task }: OpenModelOptions): Reading {
  if (column === undefined && probabilities === undefined) throw new RunyardError('bad_input', 'predictions name no column', 'give predictions: {column: ...} with the label or the number, or {probabilities: ...}, or both');
  const label = column === undefined ? null : find(data, column);
  const byClass = typeof probabilities === 'object' ? probabilities : null;
  const scores = (typeof probabilities === 'string' ? [probabilities] : Object.values(byClass ?? {})).map((name) => find(data, name));
  const texts = scores.find(({ type }) => type !== 'float' && type !== 'int' && type !== 'bool');
  if (texts) throw new RunyardError('bad_input', `column ${texts.name} is to hold probabilities and is ${texts.type} (${texts.stored})`, 'name a column of numbers');
  if (task === 'regression' && label && label.type !== 'float' && label.type !== 'int') throw new RunyardError('bad_input', `column ${label.name} is to hold predicted numbers and is ${label.type} (${label.stored})`, 'name a column of numbers');
  const numeric = label?.type === 'float' || label?.type === 'int';
  const asNumber = scores.length === 0 && numeric && (task === 'regression' || task === 'ranking' || (task === undefined && label.type === 'float'));
  const classes = byClass ? Object.keys(byClass) : null;
  return { column: label, probabilities: scores, classes, asNumber, task: classes ? (classes.length === 2 ? 'binary' : 'multiclass') : null };
}

function find({ columns }: Data, name: string): Column {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  const near = nearest(name, columns.map((column) => column.name));
  throw new RunyardError('bad_input', `there is no column ${name} with predictions`, near === null ? `there are ${columns.map((column) => column.name).join(', ')}` : `did you mean ${near}?`);
}

/** Everything of the other file that is wanted is read, and found by the id of each row. */
async function join(other: Data, { id }: Spec, { options, wanted }: { options: OpenModelOptions; wanted: readonly string[] }): Promise<(batch: Batch) => Picked> {
  const own = options.id;
  if (own === undefined) throw new RunyardError('bad_input', 'predictions of another file are joined on an id, and the data have no id column', 'say which column it is with id');
  const key = find(other, id ?? own);
  if (!options.data.columns.some(({ name }) => name === own)) throw new RunyardError('bad_input', `the data have no column ${own} to join predictions on`, 'say which column it is with id');
  const ids = await other.column(key.name, options.signal);
  const places = new Map<string, number>();
  const twice = new Set<string>();
  for (let row = 0; row < other.rows; row++) {
    const name = keyOf(ids, row);
    if (name === null) continue;
    if (places.has(name)) twice.add(name); else places.set(name, row);
  }
  if (twice.size > 0) {
    const [...named] = twice;
    throw new RunyardError('bad_input', `${named.length === 1 ? 'an id has' : `${named.length} ids have`} more than one prediction: ${named.slice(0, 10).join(', ')}${named.length > 10 ? ' ...' : ''}`, `leave one row for each ${key.name} in ${other.files.join(', ')}`);
  }
  const columns: Record<string, Values> = {};
  for (const name of wanted) columns[name] = await other.column(name, options.signal);
  return ({ columns: given, count }) => {
    const rows = new Int32Array(count).fill(-1);
    const failed = new Map<number, string>();
    const values = given[own];
    for (let row = 0; row < count; row++) {
      const name = values ? keyOf(values, row) : null;
      const place = name === null ? undefined : places.get(name);
      if (place !== undefined) rows[row] = place;
      else failed.set(row, name === null ? 'the row has no id' : 'no prediction for this id');
    }
    return { columns, rows, failed };
  };
}

/** A value as text: 1 and 1.0 are alike. */
function keyOf(values: Values, row: number): string | null {
  return values.missing?.[row] ? null : textOf(values, row);
}

function textOf(values: Values, row: number): string {
  if (values.type === 'bool') return values.values[row] ? 'True' : 'False';
  if (values.type === 'int' && values.big) return String(values.big[row]);
  return String(values.values[row]);
}

function scored({ column, probabilities, asNumber }: Reading, count: number, { columns, rows, failed }: Picked): BatchScores {
  const width = asNumber ? 1 : probabilities.length;
  const scores = width > 0 ? new Float64Array(count * width).fill(NaN) : null;
  const labels = column && !asNumber ? new Array<string | null>(count).fill(null) : null;
  const sources = (asNumber && column ? [column] : probabilities).map(({ name }) => ({ name, values: columns[name] as Values }));
  const label = column ? columns[column.name] as Values : null;
  for (let row = 0; row < count; row++) {
    const at = rows ? rows[row] as number : row;
    if (at < 0) continue;
    const reason = (labels && label?.missing?.[at] ? `${column?.name ?? ''} is missing` : null) ?? sources.map((source) => wrong(source, at, probabilities.length > 1)).find((one) => one !== null) ?? null;
    if (reason !== null) { failed.set(row, `no prediction: ${reason}`); continue; }
    if (labels && label) labels[row] = textOf(label, at);
    if (scores) sources.forEach(({ values }, place) => { scores[row * width + place] = Number(values.values[at]); });
  }
  return { labels, scores, width, failed };
}

function wrong({ name, values }: { name: string; values: Values }, row: number, share: boolean): string | null {
  const value = Number(values.values[row]);
  if (values.missing?.[row] || Number.isNaN(value)) return `${name} is missing`;
  if (!Number.isFinite(value)) return `${name} is infinite`;
  return share && (value < -1e-6 || value > 1 + 1e-6) ? `${name} is ${value}, which is no probability` : null;
}
