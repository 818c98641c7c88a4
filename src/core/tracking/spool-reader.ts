/** Reads the whole lines of a spool from an offset on, a piece at a time. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../base/errors';
import { isSpool } from './run-folder';

/** A piece: whole lines as text, and the offset behind them. `torn` holds what lies behind the last newline, at the file's end only. */
export interface Piece { text: string; to: number; torn: string; end: boolean }

const CHUNK = 256 * 1024;
/** A line longer than this can't be an event: it is given back as one piece of its own, to be told as a problem. */
const LONGEST_LINE = 16 * 1024 * 1024;
const buffers = new Map<number, Buffer>();

/** Null where the file is gone. Offsets are in bytes; one behind the file's end reads nothing. */
export function readPiece(path: string, offset: number): Piece | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const { size } = fstatSync(fd);
    for (let want = CHUNK; ; want *= 2) {
      const buffer = want === CHUNK ? (buffers.get(want) ?? keep(want)) : Buffer.allocUnsafe(want);
      const n = offset < size ? readSync(fd, buffer, 0, want, offset) : 0;
      const end = offset + n >= size;
      const last = buffer.lastIndexOf(10, n - 1);
      if (n > 0 && last >= 0) {
        const whole = last + 1;
        return { text: buffer.toString('utf8', 0, whole), to: offset + whole, torn: end ? buffer.toString('utf8', whole, n) : '', end };
      }
      if (end) return { text: '', to: offset, torn: buffer.toString('utf8', 0, n), end };
      if (want >= LONGEST_LINE) return { text: `${buffer.toString('utf8', 0, 200)}\n`, to: offset + n, torn: '', end: false };
    }
  } finally {
    closeSync(fd);
  }
}

function keep(size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  buffers.set(size, buffer);
  return buffer;
}

/** The spools of a run folder with their sizes, by name; empty where the folder is gone. */
export function spoolSizes(folder: string): Map<string, number> {
  const sizes = new Map<string, number>();
  try {
    for (const name of readdirSync(folder).filter(isSpool).sort()) sizes.set(name, statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  return sizes;
}
