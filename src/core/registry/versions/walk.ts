/** The files that a model is made of. */
import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';

/** `path` below the folder, with '/'; `file` where its bytes lie (absolute). */
export interface FoundFile { path: string; file: string; size: number }

const MOST = 10_000;

/**
 * A file by itself, under its name; of a folder all plain files in it, sorted by path. A link in a folder counts as the file that it leads to,
 * where that lies in the folder. Throws not_found where there is nothing; refused for a link that leads out, for what can't be read; bad_input for a
 * folder that is no model's (empty, too large, with what isn't a file).
 */
export async function filesOf(root: string): Promise<FoundFile[]> {
  const real = await readable(root, () => realpath(root));
  const facts = await stat(real);
  if (facts.isFile()) return [{ path: path.basename(root), file: real, size: facts.size }];
  if (!facts.isDirectory()) throw new RunyardError('bad_input', `${root} is neither a file nor a folder`, 'give the file or the folder of the model');
  const found = await walk(real, real, '');
  if (found.length === 0) throw new RunyardError('bad_input', `the folder ${root} is empty`, 'give the folder that the model lies in');
  if (found.some(({ path: name }) => name === 'manifest.json')) throw new RunyardError('bad_input', `${path.join(root, 'manifest.json')} has the name of the file that says what is live`, 'give it another name, or register the folder below it');
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function walk(root: string, folder: string, below: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const name of await readable(folder, () => readdir(folder))) {
    if (name === '__pycache__') continue;
    const at = below === '' ? name : `${below}/${name}`;
    if (name === '.runyard' || name === '.git') throw new RunyardError('bad_input', `${root} is a project and no model: it has a folder ${at}`, 'give the folder that the model alone lies in');
    const file = path.join(folder, name);
    const facts = await lstat(file);
    if (facts.isDirectory()) found.push(...await walk(root, file, at));
    else found.push(await one(root, { path: at, file, facts }));
    if (found.length > MOST) throw new RunyardError('bad_input', `${root} has more than ${MOST} files`, 'give the folder that the model alone lies in');
  }
  return found;
}

async function one(root: string, { path: at, file, facts }: { path: string; file: string; facts: Stats }): Promise<FoundFile> {
  if (facts.isFile()) return { path: at, file, size: facts.size };
  if (!facts.isSymbolicLink()) throw new RunyardError('bad_input', `${file} is no plain file`, 'take it out of the folder');
  const target = await readable(file, () => realpath(file));
  if (!target.startsWith(root + path.sep)) throw new RunyardError('refused', `${file} is a link that leads out of the folder, to ${target}`, 'put the file itself there: cp -rL makes a copy without links');
  const behind = await stat(target);
  if (!behind.isFile()) throw new RunyardError('refused', `${file} is a link to a folder`, 'put the folder itself there: cp -rL makes a copy without links');
  return { path: at, file: target, size: behind.size };
}

/** The work, its system errors as a person reads them. */
export async function readable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (['ENOENT', 'ENOTDIR'].includes(code)) throw new RunyardError('not_found', `there is no file ${file}`, 'look at its path; relative ones count from the workspace', { cause: error });
    if (['EACCES', 'EPERM'].includes(code)) throw new RunyardError('refused', `${file} can't be read (${code})`, 'give yourself the right to read it', { cause: error });
    if (code === 'ELOOP') throw new RunyardError('refused', `${file} is a link that leads to itself`, 'put the file itself there', { cause: error });
    throw error;
  }
}
