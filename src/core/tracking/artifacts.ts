/** Files that runs keep, stored once by what is in them: .runyard/objects/ab/<sha256>, and the run's own file a link to it. */
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunyardError, systemCode } from '../base/errors';
import { paths } from './run-folder';

export interface StoredArtifact { digest: string; size: number }

/** Why a path can't be an artifact's, or null: it has to stay below artifacts/. */
export function artifactPathProblem(path: string): string | null {
  const parts = path.split(/[\\/]/);
  const bad = /^(?:[\\/]|[A-Za-z]:)/.test(path) || parts.includes('..') || path.includes('\0');
  return bad ? `the artifact path ${JSON.stringify(path)} leaves the run's artifacts: use a relative path without '..'` : null;
}

export const objectPath = (objects: string, digest: string): string => join(objects, digest.slice(0, 2), digest);

/**
 * Hashes artifacts/<path> of a run and puts it among the objects. The run's file stays where it is, as a hard link where the
 * file system has them. Throws refused for a path that leaves the folder (through a link too), not_found, or the system's error.
 */
export async function storeArtifact(folder: string, path: string, objects: string): Promise<StoredArtifact> {
  const problem = artifactPathProblem(path);
  if (problem) throw new RunyardError('refused', problem);
  const file = join(paths.artifacts(folder), path);
  const facts = await factsOf(folder, file, path);
  // A file that is replaced while it is read is read again: its digest has to be that of what lies there.
  for (let before = facts, tries = 0; ; tries++) {
    const digest = await sha256(file);
    const after = await stat(file);
    if (after.ino === before.ino && after.size === before.size && after.mtimeMs === before.mtimeMs) {
      await put(file, objectPath(objects, digest), after.size);
      return { digest, size: after.size };
    }
    if (tries === 5) throw new RunyardError('conflict', `the artifact ${path} is still being written`, 'log it once it is whole');
    before = after;
  }
}

async function factsOf(folder: string, file: string, path: string): Promise<Stats> {
  try {
    const facts = await lstat(file);
    const root = await realpath(paths.artifacts(folder));
    const real = await realpath(file);
    if (!real.startsWith(root + sep)) throw new RunyardError('refused', `the artifact ${path} is a link that leaves the run's artifacts`);
    if (!facts.isFile()) throw new RunyardError('bad_input', `the artifact ${path} is not a file`);
    return facts;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `the artifact ${path} is not in the run's artifacts`, '', { cause: error });
    throw error;
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** The original is never away: the object is made from it first, and a link takes its place by rename. */
async function put(file: string, object: string, size: number): Promise<void> {
  await mkdir(dirname(object), { recursive: true });
  const there = await sizeOf(object);
  if (there === null || there !== size) {
    const part = `${object}.${process.pid}.part`;
    await rm(part, { force: true });
    if (!await tryLink(file, part)) await copyFile(file, part);
    // A copy by its digest isn't to be changed in place, by either name.
    await chmod(part, 0o444);
    await rename(part, object);
    await rm(part, { force: true });
    return;
  }
  const part = `${file}.${process.pid}.part`;
  await rm(part, { force: true });
  if ((await stat(file)).ino !== (await stat(object)).ino && await tryLink(object, part)) await rename(part, file);
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** False where this file system has no hard links, or these two places don't share one. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS', 'EACCES'].includes(systemCode(error))) return false;
    throw error;
  }
}
