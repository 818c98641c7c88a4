/** SQLite files of other programs: opened to be read, never written, closed soon. */
import { closeSync, openSync, readSync } from 'node:fs';
import { RunyardError, systemCode } from '../base/errors';
import { pickDriver, type Cell } from './driver';

export type ForeignRow = Record<string, Cell>;
export interface ForeignDatabase {
  /** Names of its tables with their columns. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rows of one SELECT, parameters by position. Names in the text are the caller's own, never what a file or a person said. */
  all(sql: string, ...params: Cell[]): ForeignRow[];
  close(): void;
}

const MAGIC = 'SQLite format 3\u0000';

/** Throws not_found where there is no such file, bad_input where it is no SQLite database. */
export function openForeign(file: string): ForeignDatabase {
  if (!isSqlite(file)) throw new RunyardError('bad_input', `${file} is no SQLite database`, 'name an mlflow.db');
  const db = pickDriver().open({ file, readonly: true });
  try {
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{ name: string }>();
    const columns = (table: string): Set<string> => new Set(db.prepare('SELECT name FROM pragma_table_info(?)').all<{ name: string }>(table).map(({ name }) => name));
    return {
      tables: new Map(names.map(({ name }) => [name, columns(name)])),
      all: (sql, ...params) => db.prepare(sql).all<ForeignRow>(...params),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether a file begins as SQLite's do. Throws not_found where there is none. */
export function isSqlite(file: string): boolean {
  try {
    const fd = openSync(file, 'r');
    try {
      const head = Buffer.alloc(MAGIC.length);
      readSync(fd, head, 0, MAGIC.length, 0);
      return head.toString('latin1') === MAGIC;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemCode(error) === 'EISDIR') return false;
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `there is no file ${file}`, 'look at its path', { cause: error });
    throw error;
  }
}
