// A copy of examples/ to play in: its own git repository, so that runs have a commit, with the sample's Python beside it.
import { appendFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { root, venvDir } from '../lib/paths.mjs';
import { answers, remove, run, say } from '../lib/shell.mjs';

const sample = 'car-loan';
const who = ['-c', 'user.name=Runyard sample', '-c', 'user.email=sample@localhost', '-c', 'commit.gpgsign=false'];

/**
 * Copies examples/ and prepares the sample. What a person changed in an earlier copy is kept: it is only brought up to date
 * while git says that nothing in it was changed.
 * @param {string} target where the copy goes
 * @param {{ fresh?: boolean }} [options] fresh throws an earlier copy away
 * @returns {Promise<string>} the folder to open
 */
export async function copySample(target, options = {}) {
  if (options.fresh) remove(target);
  const folder = path.join(target, sample);
  if (existsSync(folder) && !(await isUnchanged(folder))) {
    say(`${folder} has changes of yours: opened as it is ("npm start -- --fresh" starts anew)`);
    return folder;
  }
  mkdirSync(target, { recursive: true });
  cpSync(path.join(root, 'examples'), target, {
    recursive: true,
    filter: (file) => !/[\\/](\.venv|\.runyard|__pycache__)$/.test(file),
  });
  const venv = path.join(folder, '.venv');
  if (!existsSync(venv)) symlinkSync(venvDir, venv, process.platform === 'win32' ? 'junction' : 'dir');
  if (answers('git')) await commit(folder);
  else say('no git on this machine: runs will have no commit');
  return folder;
}

/** @param {string} folder */
async function isUnchanged(folder) {
  if (!answers('git') || !existsSync(path.join(folder, '.git'))) return false;
  return (await run('git', ['status', '--porcelain'], { cwd: folder })).trim() === '';
}

/** @param {string} folder */
async function commit(folder) {
  if (!existsSync(path.join(folder, '.git'))) {
    await run('git', ['init', '--quiet'], { cwd: folder });
    // The link to the environment is ours, not the sample's.
    appendFileSync(path.join(folder, '.git', 'info', 'exclude'), '.venv\n.runyard\n');
  }
  await run('git', ['add', '--all'], { cwd: folder });
  if (await isUnchanged(folder)) return;
  await run('git', [...who, 'commit', '--quiet', '--no-verify', '-m', 'The sample'], { cwd: folder });
}
