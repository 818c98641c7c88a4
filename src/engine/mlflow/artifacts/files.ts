/** Files at their places: found without following a link out, listed, deleted. */
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, rm, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../../core/base/errors';
import { invalid } from '../errors';
import type { Place } from './places';

/** A file or a folder as MLflow lists it: its name alone. */
export interface Entry { name: string; size: number | null }

const OUTSIDE = 'Invalid path: resolved path is outside the artifact directory';
/** Nothing can lie at such a path. */
const NOTHING = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

export const fileAt = ({ root, path: below }: Place): string => path.join(root, ...below.split('/'));

/** What lies there, links resolved, or null. Throws INVALID_PARAMETER_VALUE where a link on the way leads out of the place's root. */
export async function locate(place: Pick<Place, 'root'>, file: string): Promise<string | null> {
  try {
    const real = await realpath(file);
    const root = await realpath(place.root);
    if (real !== root && !real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) throw invalid(OUTSIDE);
    return real;
  } catch (error) {
    if (NOTHING.includes(systemCode(error))) return null;
    if (systemCode(error) === 'ELOOP') throw invalid(OUTSIDE);
    throw error;
  }
}

/** What is in a folder, by name; nothing for a file or where nothing lies. Links that lead out or nowhere aren't shown. */
export async function list(place: Place): Promise<Entry[]> {
  const folder = await locate(place, fileAt(place));
  if (folder === null || !(await stat(folder)).isDirectory()) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(entries.filter(({ name }) => !isPart(name)).map((entry) => entryOf(place, folder, entry)));
  return found.filter((entry) => entry !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file on its way into the objects, or out of a run: see storeArtifact and the Python plugin. */
const isPart = (name: string): boolean => name.endsWith(`.${process.pid}.part`) || /^\.part\.\d+\.[0-9a-f]{8}$/.test(name);

async function entryOf(place: Place, folder: string, { name }: Dirent): Promise<Entry | null> {
  const file = path.join(folder, name);
  try {
    const facts = await lstat(file);
    const target = facts.isSymbolicLink() ? await locate(place, file) : file;
    const seen = target === null ? null : facts.isSymbolicLink() ? await stat(target) : facts;
    if (!seen || !(seen.isDirectory() || seen.isFile())) return null;
    return { name, size: seen.isDirectory() ? null : seen.size };
  } catch {
    return null; // gone since, or a link that leads out: not there for a client
  }
}

/** Paths below the place's root of all plain files that deleting it would take; the one of a file is its own. */
export async function filesBelow(place: Place): Promise<string[]> {
  const file = await own(place);
  if (file === null) return [];
  if (!(await lstat(file)).isDirectory()) return [place.path];
  const entries = await readdir(file, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => path.relative(place.root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** Deletes a file, or a folder with all in it; a link goes, not what it leads to. Nothing there is no error. */
export async function remove(place: Place): Promise<void> {
  const file = await own(place);
  if (file === null) return;
  if ((await lstat(file)).isDirectory()) await rm(file, { recursive: true, force: true });
  else await unlink(file);
}

/** The place's own name on the disk, a last link not followed; null where there is nothing. */
async function own(place: Place): Promise<string | null> {
  const file = fileAt(place);
  try {
    await lstat(file);
  } catch (error) {
    if (NOTHING.includes(systemCode(error))) return null;
    throw error;
  }
  return place.path !== '' && await locate(place, path.dirname(file)) === null ? null : file;
}
