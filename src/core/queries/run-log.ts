/** A piece of a run's output. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../base/errors';
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import { isLive } from '../../protocol/model';
import { folderOf, resolve, type QueryContext } from './context';

/**
 * At most `limit` bytes of stdout.log from byte `from`, as text; `next` is where to go on. A character that isn't whole at the
 * end stays for the next piece while the run lives; bytes that are no UTF-8 become U+FFFD. No output yet is empty text.
 * `ended`: the run is over and nothing follows.
 */
export function readRunLog(context: QueryContext, { run, from, limit }: MethodArgs<'runs.log'>): MethodResults['runs.log'] {
  const id = resolve(context, run);
  // Asked before the file is read: what a run printed before its end is in the file by the time it is told.
  const live = isLive(context.store.getRun(id).state);
  const { bytes, size } = readPiece(path.join(folderOf(context, id), 'stdout.log'), from, limit);
  const last = from + bytes.length >= size;
  const whole = last && !live ? bytes : bytes.subarray(0, wholeCharacters(bytes));
  const next = Math.min(from, size) + whole.length;
  return { text: whole.toString('utf8'), next, size, ended: !live && next >= size };
}

function readPiece(file: string, from: number, limit: number): { bytes: Buffer; size: number } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { bytes: Buffer.alloc(0), size: 0 };
    throw error;
  }
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.max(0, Math.min(limit, size - from)));
    return { bytes: bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from)), size };
  } finally {
    closeSync(handle);
  }
}

/** How many of the bytes are whole characters: a UTF-8 sequence cut off at the end is left out, at most 3 bytes. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
