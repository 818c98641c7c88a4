/** Cells of a request as the columns that the model takes. What doesn't fit is a refusal that names row and column. */
import { nearest } from '../../base/nearest';
import type { Values } from '../../evaluation/data/types';
import type { Rows, ServedColumn, ServedSchema } from '../types';
import { badRequest } from './refusal';
import type { Table } from './table';

/** `ignored`: columns that the model doesn't take. */
export interface Fitted { rows: Rows; ignored: string[] }

export function fitted(table: Table, schema: ServedSchema): Fitted {
  const places = placesOf(table, schema);
  const columns: Record<string, Values> = {};
  schema.columns.forEach((column, at) => { columns[column.name] = valuesOf(table, column, places[at] as number); });
  return { rows: { count: table.count, columns }, ignored: schema.positional ? [] : (table.names ?? []).filter((_, at) => !places.includes(at)) };
}

/** Where each of the model's columns stands in the table. */
function placesOf({ names, count, width }: Table, { columns, positional }: ServedSchema): number[] {
  if (count === 0) return columns.map((_, at) => at);
  if (names && !positional) return columns.map(({ name }) => placeOf(name, names));
  if (names && columns.every(({ name }) => names.includes(name))) return columns.map(({ name }) => names.indexOf(name));
  if (width !== columns.length) throw badRequest(`a row has ${width} ${width === 1 ? 'value' : 'values'}, and the model takes ${columns.length}${positional ? '' : `: ${columns.map(({ name }) => name).join(', ')}`}`);
  return columns.map((_, at) => at);
}

function placeOf(name: string, names: readonly string[]): number {
  const at = names.indexOf(name);
  if (at >= 0) return at;
  const near = nearest(name, [...names]);
  throw badRequest(`column ${name} is missing${near === null ? '' : `; is it ${near}?`}`, name);
}

function valuesOf(table: Table, column: ServedColumn, place: number): Values {
  const { count } = table;
  let missing: Uint8Array | null = null;
  const cells: (number | string | bigint | boolean)[] = new Array<number>(count).fill(0);
  let big = false;
  for (let row = 0; row < count; row++) {
    const given = table.cell(row, place);
    const value = given === null || given === undefined ? null : (table.text ? fromText : fromJson)(given, column, row);
    if (value === null || (typeof value === 'number' && Number.isNaN(value))) {
      if (!column.nullable) throw badRequest(`row ${row + 1}, column ${column.name}: it is missing, and the model takes no missing value there`, column.name);
      (missing ??= new Uint8Array(count))[row] = 1;
      cells[row] = column.type === 'string' ? '' : column.type === 'float' ? NaN : column.type === 'int' ? NaN : false;
      continue;
    }
    if (typeof value === 'bigint') big = true;
    cells[row] = value;
  }
  switch (column.type) {
    case 'float': return { type: 'float', values: Float64Array.from(cells as number[]), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(cells, (one) => (one ? 1 : 0)), missing };
    case 'string': return { type: 'string', values: cells as string[], missing };
    case 'int': return { type: 'int', values: Float64Array.from(cells, Number), missing, ...(big && { big: BigInt64Array.from(cells, (one) => (Number.isNaN(one) ? 0n : BigInt(one))) }) };
  }
}

type Cell = number | string | bigint | boolean | null;
const shown = (value: unknown): string => { const text = JSON.stringify(value) ?? String(value); return text.length > 60 ? `${text.slice(0, 60)}...` : text; };
const WANTED: Record<ServedColumn['type'], string> = { float: 'a number', int: 'a whole number', bool: 'true or false', string: 'a text' };
const wrong = (value: unknown, { name, type }: ServedColumn, row: number): Error => badRequest(`row ${row + 1}, column ${name}: ${shown(value)} is not ${WANTED[type]}`, name);

function fromJson(value: unknown, column: ServedColumn, row: number): Cell {
  // [[1], [2]]: tensors of one value a row
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (one === null) return null;
  switch (column.type) {
    case 'float': if (typeof one === 'number') return one; break;
    case 'int':
      if (typeof one === 'number' && Number.isInteger(one)) {
        if (Number.isSafeInteger(one)) return one;
        throw badRequest(`row ${row + 1}, column ${column.name}: ${one} is beyond 2^53, where JSON's numbers lose digits: send it as a text of its digits`, column.name);
      }
      if (typeof one === 'string') return wholeOf(one, column, row);
      break;
    case 'bool': if (typeof one === 'boolean') return one; break;
    case 'string':
      if (typeof one === 'string') return one;
      // as a data set's booleans and whole numbers are fed to an input of texts
      if (typeof one === 'boolean') return one ? 'True' : 'False';
      if (typeof one === 'number' && Number.isSafeInteger(one)) return String(one);
      break;
  }
  throw wrong(one, column, row);
}

function wholeOf(text: string, column: ServedColumn, row: number): Cell {
  if (!/^\s*[-+]?\d{1,19}\s*$/.test(text)) throw wrong(text, column, row);
  const value = BigInt(text.trim().replace(/^\+/, ''));
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw wrong(text, column, row);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const TRUTH: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };
const NUMBERS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity, infinity: Infinity, '+infinity': Infinity, '-infinity': -Infinity };

/** A cell of a CSV. */
function fromText(given: unknown, column: ServedColumn, row: number): Cell {
  const text = String(given);
  const plain = text.trim();
  switch (column.type) {
    case 'string': return text;
    case 'bool': {
      const truth = TRUTH[plain.toLowerCase()];
      if (truth === undefined) throw wrong(text, column, row);
      return truth;
    }
    case 'int': return plain.endsWith('.0') ? wholeOf(plain.slice(0, -2), column, row) : wholeOf(plain, column, row);
    case 'float': {
      const value = NUMBERS[plain.toLowerCase()] ?? (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : null);
      if (value === null) throw wrong(text, column, row);
      return value;
    }
  }
}
