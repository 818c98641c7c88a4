/** Who this clone is: an id of its own, made once, by which its chain of the ledger is called. */
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { systemCode } from '../../base/errors';

const document = z.object({ format: z.literal(1), id: z.string().regex(/^[0-9a-f]{16}$/), file: z.string() });

/**
 * The id in `dir`/clone.json, made where there is none. A workspace's folder that was copied gets another one (`copied`): two writers of one chain
 * would each overwrite what the other said. The copy is known by its file's number on the disk, which a file that is only moved keeps.
 */
export function cloneId(dir: string): { id: string; copied: boolean } {
  const file = path.join(dir, 'clone.json');
  const found = read(file);
  if (found && found.file === numberOf(statSync(file, { bigint: true }))) return { id: found.id, copied: false };
  return { id: write(file), copied: found !== null };
}

const numberOf = ({ ino }: { ino: bigint }): string => String(ino);

function read(file: string): z.output<typeof document> | null {
  try {
    return document.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch (error) {
    // Cut short while it was made: nothing was written in its name yet.
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function write(file: string): string {
  const id = randomBytes(8).toString('hex');
  const fresh = `${file}.${id}`;
  const handle = openSync(fresh, 'wx', 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ format: 1, id, file: numberOf(fstatSync(handle, { bigint: true })) })}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, file);
  return id;
}
