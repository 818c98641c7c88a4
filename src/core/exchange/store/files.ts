/** Files of an import: beside, then renamed into place, so that none is ever half there. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunyardError, systemCode } from '../../base/errors';
import { artifactPathProblem } from '../../tracking/artifacts';
import type { Artifact } from '../model';

/** Bytes of the file that lies there now. Throws refused for a path that leaves the folder, disk_full. */
export async function putFile(folder: string, file: Artifact, signal?: AbortSignal): Promise<number> {
  const problem = artifactPathProblem(file.path);
  if (problem) throw new RunyardError('refused', problem);
  const target = path.join(folder, ...file.path.split('/'));
  // One import at a time: what an interrupted one left under this name is written over.
  const part = `${target}.import.part`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await pipeline(await file.open(signal), createWriteStream(part, { mode: 0o600 }), { signal });
    const { size } = await stat(part);
    await rename(part, target);
    return size;
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space for the files', 'free some space on the disk of the workspace, and start the import again: it goes on', { cause: error });
    if (signal?.aborted) throw new RunyardError('cancelled', 'stopped', '', { cause: error });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

/** Bytes of a file below the folder; null where it isn't there. */
export async function sizeOf(folder: string, below: string): Promise<number | null> {
  try {
    const facts = await stat(path.join(folder, ...below.split('/')));
    return facts.isFile() ? facts.size : null;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null;
    throw error;
  }
}

const KINDS: readonly [RegExp, 'image' | 'table'][] = [[/\.(png|jpe?g|gif|svg|webp)$/i, 'image'], [/\.(csv|tsv|parquet)$/i, 'table']];
export const kindOf = (file: string): 'file' | 'image' | 'table' => KINDS.find(([pattern]) => pattern.test(file))?.[1] ?? 'file';
