/** What SQLite's errors mean to a person. Source: https://sqlite.org/rescode.html */
import { statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError } from '../base/errors';

const IOERR = 10, CORRUPT = 11, FULL = 13, NOTADB = 26;
const NAMES: readonly [prefix: string, code: number][] = [['SQLITE_FULL', FULL], ['SQLITE_IOERR', IOERR], ['SQLITE_CORRUPT', CORRUPT], ['SQLITE_NOTADB', NOTADB]];

/** The primary result code of a binding's error: better-sqlite3 names it, node:sqlite numbers it. 0 where it isn't SQLite's or isn't known here. */
function resultCode(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  const code = 'code' in error ? String(error.code) : '';
  return NAMES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 0;
}

/** Whether the error says that the file isn't a sound database. */
export const isCorrupt = (error: unknown): boolean =>
  (error instanceof RunyardError && error.code === 'store_corrupt') || [CORRUPT, NOTADB].includes(resultCode(error));

/** Beside the store: the next opening checks every page, because one was found broken. */
export const suspicionFile = (file: string): string => `${file}.check`;

/** The error as it goes on: a RunyardError with the way out where there is one, else the same. */
export function explain(error: unknown, file: string): unknown {
  if (error instanceof RunyardError) return error;
  const code = resultCode(error);
  if (code === FULL || (code === IOERR && noSpace(file))) {
    return new RunyardError('disk_full', `the disk is full: ${path.dirname(file)}`, 'free some space; nothing is lost, what was not stored yet is taken in again then', { cause: error });
  }
  if (code === CORRUPT || code === NOTADB) {
    suspect(file);
    return new RunyardError('store_corrupt', `the store is damaged: ${file}`, 'restart the engine: it moves the file aside and rebuilds the store from the run folders', { cause: error });
  }
  return error;
}

function noSpace(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path.dirname(file));
    return bavail * bsize < 128 * 1024;
  } catch {
    // The folder itself is gone or unreadable: that isn't a full disk.
    return false;
  }
}

/** Says whether the mark could be left; where it couldn't (a full or read-only disk) the next opening still makes its own quick checks. */
function suspect(file: string): boolean {
  try {
    writeFileSync(suspicionFile(file), 'a damaged page was met\n');
    return true;
  } catch {
    return false;
  }
}
