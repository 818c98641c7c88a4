/** A data set in memory for tests of models: columns of plain values, null where there is none. */
import { createHash } from 'node:crypto';
import type { ColumnType } from '../../../../../src/protocol/evaluation/request';
import type { Batch, Data, Values } from '../../../../../src/core/evaluation/data/types';

export type Cell = string | number | boolean | bigint | null;
export type Table = Record<string, { type: ColumnType; values: Cell[] }>;

export function valuesOf(type: ColumnType, cells: readonly Cell[]): Values {
  const missing = cells.some((cell) => cell === null) ? Uint8Array.from(cells, (cell) => Number(cell === null)) : null;
  if (type === 'float' || type === 'int') {
    const values = Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
    const big = type === 'int' && cells.some((cell) => typeof cell === 'bigint') ? BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0)) : undefined;
    return type === 'int' ? { type, values, missing, ...(big ? { big } : {}) } : { type, values, missing };
  }
  if (type === 'bool') return { type, values: Uint8Array.from(cells, Number), missing };
  return { type, values: cells.map((cell) => (cell === null ? '' : String(cell))), missing };
}

export function batchOf(table: Table, from = 0, to?: number): Batch {
  const rows = Object.values(table)[0]?.values.length ?? 0;
  const end = Math.min(to ?? rows, rows);
  return { from, count: end - from, columns: Object.fromEntries(Object.entries(table).map(([name, { type, values }]) => [name, valuesOf(type, values.slice(from, end))])) };
}

/** Only what models ask of data. */
export function dataOf(table: Table, files: string[] = []): Data {
  const rows = Object.values(table)[0]?.values.length ?? 0;
  const asked = (what: string) => (): never => { throw new Error(`models don't ask for ${what}`); };
  const column = (name: string): Promise<Values> => Promise.resolve(valuesOf(table[name]?.type ?? 'string', table[name]?.values ?? []));
  return {
    spec: { files: ['memory'], types: {} }, files, rows, bytes: 0, changed: 0,
    columns: Object.entries(table).map(([name, { type }]) => ({ name, type, stored: type.toUpperCase() })),
    digest: createHash('sha256').update(JSON.stringify(table, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))).digest('hex'),
    async *read({ columns, batch = 1000 }) {
      for (let from = 0; from < rows; from += batch) {
        const part = batchOf(table, from, from + batch);
        yield { ...part, columns: Object.fromEntries(columns.flatMap((name) => { const found = part.columns[name]; return found ? [[name, found]] : []; })) };
        await Promise.resolve();
      }
    },
    column, ids: (name) => Promise.resolve(name === undefined ? Array.from({ length: rows }, (_, row) => `row ${row}`) : (table[name]?.values ?? []).map(String)),
    checkPredicate: asked('predicates'), fingerprints: asked('fingerprints'), groups: asked('groups'), sample: asked('a sample'), members: asked('members'), missing: asked('missing values'), cells: asked('cells'), frequent: asked('frequent values'),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A file of the reference cases: an empty unquoted field is missing, types are declared. */
export function tableFromCsv(text: string, types: Readonly<Record<string, ColumnType>>): Table {
  const [head = [], ...rows] = records(text);
  return Object.fromEntries(head.map((cell, at): [string, Table[string]] => {
    const name = cell ?? '';
    const type = types[name] ?? 'string';
    const values = rows.map((row) => {
      const value = row[at] ?? null;
      return value === null || type === 'string' ? value : type === 'bool' ? value === 'True' : Number(value);
    });
    return [name, { type, values }];
  }));
}

function records(text: string): (string | null)[][] {
  const found: (string | null)[][] = [];
  let row: (string | null)[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (!match) break;
    row.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2] === '' ? null : (match[2] ?? null));
    if (match[3] !== ',') { found.push(row); row = []; }
  }
  return found;
}
