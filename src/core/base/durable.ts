/** Writing that is on the disk when it returns. */
import { fstatSync, fsyncSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCode } from './errors';

/** A file's or a folder's, on the disk. Folders can't be opened everywhere; there the file system keeps its own order. */
export async function syncPath(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(systemCode(error))) throw error;
  }
}

/**
 * Adds lines to a file that is open for reading and appending, all of them or none. They begin on a line of their own: whoever wrote last may have been ended in the midst of one.
 * Returns the file's size before and after, in bytes. Throws what the system says (ENOSPC ...).
 */
export function appendLines(handle: number, lines: readonly string[]): { before: number; after: number } {
  const before = fstatSync(handle).size;
  const last = Buffer.alloc(1);
  const torn = before > 0 && readSync(handle, last, 0, 1, before - 1) === 1 && last[0] !== 0x0a;
  const bytes = Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } catch (error) {
    ftruncateSync(handle, before);
    throw error;
  }
  return { before, after: before + bytes.length };
}
