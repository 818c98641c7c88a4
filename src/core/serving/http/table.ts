/** A request's body as a table of cells: MLflow's scoring protocol (dataframe_split, dataframe_records, instances, inputs). */
import * as z from 'zod';
import type { ServedSchema } from '../types';
import { badRequest } from './refusal';

/** `names`: null where columns are told by their place. `text`: cells are texts of a CSV. A cell that isn't there is undefined. */
export interface Table { names: string[] | null; /** values a row */ width: number; count: number; cell(row: number, column: number): unknown; text: boolean }
export interface Asked { table: Table; params: Readonly<Record<string, unknown>> }

const FORMATS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;
const split = z.object({ columns: z.array(z.union([z.string(), z.number()])).optional(), data: z.array(z.array(z.unknown())) });
const params = z.record(z.string(), z.unknown()).nullish();

/** Throws a refusal for what is none of the four forms, or more than one. */
export function tableOf(body: unknown, schema: ServedSchema): Asked {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest(`the body has to be a JSON object with one of ${FORMATS.join(', ')}; it is ${body === null ? 'null' : Array.isArray(body) ? 'a list' : `a ${typeof body}`}`);
  const given = body as Readonly<Record<string, unknown>>;
  const forms = FORMATS.filter((form) => Object.hasOwn(given, form));
  const [form] = forms;
  if (form === undefined || forms.length > 1) throw badRequest(`the body has to have exactly one of ${FORMATS.join(', ')}; it has ${forms.length > 1 ? forms.join(' and ') : Object.keys(given).slice(0, 10).join(', ') || 'nothing'}`);
  const said = params.safeParse(given['params']);
  if (!said.success) throw badRequest('params has to be an object, such as {"probabilities": true}');
  return { table: tableIn(form, given[form], schema), params: said.data ?? {} };
}

function tableIn(form: (typeof FORMATS)[number], value: unknown, schema: ServedSchema): Table {
  if (form === 'dataframe_split') return splitTable(value);
  if (form === 'inputs' && typeof value === 'object' && value !== null && !Array.isArray(value)) return columnsTable(value as Readonly<Record<string, unknown>>, schema);
  if (!Array.isArray(value)) throw badRequest(`${form} has to be a list of rows${form === 'inputs' ? ', or an object of columns' : ''}`);
  if (value.length > 0 && value.every(isRecord)) return recordsTable(value);
  if (form === 'dataframe_records' && value.length > 0) throw badRequest('dataframe_records has to be a list of objects, one a row');
  return rowsTable(form, value);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function splitTable(value: unknown): Table {
  const read = split.safeParse(value);
  if (!read.success) throw badRequest('dataframe_split has to be {"columns": [names], "data": [rows]}');
  const { columns, data } = read.data;
  const names = columns?.map(String) ?? null;
  const odd = names ? data.findIndex((row) => row.length !== names.length) : -1;
  if (odd >= 0) throw badRequest(`row ${odd + 1} of dataframe_split has ${data[odd]?.length ?? 0} values, and ${names?.length ?? 0} columns are named`);
  checkTwice(names);
  return names ? { names, width: names.length, count: data.length, cell: (row, column) => data[row]?.[column], text: false } : rowsTable('dataframe_split', data);
}

export function checkTwice(names: readonly string[] | null): void {
  const twice = names?.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw badRequest(`column ${twice} is given twice`, twice);
}

function recordsTable(rows: readonly Readonly<Record<string, unknown>>[]): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  // a key that a record lacks is a missing value, as in pandas
  return { names, width: names.length, count: rows.length, cell: (row, column) => { const one = rows[row] ?? {}; const name = names[column] ?? ''; return Object.hasOwn(one, name) ? one[name] : null; }, text: false };
}

/** Lists of values, or a value a row where the model takes one. A value in a list of its own counts as the value. */
function rowsTable(form: string, rows: readonly unknown[]): Table {
  const width = Array.isArray(rows[0]) ? rows[0].length : 1;
  const odd = rows.findIndex((row) => (Array.isArray(row) ? row.length : 1) !== width);
  if (odd >= 0) throw badRequest(`row ${odd + 1} of ${form} has ${Array.isArray(rows[odd]) ? rows[odd].length : 1} values, and the first one has ${width}`);
  return { names: null, width, count: rows.length, cell: (row, column) => { const one = rows[row]; return Array.isArray(one) ? (one as unknown[])[column] : one; }, text: false };
}

/** By column; or by the model's input, with a row of values for each row where it takes several. */
function columnsTable(given: Readonly<Record<string, unknown>>, schema: ServedSchema): Table {
  const names: string[] = [];
  const columns: ((row: number) => unknown)[] = [];
  let count: number | null = null;
  for (const [name, value] of Object.entries(given)) {
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (count !== null && list.length !== count) throw badRequest(`column ${name} of inputs has ${list.length} values, and ${Object.keys(given)[0] ?? ''} has ${count}`, name);
    count = list.length;
    const input = schema.columns.some((column) => column.name === name) ? undefined : schema.inputs.find((one) => one.name === name);
    const wide = input?.columns ?? [name];
    wide.forEach((column, at) => {
      names.push(column);
      columns.push((row) => { const one = list[row]; return Array.isArray(one) ? (one.length === wide.length ? (one as unknown[])[at] : one) : one; });
    });
  }
  checkTwice(names);
  return { names, width: names.length, count: count ?? 0, cell: (row, column) => columns[column]?.(row), text: false };
}
