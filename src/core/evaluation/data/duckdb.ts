/** The only importer of DuckDB: databases of our own for a while, and what is asked of them. The library is loaded when a database is first made. */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBVector } from '@duckdb/node-api';
import { availableParallelism } from 'node:os';
import { describeError, RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';

export type Chunk = DuckDBDataChunk;
export type Vector = DuckDBVector;
export type Row = Record<string, unknown>;

/** What DuckDB itself said: to be turned into something a person can use by whoever knows what was asked. */
export class DuckdbError extends Error {
  override readonly name = 'DuckdbError';
}

export interface Session {
  run(sql: string): Promise<void>;
  /** All rows as objects: for few of them. Whole numbers of 64 bits are bigint. */
  rows(sql: string): Promise<Row[]>;
  /** Chunks of up to 2048 rows, in order, made as they are taken. */
  stream(sql: string): AsyncIterable<Chunk>;
  /** Appends chunks to a table that is there; `fill` writes the values of the rows from `from` on into a chunk. */
  append(table: string, rows: number, fill: (chunk: Chunk, from: number) => void): Promise<void>;
}

export interface Database {
  /** A connection of its own, closed afterwards; when the signal is given, what runs is interrupted and `cancelled` thrown. */
  use<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One that the caller closes: for streams that outlive a call. */
  open(signal?: AbortSignal): Promise<Session & Disposable>;
  close(): void;
}

export interface DatabaseOptions {
  /** a file of ours that doesn't exist yet; in memory unless given */
  file?: string;
  /** bytes */
  memory?: number | undefined;
  /** folder for what doesn't fit into memory */
  temp?: string;
  threads?: number;
}

export const CHUNK_ROWS = 2048;
type Library = typeof import('@duckdb/node-api');

async function load(): Promise<Library> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new RunyardError('unsupported', `DuckDB, which reads data files, can't be loaded on this machine: ${describeError(error)}`, 'install Runyard for this platform, or run npm install where it comes from', { cause: error });
  }
}

/** Each thread has buffers of its own: with little memory there are few of them, as DuckDB's guide to larger-than-memory work has it (125 MB each). */
function threadsFor(threads: number | undefined, memory: number | undefined): { threads?: string } {
  const most = threads ?? availableParallelism();
  const fit = memory === undefined ? most : Math.max(1, Math.min(most, Math.floor(memory / 125_000_000)));
  return threads === undefined && fit === most ? {} : { threads: String(fit) };
}

/** A new database. Nothing is ever downloaded: extensions that aren't built in are not there. */
export async function createDatabase({ file, memory, temp, threads }: DatabaseOptions = {}): Promise<Database> {
  const library = await load();
  const instance: DuckDBInstance = await asked(() => library.DuckDBInstance.create(file ?? ':memory:', {
    autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', preserve_insertion_order: 'true',
    ...(temp === undefined ? {} : { temp_directory: temp }),
    ...(memory === undefined ? {} : { memory_limit: `${Math.max(1, Math.floor(memory / 1024))}KiB` }),
    ...threadsFor(threads, memory),
  }));
  const open = async (signal?: AbortSignal): Promise<Session & Disposable> => {
    refuseStopped(signal);
    return session(library, await asked(() => instance.connect()), signal);
  };
  return {
    open,
    async use(work, signal) {
      using one = await open(signal);
      return await work(one);
    },
    close: () => instance.closeSync(),
  };
}

function session({ DuckDBDataChunk: Chunks }: Library, connection: DuckDBConnection, signal: AbortSignal | undefined): Session & Disposable {
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop, { once: true });
  const ask = <T>(work: () => Promise<T>): Promise<T> => asked(work, signal);
  return {
    run: (sql) => ask(async () => void (await connection.run(sql))),
    rows: (sql) => ask(async () => (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[]),
    async *stream(sql) {
      const result = await ask(() => connection.stream(sql));
      const fetch = (): Promise<Chunk | null> => ask(() => result.fetchChunk());
      let coming = fetch();
      try {
        for (;;) {
          const chunk = await coming;
          if (chunk === null || chunk.rowCount === 0) return;
          // The next one is made while this one is read.
          coming = fetch();
          coming.catch(() => undefined);
          yield chunk;
        }
      } finally {
        // The connection may be closed now: nothing may be under way on it.
        await coming.catch(() => undefined);
      }
    },
    append: (table, rows, fill) => ask(async () => {
      const appender = await connection.createAppender(table);
      try {
        const types = Array.from({ length: appender.columnCount }, (_, at) => appender.columnType(at));
        for (let from = 0; from < rows; from += CHUNK_ROWS) {
          refuseStopped(signal);
          const chunk = Chunks.create(types, Math.min(CHUNK_ROWS, rows - from));
          fill(chunk, from);
          appender.appendDataChunk(chunk);
        }
      } finally {
        appender.closeSync();
      }
    }),
    [Symbol.dispose]: () => {
      signal?.removeEventListener('abort', stop);
      connection.closeSync();
    },
  };
}

/** DuckDB's own errors as such; `cancelled` where it was we who stopped it. */
async function asked<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  refuseStopped(signal);
  try {
    return await work();
  } catch (error) {
    refuseStopped(signal);
    if (error instanceof RunyardError) throw error;
    const said = describeError(error);
    if (/No space left|disk (is )?full/i.test(said)) throw new RunyardError('disk_full', 'there is no room on the disk for what does not fit into memory', 'make room', { cause: error });
    if (/^Out of Memory/.test(said)) throw new RunyardError('refused', `DuckDB needs more memory than it may use: ${said.split('\n')[0] ?? ''}`, 'let it use more, or read fewer columns', { cause: error });
    throw new DuckdbError(said, { cause: error });
  }
}

/** A name in SQL. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
/** A text in SQL. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
/** A list of texts in SQL. */
export const texts = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;
