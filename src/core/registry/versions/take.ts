/** Files taken in: copied beside, whole and on the disk, and put in their place by one rename. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { syncPath } from '../../base/durable';
import { RunyardError, systemCode } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { FileFacts } from '../../../protocol/registry';
import type { Watching } from '../types';
import { alteredIn, digestOfFiles, fileIn, PART } from './weights';
import { readable, type FoundFile } from './walk';

/** Files in a folder of their own that nobody knows yet. */
export interface Taken {
  digest: string; files: FileFacts[]; size: number; folder: string;
  /** Puts it in the place of its digest, where it is no news if it is there already. Returns the place. */
  keep(): Promise<string>;
}
export interface TakeOptions {
  /** folder that the digests' folders lie in; it is made where it isn't there */
  root: string;
  watching: Watching;
  /** opens a new file to write; for tests */
  create?(file: string): Promise<FileHandle>;
}

const PIECE = 1 << 20;

/** Copies the files and gives them to `work`; what isn't kept by its end is gone. Throws conflict where a file changes while it is read, disk_full, cancelled. */
export async function takeIn<T>(found: readonly FoundFile[], options: TakeOptions, work: (taken: Taken) => Promise<T>): Promise<T> {
  const folder = await places(options.root, async () => {
    await mkdir(options.root, { recursive: true });
    return mkdtemp(path.join(options.root, PART));
  });
  try {
    const files = await copyAll(found, folder, options);
    const digest = digestOfFiles(files);
    const target = path.join(options.root, digest);
    return await work({ digest, files, size: files.reduce((sum, { size }) => sum + size, 0), folder, keep: () => places(options.root, () => put(folder, target, files)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyAll(found: readonly FoundFile[], folder: string, options: TakeOptions): Promise<FileFacts[]> {
  const total = found.reduce((sum, { size }) => sum + size, 0);
  const files: FileFacts[] = [];
  const folders = new Set([folder]);
  let done = 0;
  for (const one of found) {
    const target = fileIn(folder, one.path);
    await places(options.root, () => mkdir(path.dirname(target), { recursive: true }));
    for (let at = path.dirname(target); at !== folder; at = path.dirname(at)) folders.add(at);
    const { size, digest } = await copyOne(one, target, { ...options, step: (bytes) => { done += bytes; options.watching.progress('copying', done, total); } });
    files.push({ path: one.path, digest, size });
  }
  for (const one of folders) await syncPath(one);
  return files;
}

/** Reads the file once: what is kept is what its digest is of. */
async function copyOne({ path: name, file }: FoundFile, target: string, { root, watching, create = (at) => open(at, 'wx', 0o644), step }: TakeOptions & { step(bytes: number): void }): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256');
  const source = await readable(file, () => open(file, 'r'));
  try {
    const before = await source.stat();
    const sink = await places(root, () => create(target));
    let size = 0;
    try {
      const piece = Buffer.allocUnsafe(PIECE);
      for (let read = await source.read(piece, 0, PIECE); read.bytesRead > 0; read = await source.read(piece, 0, PIECE)) {
        refuseStopped(watching.signal, 'it was stopped while the files were copied');
        const bytes = piece.subarray(0, read.bytesRead);
        hash.update(bytes);
        await places(root, () => writeAll(sink, bytes));
        size += bytes.length;
        step(bytes.length);
      }
      await places(root, () => sink.sync());
    } finally {
      await sink.close();
    }
    const after = await source.stat();
    if (after.size !== size || before.size !== size || before.mtimeMs !== after.mtimeMs) throw new RunyardError('conflict', `${name} changed while it was copied`, 'register it once nothing writes to it any more');
    await chmod(target, 0o444);
    return { size, digest: hash.digest('hex') };
  } finally {
    await source.close();
  }
}

async function writeAll(sink: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) written += (await sink.write(bytes, written)).bytesWritten;
}

/** What lies there and isn't what its name says gives way: somebody changed it, or it was lost in part. */
async function put(folder: string, target: string, files: readonly FileFacts[]): Promise<string> {
  for (;;) {
    try {
      await rename(folder, target);
      await syncPath(path.dirname(target));
      return target;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(systemCode(error)) || !await isFolder(target)) throw error;
    }
    if ((await alteredIn(target, files)).length === 0) return target;
    const broken = await mkdtemp(path.join(path.dirname(target), `${PART}broken-`));
    await rename(target, path.join(broken, 'was'));
    await rm(broken, { recursive: true, force: true });
  }
}

async function isFolder(file: string): Promise<boolean> {
  try {
    await readdir(file);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return false;
    throw error;
  }
}

/** Work on our side of the copy, its system errors as a person reads them. */
async function places<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (['ENOSPC', 'EDQUOT'].includes(code)) throw new RunyardError('disk_full', `no space for the model's files in ${root}`, 'free some space on that disk; nothing of it was kept', { cause: error });
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) throw new RunyardError('refused', `${root} can't be written (${code})`, 'make the folder writable', { cause: error });
    throw error;
  }
}
