/** Rows that were answered as lines of a journal. */
import type { Values } from '../../evaluation/data/types';
import type { JournalType } from '../../monitoring/log/journal';
import { classColumn, isServingColumn } from '../../monitoring/log/place';
import { RunyardError } from '../../base/errors';
import { byClass } from '../http/answer';
import type { Role, Rows, Scalar, Scored, ServedSchema } from '../types';
import { hashed } from './hash';

export interface Privacy { drop: ReadonlySet<string>; hash: ReadonlySet<string>; key: Buffer | null }
/** How rows of a version are written. */
export interface LineForm { columns: [string, JournalType][]; /** the same for versions whose rows may stand in one journal */ id: string; lines(rows: LoggedRows): string[] }
export interface LoggedRows {
  request: string; time: number; version: number; role: Role; latency: number; rows: Rows; scored: Scored;
  /** by row: names of the rules that were met, joined; and what was answered in place of the prediction, where something was */
  rules: readonly string[]; answers: readonly (Scalar | undefined)[]; predictions: readonly Scalar[];
}

const OWN: readonly [string, JournalType][] = [
  ['ry_request', 'string'], ['ry_row', 'int'], ['ry_time', 'time'], ['ry_version', 'int'], ['ry_role', 'string'], ['ry_latency_ms', 'float'], ['ry_rules', 'string'], ['ry_answer', 'string'],
];

/** Throws unsupported where the model's columns are called as those of the log. */
export function lineForm(schema: ServedSchema, { drop, hash, key }: Privacy): LineForm {
  const own = schema.columns.find(({ name }) => isServingColumn(name));
  if (own) throw new RunyardError('unsupported', `the model takes a column ${own.name}, and names that begin with ry_ are the log's own`, 'rename the column and register the model again');
  const inputs = schema.columns.filter(({ name }) => !drop.has(name)).map(({ name, type }) => ({ name, type, secret: hash.has(name) }));
  const scores = scoreColumns(schema);
  const number = schema.gives !== 'label' || schema.labels === 'float';
  const columns: [string, JournalType][] = [
    ...OWN, ['ry_prediction', number ? 'float' : 'string'], ...scores.map((name): [string, JournalType] => [name, 'float']),
    ...inputs.map(({ name, type, secret }): [string, JournalType] => [name, secret ? 'string' : type]),
  ];
  const names = columns.map(([name]) => `${JSON.stringify(name)}:`);
  const before = OWN.length + 1;
  const write = (rows: LoggedRows, row: number): string => {
    const { scored: { scores: all, width } } = rows;
    const cells = [
      JSON.stringify(rows.request), row, rows.time, rows.version, `"${rows.role}"`, numberText(rows.latency), JSON.stringify(rows.rules[row] ?? ''),
      rows.answers[row] === undefined ? 'null' : JSON.stringify(String(rows.answers[row])), predictionText(rows.predictions[row] ?? null, number),
    ];
    let line = '{';
    for (let at = 0; at < before; at++) line += `${at > 0 ? ',' : ''}${names[at] ?? ''}${cells[at] ?? 'null'}`;
    for (let at = 0; at < scores.length; at++) line += `,${names[before + at] ?? ''}${all && at < width ? numberText(all[row * width + at]) : 'null'}`;
    for (let at = 0; at < inputs.length; at++) {
      const { name, secret } = inputs[at] as (typeof inputs)[number];
      const values = rows.rows.columns[name] as Values;
      line += `,${names[before + scores.length + at] ?? ''}${secret ? secretText(values, row, key) : cellText(values, row)}`;
    }
    return `${line}}\n`;
  };
  return { columns, id: JSON.stringify(columns), lines: (rows) => Array.from({ length: rows.rows.count }, (_, row) => write(rows, row)) };
}

/** None where two classes are called the same but for upper and lower case, which the columns of a file can't be. */
function scoreColumns(schema: ServedSchema): string[] {
  if (schema.gives === 'number') return [];
  if (!byClass(schema)) return schema.width === 1 ? ['ry_score'] : [];
  const names = (schema.classes ?? []).map(classColumn);
  return new Set(names.map((name) => name.toLowerCase())).size === names.length ? names : [];
}

const numberText = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? 'null' : Number.isFinite(value) ? String(value) : value > 0 ? '"Infinity"' : '"-Infinity"');

function predictionText(value: Scalar, number: boolean): string {
  if (value === null) return 'null';
  if (number) return numberText(Number(value));
  return JSON.stringify(typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value));
}

/** A text is hashed as it is, anything else as JSON writes it. Without a key nothing is written. */
function secretText(values: Values, row: number, key: Buffer | null): string {
  if (values.missing?.[row] || key === null) return 'null';
  return `"${hashed(key, values.type === 'string' ? values.values[row] ?? '' : cellText(values, row))}"`;
}

function cellText(values: Values, row: number): string {
  if (values.missing?.[row]) return 'null';
  switch (values.type) {
    case 'float': return numberText(values.values[row]);
    case 'int': return values.big ? String(values.big[row]) : numberText(values.values[row]);
    case 'bool': return values.values[row] ? 'true' : 'false';
    default: return JSON.stringify(values.values[row]);
  }
}
