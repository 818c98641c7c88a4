/** A chain's file: whole lines, added at its end. */
import { closeSync, constants, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appendLines } from '../../base/durable';
import { RunyardError, systemCode } from '../../base/errors';

/** `lines`: whole ones. `tail`: what stands behind the last line's end, '' in a file that nobody was ended in the midst of. Sizes in bytes. */
export interface ChainLines { lines: string[]; tail: string; /** up to the end of the last whole line */ whole: number; size: number }

/** From `offset` (bytes) on; null where there is no file. */
export function readChainFile(file: string, offset = 0): ChainLines | null {
  let bytes: Buffer;
  try {
    bytes = offset === 0 ? readFileSync(file) : readFrom(file, offset);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  return { lines, tail: bytes.toString('utf8', end), whole: offset + end, size: offset + bytes.length };
}

function readFrom(file: string, offset: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - offset));
    let read = 0;
    while (read < bytes.length) {
      const got = readSync(handle, bytes, read, bytes.length - read, offset + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(handle);
  }
}

/**
 * Adds whole lines, and begins on a line of its own whatever the file ends with. On the disk when it returns; a file that it had to make, too.
 * Returns the file's size before and after. Throws disk_full, and then (as after any error) the file is as it was.
 */
export function addLines(file: string, lines: readonly string[]): { before: number; after: number } {
  try {
    if (!existsSync(file)) prepareFolder(path.dirname(file));
    const handle = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o644);
    try {
      const sizes = appendLines(handle, lines);
      if (sizes.before === 0) syncFolder(path.dirname(file));
      return sizes;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw noSpace(error, file);
  }
}

/** Two branches that both have a chain's lines are one with all of them; no line's end is ever changed. */
const ATTRIBUTES = '*.jsonl -text merge=union\n';

/** Makes the folder, as one whose chains git merges by itself. */
function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, '.gitattributes');
  if (existsSync(file)) return;
  try {
    writeFileSync(file, ATTRIBUTES);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

/** Writes the whole file anew, by one rename. Throws disk_full. Returns its size. */
export function writeChainFile(file: string, lines: readonly string[]): number {
  const fresh = `${file}.new`;
  truncateIfThere(fresh);
  const { after } = addLines(fresh, lines);
  renameSync(fresh, file);
  syncFolder(path.dirname(file));
  return after;
}

function truncateIfThere(file: string): void {
  try {
    truncateSync(file, 0);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** The disk's own errors for being full, in words; EFBIG is a limit of the process or the file system. */
function noSpace(error: unknown, file: string): unknown {
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error))) return error;
  return new RunyardError('disk_full', `no space to write to the ledger: ${path.dirname(file)}`, 'free some space; nothing was changed', { cause: error });
}

/** A name that was just made is on the disk only with its folder. Where folders can't be opened the file system keeps its own order. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch (error) {
    if (['EISDIR', 'EPERM', 'EACCES'].includes(systemCode(error))) return;
    throw error;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes(systemCode(error))) throw error;
  } finally {
    closeSync(handle);
  }
}
