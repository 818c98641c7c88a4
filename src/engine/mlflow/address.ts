/** Where clients find this workspace: kept over engines, so that a client's next try reaches the next engine. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { writeWhole } from '../../core/tracking/run-folder';

const record = z.object({ port: z.number().int().min(0).max(65_535), token: z.string().regex(/^[0-9a-f]{32,}$/) });
export type HttpAddress = z.infer<typeof record>;

const fileOf = (dir: string): string => path.join(dir, 'http.json');

export const newToken = (): string => randomBytes(24).toString('hex');

/** What is kept, or a new token with no port yet. `dir` is the .runyard folder. */
export function readAddress(dir: string): HttpAddress {
  const fresh = { port: 0, token: newToken() };
  if (!existsSync(fileOf(dir))) return fresh;
  try {
    return record.parse(JSON.parse(readFileSync(fileOf(dir), 'utf8')));
  } catch {
    return fresh; // not what we wrote: clients are told the new one
  }
}

/** This user's alone may read it. */
export const writeAddress = (dir: string, address: HttpAddress): void => writeWhole(fileOf(dir), `${JSON.stringify(address)}\n`);
