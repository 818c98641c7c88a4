// Where things lie. Everything that is made, and isn't dist/ or node_modules/, goes under one folder that git ignores.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The folder for what is fetched or made; `RUNYARD_CACHE` moves it, for a cache kept between clones. */
export const cache = path.resolve(root, process.env.RUNYARD_CACHE ?? '.cache');

export const dist = path.join(root, 'dist');
export const workbenchDir = path.join(cache, 'workbench');
export const venvDir = path.join(cache, 'venv');

/** The interpreter inside a virtual environment. @param {string} venv */
export function venvPython(venv) {
  return process.platform === 'win32' ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python');
}
