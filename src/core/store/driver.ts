/**
 * One narrow face over two SQLite bindings: better-sqlite3 (faster) and Node's own node:sqlite (where the first one's binary
 * doesn't load: an older glibc, an older Node-API). Nothing else in the project imports either.
 */
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import type NodeSqlite from 'node:sqlite';
import { describeError, RunyardError } from '../base/errors';
import { explain } from './failures';

export type DriverName = 'better-sqlite3' | 'node:sqlite';
/** What SQLite takes and gives. A NaN must be turned into the text 'NaN' before: SQLite would keep it as NULL. */
export type Cell = string | number | null;

/** A prepared statement; parameters are bound by position. */
export interface Statement {
  /** How many rows it changed. */
  run(...params: Cell[]): number;
  /** The same with the parameters in one array, which isn't copied: for statements with hundreds of them. */
  runWith(params: Cell[]): number;
  /** The first row as an object, by column name; T is what the SQL selects. */
  get<T>(...params: Cell[]): T | undefined;
  all<T>(...params: Cell[]): T[];
  /** Rows as arrays: for many rows, quicker than objects. */
  rows(...params: Cell[]): Cell[][];
}

export interface Database {
  readonly driver: DriverName;
  readonly file: string;
  exec(sql: string): void;
  /** Prepares once for each text. */
  prepare(sql: string): Statement;
  /** All or nothing. Errors come out as RunyardError where they are known (disk_full, store_corrupt). A transaction in one joins it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface Binding { driver: DriverName; exec(sql: string): void; prepare(sql: string): Statement; inTransaction(): boolean; close(): void }
export interface OpenOptions { file: string; readonly?: boolean }

const load = createRequire(import.meta.url);
/** The text of a driver's fall back, said once to the person. */
export interface Driver { name: DriverName; notice: string | null; open(options: OpenOptions): Database }

/**
 * Picks the binding. better-sqlite3 crashes the process below Node-API 10, so the version is asked first;
 * RUNYARD_SQLITE=node picks node:sqlite whatever the machine has.
 */
export function pickDriver(env: NodeJS.ProcessEnv = process.env): Driver {
  if (env['RUNYARD_SQLITE'] === 'node') return nodeDriver('SQLite: using node:sqlite, as RUNYARD_SQLITE asks');
  const napi = Number(process.versions['napi'] ?? 0);
  if (napi < 10) return nodeDriver(`SQLite: using node:sqlite, because Node ${process.version} has Node-API ${napi} and better-sqlite3 needs 10`);
  try {
    const Better = load('better-sqlite3') as typeof BetterSqlite3;
    new Better(':memory:').close();
    return { name: 'better-sqlite3', notice: null, open: (options) => wrap(betterBinding(new Better(options.file, { readonly: options.readonly ?? false })), options.file) };
  } catch (error) {
    return nodeDriver(`SQLite: using node:sqlite, because better-sqlite3 doesn't load here (${describeError(error).split('\n')[0] ?? ''})`);
  }
}

function nodeDriver(notice: string): Driver {
  const { DatabaseSync } = loadNodeSqlite();
  const open = ({ file, readonly = false }: OpenOptions): Database =>
    wrap(nodeBinding(new DatabaseSync(file, { readOnly: readonly, enableForeignKeyConstraints: true })), file);
  return { name: 'node:sqlite', notice, open };
}

/** @throws RunyardError unsupported where this Node is too old to have it */
function loadNodeSqlite(): typeof NodeSqlite {
  try {
    return load('node:sqlite') as typeof NodeSqlite;
  } catch (error) {
    throw new RunyardError('unsupported', `Node ${process.version} has no SQLite that Runyard can use`, 'use Node 22.14 or newer', { cause: error });
  }
}

function betterBinding(db: BetterSqlite3.Database): Binding {
  return {
    driver: 'better-sqlite3',
    exec: (sql) => { db.exec(sql); },
    inTransaction: () => db.inTransaction,
    close: () => { db.close(); },
    prepare(sql) {
      const statement = db.prepare<unknown[]>(sql);
      // A second one, because raw() changes the statement itself.
      let raw: BetterSqlite3.Statement<unknown[]> | undefined;
      return {
        run: (...params) => statement.run(params).changes,
        runWith: (params) => statement.run(params).changes,
        get: <T>(...params: Cell[]) => statement.get(params) as T | undefined,
        all: <T>(...params: Cell[]) => statement.all(params) as T[],
        rows: (...params) => (raw ??= db.prepare<unknown[]>(sql).raw()).all(params) as Cell[][],
      };
    },
  };
}

function nodeBinding(db: NodeSqlite.DatabaseSync): Binding {
  let open = false;
  return {
    driver: 'node:sqlite',
    exec(sql) {
      db.exec(sql);
      if (/^BEGIN/.test(sql)) open = true;
      else if (/^(COMMIT|ROLLBACK)/.test(sql)) open = false;
    },
    // isTransaction came with Node 22.16: before, what was begun counts as open.
    inTransaction: () => ('isTransaction' in db ? Boolean(db.isTransaction) : open),
    close: () => { db.close(); },
    prepare(sql) {
      const statement = db.prepare(sql);
      return {
        run: (...params) => Number(statement.run(...params).changes),
        runWith: (params) => Number(statement.run(...params).changes),
        get: <T>(...params: Cell[]) => statement.get(...params) as T | undefined,
        all: <T>(...params: Cell[]) => statement.all(...params) as T[],
        // Objects keep the columns' order; every statement names its columns apart.
        rows: (...params) => statement.all(...params).map((row) => Object.values(row) as Cell[]),
      };
    },
  };
}

const KEPT_STATEMENTS = 300;

/** Adds what both bindings lack: kept statements, transactions that join, errors that say the way out. */
function wrap(binding: Binding, file: string): Database {
  const kept = new Map<string, Statement>();
  const guard = <T>(work: () => T): T => {
    try { return work(); } catch (error) { throw explain(error, file); }
  };
  const prepare = (sql: string): Statement => {
    let statement = kept.get(sql);
    if (!statement) {
      if (kept.size >= KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? '');
      statement = guarded(guard(() => binding.prepare(sql)), guard);
      kept.set(sql, statement);
    }
    return statement;
  };
  let depth = 0;
  return {
    driver: binding.driver, file, prepare,
    exec: (sql) => guard(() => binding.exec(sql)),
    transaction(work) {
      if (depth > 0) return work();
      guard(() => binding.exec('BEGIN IMMEDIATE'));
      depth += 1;
      try {
        const result = work();
        guard(() => binding.exec('COMMIT'));
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors (a full disk).
        if (binding.inTransaction()) guard(() => binding.exec('ROLLBACK'));
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close: () => { kept.clear(); binding.close(); },
  };
}

function guarded(inner: Statement, guard: <T>(work: () => T) => T): Statement {
  return {
    run: (...params) => guard(() => inner.run(...params)),
    runWith: (params) => guard(() => inner.runWith(params)),
    get: <T>(...params: Cell[]) => guard(() => inner.get<T>(...params)),
    all: <T>(...params: Cell[]) => guard(() => inner.all<T>(...params)),
    rows: (...params) => guard(() => inner.rows(...params)),
  };
}
