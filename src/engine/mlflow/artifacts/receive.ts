/**
 * Takes an upload in: into a file of its own first, in pieces as they come, and to its place by a rename, so that nobody sees half of it
 * and a client that hangs up, or a disk that is full, leaves nothing.
 */
import { randomUUID } from 'node:crypto';
import { copyFile, lstat, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../../core/base/errors';
import { invalid, MlflowError } from '../errors';
import { fileAt, locate } from './files';
import { checkFileName } from './paths';
import type { Place } from './places';

export type Sink = Pick<FileHandle, 'writeFile' | 'close'>;
export interface ReceiveOptions {
  /** where files lie while they come, on the disk of the artifacts */
  uploads: string;
  /** opens a new file; for tests */
  open?(file: string): Promise<Sink>;
}

/**
 * Puts what comes at the place, in place of what was there. Throws INVALID_PARAMETER_VALUE where no file can be there, 507 where the disk
 * is full, and what `body` throws (the client has hung up).
 */
export async function receive(place: Place, body: AsyncIterable<Buffer>, { uploads, open: openSink = (file) => open(file, 'wx') }: ReceiveOptions): Promise<void> {
  const part = path.join(uploads, randomUUID());
  try {
    await checkFree(place);
    await mkdir(uploads, { recursive: true });
    const sink = await openSink(part);
    try {
      for await (const piece of body) await sink.writeFile(piece);
    } finally {
      await sink.close();
    }
    await moveIn(place, part);
  } catch (error) {
    throw told(place, error);
  } finally {
    await rm(part, { force: true });
  }
}

/** Says no before all of the file has come. */
async function checkFree(place: Place): Promise<void> {
  checkFileName(place.name);
  if (place.path === '') throw invalid(`Artifact path refers to a directory, not a file: '${place.name}'`);
  const file = fileAt(place);
  if ((await kind(file)) === 'folder') throw invalid(`Artifact path refers to a directory, not a file: '${place.name}'`);
  for (let at = path.dirname(file); at !== place.root && at.startsWith(place.root); at = path.dirname(at)) {
    const found = await kind(at);
    if (found === 'nothing') continue;
    if (await locate(place, at) === null || !(await stat(at)).isDirectory()) throw notAFolder(place);
    return;
  }
}

const notAFolder = ({ name }: Place): MlflowError => invalid(`Invalid artifact path: '${name}'. A part of it is a file, and no file can be below it`);

async function kind(file: string): Promise<'nothing' | 'folder' | 'other'> {
  try {
    return (await lstat(file)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return 'nothing';
    throw error;
  }
}

async function moveIn(place: Place, part: string): Promise<void> {
  const file = fileAt(place);
  for (let tries = 0; ; tries++) {
    await mkdir(path.dirname(file), { recursive: true });
    await locate(place, path.dirname(file));
    try {
      return await rename(part, file);
    } catch (error) {
      // Its folder was deleted between the two; or it lies on another disk, through a link of the user's.
      if (systemCode(error) === 'EXDEV') return await copyIn(part, file);
      // Windows renames over no read-only file, and what is among the objects is one.
      if (process.platform === 'win32' && ['EPERM', 'EACCES'].includes(systemCode(error)) && tries < 3) await rm(file, { force: true });
      else if (systemCode(error) !== 'ENOENT' || tries === 3) throw error;
    }
  }
}

async function copyIn(part: string, file: string): Promise<void> {
  const beside = `${file}.${process.pid}.part`;
  try {
    await copyFile(part, beside);
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}

/** A failure of the system's in words for the client: never 5xx for what the user can't help by trying again, but for a full disk. */
function told(place: Place, error: unknown): unknown {
  switch (systemCode(error)) {
    case 'ENOSPC': case 'EDQUOT':
      return new MlflowError('INTERNAL_ERROR', `No space to keep the artifact '${place.name}': free some on the disk of the workspace. Nothing of it was kept`, 507);
    case 'EFBIG': return invalid(`The artifact '${place.name}' is larger than the file system of the workspace can hold`);
    case 'ENAMETOOLONG': return invalid(`Invalid artifact path: '${place.name}'. A name in it, or the path, is too long for the file system of the workspace`);
    case 'EISDIR': case 'ENOTEMPTY': return invalid(`Artifact path refers to a directory, not a file: '${place.name}'`);
    case 'ENOTDIR': case 'EEXIST': return notAFolder(place);
    case 'EINVAL': case 'EILSEQ': return invalid(`Invalid artifact path: '${place.name}'. The file system of the workspace can't have such a name`);
    case 'EACCES': case 'EPERM': case 'EROFS': return new MlflowError('PERMISSION_DENIED', `The artifact '${place.name}' can't be written: the folder is read-only for Runyard`);
    default: return error;
  }
}
