/** An open data set: what the other parts of evaluation ask of it. */
import { RunyardError } from '../../base/errors';
import type { DataSpec } from '../../../protocol/evaluation/request';
import type { Bound, BoundColumn } from './bind';
import { columnOf, readable } from './columns';
import type { Database, Session } from './duckdb';
import type { FoundFiles } from './files';
import { fingerprints } from './fingerprints';
import { groups } from './groups';
import { rowIds } from './ids';
import { members } from './members';
import { compile } from './predicate';
import { sample } from './sample';
import type { Batch, Data, ReadOptions, Values } from './types';
import { collector } from './vectors';

export interface Opened { spec: DataSpec; found: FoundFiles; bound: Bound; digest: string; database: Database; close(): Promise<void> }

const BATCH = 16_384;
const PARTS = 32;

export function opened(parts: Opened): Data {
  const { spec, found, bound, digest, database, close } = parts;
  return {
    spec, digest,
    files: found.files, bytes: found.bytes, changed: found.changed, rows: bound.rows,
    columns: bound.columns.map(({ name, type, stored }) => ({ name, type, stored })),
    read: (options) => readBatches(parts, options),
    column: async (name, signal) => {
      for await (const { columns } of readBatches(parts, { columns: [name], batch: bound.rows, signal })) return columns[name] as Values;
      throw new RunyardError('internal', `column ${name} came without rows`);
    },
    missing: () => database.use((session) => countMissing(session, bound)),
    ids: async (idColumn) => {
      const column = idColumn === undefined ? null : columnOf(bound, idColumn);
      return await database.use((session) => rowIds(session, bound, column));
    },
    checkPredicate: async (where) => {
      const { columns } = await database.use((session) => compile(session, bound, where));
      return { where, columns };
    },
    members: (predicates, signal) => members({ database, bound, signal }, predicates),
    groups: (column, { where, signal } = {}) => groups({ database, bound, signal }, columnOf(bound, column), where),
    sample: (columns, options) => sample({ database, bound, signal: options.signal }, columns.map((name) => columnOf(bound, name)), options),
    cells: (rows, columns) => database.use((session) => readCells(session, bound, { rows, columns })),
    fingerprints: (columns, signal) => fingerprints({ database, bound, signal }, columns.map(({ name, as }) => ({ column: columnOf(bound, name), as }))),
    frequent: (column, most) => database.use((session) => frequent(session, columnOf(bound, column), most)),
    [Symbol.asyncDispose]: close,
  };
}

async function* readBatches({ bound, database }: Opened, { columns: names, batch = BATCH, signal, where, memory }: ReadOptions): AsyncGenerator<Batch> {
  const columns = names.map((name) => columnOf(bound, name));
  const size = Math.max(1, Math.min(batch, bound.rows));
  const fresh = (from: number): ReturnType<typeof collector>[] => {
    const rows = Math.min(size, bound.rows - from);
    return columns.map(({ name, type }) => collector(type, rows, rows > 0 && (type === 'float' || type === 'int') ? memory?.(name, rows) : undefined));
  };
  const finish = (parts: ReturnType<typeof collector>[], from: number, count: number): Batch =>
    ({ from, count, columns: Object.fromEntries(columns.map(({ name }, at) => [name, (parts[at] as ReturnType<typeof collector>).done(count)])) });
  using session = await database.open(signal);
  let [from, count] = [0, 0];
  let parts = fresh(0);
  // Behind the columns, a hash of each text.
  const hashed = columns.filter(({ type }) => type === 'string');
  const hashOf = columns.map((column) => (column.type === 'string' ? columns.length + hashed.indexOf(column) : null));
  const select = columns.length === 0 ? '1' : [...columns.map(readable), ...hashed.map((column) => `hash(${readable(column)})`)].join(', ');
  const condition = where === undefined ? '' : ` WHERE ${(await compile(session, bound, where)).sql}`;
  for await (const chunk of session.stream(`SELECT ${select} FROM data${condition}`)) {
    for (let at = 0; at < chunk.rowCount;) {
      const taken = Math.min(chunk.rowCount - at, size - count);
      parts.forEach((part, place) => part.take(chunk.getColumnVector(place), { from: at, to: at + taken, at: count }, hashOf[place] == null ? undefined : chunk.getColumnVector(hashOf[place])));
      at += taken;
      count += taken;
      if (count < size) continue;
      yield finish(parts, from, count);
      from += count;
      count = 0;
      parts = fresh(Math.min(from, bound.rows));
    }
  }
  if (count > 0) yield finish(parts, from, count);
}

async function countMissing(session: Session, { columns, rows }: Bound): Promise<Record<string, number>> {
  const [counts] = await session.rows(`SELECT ${columns.map(({ id }) => `count(${id}) AS ${id}`).join(', ')} FROM data`);
  return Object.fromEntries(columns.map(({ name, id }) => [name, rows - Number(counts?.[id])]));
}

type Cell = string | number | boolean | null;

async function readCells(session: Session, bound: Bound, { rows, columns }: { rows: readonly number[]; columns: readonly string[] }): Promise<Cell[][]> {
  const wanted = columns.map((name) => columnOf(bound, name));
  const odd = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= bound.rows);
  if (odd !== undefined) throw new RunyardError('not_found', `the data have no row ${odd}`, `rows are 0 to ${bound.rows - 1}`);
  if (rows.length === 0) return [];
  const found = new Map<number, Cell[]>();
  const list = [...new Set(rows)].join(', ');
  // Rows of a part of the files have no number of their own there.
  const [number, from] = bound.row === null ? ['place', '(SELECT *, row_number() OVER () - 1 AS place FROM data)'] : [bound.row, 'data'];
  for (const one of await session.rows(`SELECT ${[`${number} AS row`, ...wanted.map((column, at) => `${readable(column)} AS v${at}`)].join(', ')} FROM ${from} WHERE ${number} IN (${list})`)) {
    found.set(Number(one['row']), wanted.map(({ type }, at) => cellOf(one[`v${at}`], type === 'bool')));
  }
  return rows.map((row) => found.get(row) ?? wanted.map(() => null));
}

/** What JSON can't hold becomes text: whole numbers beyond 2^53, infinities. */
function cellOf(value: unknown, truth: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (truth) return Number(value) !== 0;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' || typeof value === 'string' ? value : String(value);
}

type Counted = { value: string; count: number };

async function frequent(session: Session, column: BoundColumn, most: number): Promise<Counted[]> {
  const shown = column.type === 'bool' ? `CASE WHEN ${column.id} THEN 'True' ELSE 'False' END` : readable(column);
  const limit = Math.max(0, Math.floor(most));
  const count = async (some: string): Promise<Counted[]> => (await session.rows(
    `SELECT CAST(${shown} AS VARCHAR) AS value, count(*) AS count FROM data WHERE ${column.id} IS NOT NULL${some} GROUP BY ALL ORDER BY count DESC, value LIMIT ${limit}`,
  )).map((one) => ({ value: String(one['value']), count: Number(one['count']) }));
  try {
    return await count('');
  } catch (error) {
    if (!(error instanceof RunyardError && error.code === 'refused')) throw error;
  }
  // Nearly every value is another and they don't fit into memory: a part of them after the other.
  const parts: Counted[] = [];
  for (let part = 0; part < PARTS; part++) parts.push(...(await count(` AND hash(${column.id}) % ${PARTS} = ${part}`)));
  return parts.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
}

