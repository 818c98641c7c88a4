/** Paths as the store keeps them: relative to the workspace, with '/', so that a moved folder works. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RunyardError } from '../base/errors';

const inside = (path: string): boolean => path === '' || (path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path));
const slashes = (path: string): string => path.split(sep).join('/') || '.';

/** Links in the folders above resolved, the last name kept: a venv's python is a link that must stay one. */
function realFolder(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

/** Relative to the workspace where it lies in it, else as it is (absolute). Links above it are looked through where the plain path lies outside. */
export function toRelative(workspace: string, path: string): string {
  const absolute = resolve(workspace, path);
  const plain = relative(workspace, absolute);
  if (inside(plain)) return slashes(plain);
  const real = existsSync(workspace) ? relative(realpathSync(workspace), realFolder(absolute)) : plain;
  return inside(real) ? slashes(real) : absolute;
}

/** Like toRelative, but refuses what lies outside. `what` names it for the message. */
export function withinWorkspace(workspace: string, path: string, what: string): string {
  const found = toRelative(workspace, path);
  if (!isAbsolute(found)) return found;
  throw new RunyardError('refused', `${what} ${path} lies outside the workspace ${workspace}`, 'open the folder that holds it, or give --workspace');
}
