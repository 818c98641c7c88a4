/** Golden predictions as they are kept: one file a version's digest, below .runyard/registry/golden/. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { RunyardError, systemCode } from '../../base/errors';
import { mapping } from '../../../protocol/evaluation/request';
import type { Golden, RegistryContext } from '../types';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const golden = z.object({
  format: z.literal(1), columns: z.array(z.string()), rows: z.array(z.array(cell)), mapping, label: z.string().nullable(), types: z.record(z.string(), z.string()),
  predictions: z.array(z.object({ label: z.string().nullable(), scores: z.array(z.number()) })), synthetic: z.boolean(), recorded: z.number(),
});

export interface KeptGolden { golden: Golden; /** SHA-256 (hex) of the file */ digest: string }

export const goldenFile = ({ workspace }: Pick<RegistryContext, 'workspace'>, digest: string): string => path.join(workspace, '.runyard', 'registry', 'golden', `${digest}.json`);

/** Null where none are kept. Throws store_corrupt where the file isn't what was written. */
export async function readGolden(context: Pick<RegistryContext, 'workspace'>, digest: string): Promise<KeptGolden | null> {
  const file = goldenFile(context, digest);
  try {
    const text = await readFile(file, 'utf8');
    return { golden: golden.parse(JSON.parse(text)), digest: digestOf(text) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw new RunyardError('store_corrupt', `${file} can't be read as golden predictions`, 'delete it: they are recorded again at the next promotion', { cause: error });
  }
}

/** Written beside and moved there whole. */
export async function writeGolden(context: Pick<RegistryContext, 'workspace'>, digest: string, kept: Golden): Promise<string> {
  const file = goldenFile(context, digest);
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const text = `${JSON.stringify(kept)}\n`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
    return digestOf(text);
  } catch (error) {
    await rm(beside, { force: true });
    if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space for golden predictions', 'free some space; what was live is live still', { cause: error });
    throw error;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
