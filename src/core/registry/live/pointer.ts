/**
 * What an environment of a model points at, as files that a serving process reads: `<root>/<model>/<environment>/` with the version's files and a manifest.json.
 * The environment is a link to a folder that is made whole before, and is moved onto it by one rename: whoever opens it finds the old state or the new one.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, renameSync, writeSync, type Dirent } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readFile, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { syncPath } from '../../base/durable';
import { RunyardError, systemCode } from '../../base/errors';

export const manifest = z.object({
  format: z.literal(1), model: z.string(), environment: z.string(), version: z.number().int().min(1),
  /** SHA-256 (hex) of each file, by its path in the folder */
  files: z.record(z.string(), z.object({ digest: z.string(), size: z.number().int() })),
  /** ms since the epoch, and who moved it there and why */
  at: z.number().int(), by: z.object({ name: z.string(), email: z.string() }), reason: z.string(),
  /** hash of the ledger's entry that says so */
  entry: z.string(),
});
export type Manifest = z.output<typeof manifest>;

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,199}$/;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a name may be a folder's. Throws bad_input that says why not. */
export function checkFolderName(what: string, name: string): void {
  if (NAME.test(name) && !RESERVED.test(name) && !/[. ]$/.test(name)) return;
  const shown = name.length > 60 ? `${name.slice(0, 57)}...` : name;
  throw new RunyardError('bad_input', `${JSON.stringify(shown)} can't be the name of ${what}`, 'take letters, digits, spaces and . _ + -, at most 200, beginning with a letter or a digit');
}

export interface Source { /** path below the folder, with / */ path: string; /** where its bytes lie */ from: string }
export interface Pointer { root: string; model: string; environment: string }

const linkOf = ({ root, model, environment }: Pointer): string => path.join(root, model, environment);
/** Folders that environments point at: beside them, so that a rename stays on one file system. */
const statesOf = ({ root, model }: Pointer): string => path.join(root, model, '.states');

/** The manifest of what is pointed at; null where nothing is. Throws store_corrupt where the link leads nowhere or the manifest can't be read. */
export async function readPointer(pointer: Pointer): Promise<Manifest | null> {
  const file = path.join(linkOf(pointer), 'manifest.json');
  try {
    return manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !await isThere(linkOf(pointer))) return null;
    throw new RunyardError('store_corrupt', `${file} can't be read`, `promote or roll back again: that writes ${pointer.environment} anew`, { cause: error });
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The disk, a quota, or the largest file that this process may write. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** A state that is whole on disk, and not yet pointed at. */
export interface Prepared { pointer: Pointer; folder: string; manifest: Manifest }

/** Copies the files (as clones where the file system has them) and writes the manifest; all is on the disk when it returns. Nothing is pointed at it yet. */
export async function preparePointer(pointer: Pointer, written: Manifest, sources: readonly Source[]): Promise<Prepared> {
  checkFolderName('a model', pointer.model);
  checkFolderName('an environment', pointer.environment);
  const folder = path.join(statesOf(pointer), `${pointer.environment}-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true });
    for (const source of sources) {
      const target = path.join(folder, ...source.path.split('/'));
      if (!target.startsWith(folder + path.sep) || target === path.join(folder, 'manifest.json')) throw new RunyardError('refused', `the file ${source.path} of ${pointer.model} leaves its folder`, 'register the model with files that lie below one folder');
      await mkdir(path.dirname(target), { recursive: true });
      await copyFile(source.from, target, constants.COPYFILE_FICLONE);
      await syncPath(target);
    }
    const file = path.join(folder, 'manifest.json');
    const handle = await open(file, 'w', 0o644);
    try {
      await handle.writeFile(`${JSON.stringify(manifest.parse(written), null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncPath(folder);
    return { pointer, folder, manifest: written };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (FULL.includes(systemCode(error))) throw new RunyardError('disk_full', `no space for ${pointer.model} version ${written.version} in ${pointer.environment}`, 'free some space; what was live is live still', { cause: error });
    throw error;
  }
}

/** Another manifest for a prepared state, on the disk when it returns. At once, so that nothing comes between it and what the ledger is told next. */
export function restate({ pointer, folder }: Prepared, written: Manifest): Prepared {
  const file = path.join(folder, 'manifest.json');
  const beside = path.join(folder, '.manifest.json');
  const handle = openSync(beside, 'w', 0o644);
  try {
    writeSync(handle, `${JSON.stringify(manifest.parse(written), null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, file);
  return { pointer, folder, manifest: written };
}

/** Takes a prepared state away that nobody is going to point at. */
export async function discard({ folder }: Prepared): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Points the environment at a prepared state: one rename. */
export async function swapPointer({ pointer, folder }: Prepared): Promise<void> {
  const link = linkOf(pointer);
  const fresh = path.join(statesOf(pointer), `.link-${randomBytes(8).toString('hex')}`);
  // Relative, so that a workspace that is moved keeps what is live; a junction, which Windows lets everybody make, is absolute.
  await symlink(process.platform === 'win32' ? folder : path.relative(path.dirname(link), folder), fresh, 'junction');
  try {
    await touchState(link);
    // Windows doesn't rename over a junction: there is a moment without one.
    if (process.platform === 'win32') await rm(link, { recursive: false, force: true });
    await rename(fresh, link);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  await syncPath(path.dirname(link));
}

/** Points the environment at nothing. */
export async function clearPointer(pointer: Pointer): Promise<void> {
  if (!await isThere(linkOf(pointer))) return;
  await refuseFolder(pointer);
  await rm(linkOf(pointer), { recursive: false, force: true });
  await syncPath(path.dirname(linkOf(pointer)));
}

/** Throws refused where something that is no link of ours has the environment's place. */
export async function refuseFolder(pointer: Pointer): Promise<void> {
  const link = linkOf(pointer);
  if (!await isThere(link) || (await lstat(link)).isSymbolicLink()) return;
  throw new RunyardError('refused', `${link} is no link that Runyard made`, 'move it elsewhere: whatever is live goes there');
}

/** Whoever reads the state that is pointed at goes on reading it: from now on it counts how long it isn't any more. */
async function touchState(link: string): Promise<void> {
  try {
    const now = new Date();
    await utimes(path.resolve(path.dirname(link), await readlink(link)), now, now);
  } catch (error) {
    if (systemCode(error) === '') throw error;
  }
}

/**
 * Removes states and links that no environment of the model points at: left by whoever was ended in between, and those that others came after. `graceMs`: younger ones stay, as a
 * serving process may be reading there. Give it a model that nobody is moving.
 */
export async function sweepStates(root: string, model: string, graceMs = 0): Promise<string[]> {
  const states = statesOf({ root, model, environment: '' });
  const entries = async (folder: string): Promise<Dirent[]> => {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  };
  const live = new Set<string>();
  for (const entry of await entries(path.join(root, model))) {
    if (entry.isSymbolicLink()) live.add(path.basename(await readlink(path.join(root, model, entry.name))));
  }
  const dead: string[] = [];
  for (const { name } of await entries(states)) {
    if (live.has(name) || Date.now() - (await lstat(path.join(states, name))).mtimeMs < graceMs) continue;
    await rm(path.join(states, name), { recursive: true, force: true });
    dead.push(name);
  }
  return dead;
}
