/** Files of versions by what is in them: .runyard/weights/DIGEST/PATH. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { systemCode } from '../../base/errors';
import { canonical } from '../ledger/entry';
import type { FileFacts } from '../../../protocol/registry';

export const weightsDir = (workspace: string): string => path.join(workspace, '.runyard', 'weights');
export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
/** A folder that is being made, beside those that are. */
export const PART = '.tmp-';

/** SHA-256 (hex) over paths, digests and sizes of the files, sorted by path: the same bytes under the same names, the same digest. */
export function digestOfFiles(files: readonly FileFacts[]): string {
  const rows = files.map(({ path: name, digest, size }) => [name, digest, size] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(canonical(rows)).digest('hex');
}

/** MLflow's clients find a version's files there. */
export const addressOf = (digest: string): string => `mlflow-artifacts:/weights/${digest}`;

export const isAddress = (location: string): boolean => /^mlflow-artifacts:\/weights\/[0-9a-f]{64}$/.test(location);

/** The digest and the rest of a path below MLflow's artifact service that leads to a version's files; null for all others. */
export function weightsBelow(served: string): { digest: string; below: string } | null {
  const [, digest, below = ''] = /^\/*weights\/+([0-9a-f]{64})(?:\/+(.*))?$/.exec(served) ?? [];
  return digest === undefined ? null : { digest, below };
}

export const fileIn = (folder: string, name: string): string => path.join(folder, ...name.split('/'));

/** Whether a folder has all of the files, by their sizes. */
export const hasAll = (folder: string, files: readonly FileFacts[]): boolean =>
  files.every(({ path: name, size }) => statSync(fileIn(folder, name), { throwIfNoEntry: false })?.size === size);

/** Those that are gone, or whose bytes aren't what they were. */
export async function alteredIn(folder: string, files: readonly FileFacts[]): Promise<FileFacts[]> {
  const altered: FileFacts[] = [];
  for (const file of files) if (await digestOfFile(fileIn(folder, file.path)) !== file.digest) altered.push(file);
  return altered;
}

/** SHA-256 (hex) of a file's bytes; null where there is none. */
export async function digestOfFile(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) hash.update(part);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error))) return null;
    throw error;
  }
  return hash.digest('hex');
}
