/** Where the files of a run or a model lie on this machine, from the address that MLflow kept of them. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Roots {
  /** folders that files may be read from: the source's own and those that the person named. Nothing outside is copied, whatever an address says */
  allowed: readonly string[];
  /** what `mlflow-artifacts:/` stands for, first that has it */
  proxied: readonly string[];
  /** what a relative address is relative to */
  base: string;
}
export type Place = { folder: string } | { missing: string };

/**
 * The folder behind an address; or why there is none that can be read, with the way out. `usual` is where a store keeps it beside the rest: it stands
 * for an address with the same end, so that a folder that was copied or moved keeps its files.
 */
export function placeOf(address: string, roots: Roots, usual?: string): Place {
  if (usual !== undefined && (address === '' || sameEnd(address, usual)) && existsSync(usual) && (address === '' || readdirSync(usual).length > 0)) return { folder: usual };
  const place = addressed(address, roots);
  return 'missing' in place && usual !== undefined && sameEnd(address, usual) && !existsSync(localPath(address, roots.base) ?? '') ? { folder: usual } : place;
}

const sameEnd = (address: string, folder: string): boolean => /^(?:file:|[^:]*$)/.test(address) && address.endsWith(`/${folder.split(path.sep).slice(-2).join('/')}`);

function addressed(address: string, { allowed, proxied, base }: Roots): Place {
  const proxy = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(address);
  if (proxy) {
    const below = safeBelow(proxy[1] ?? '');
    if (below === null) return { missing: `its files are said to lie at ${address}, which leaves its folder` };
    const found = proxied.map((root) => path.join(root, below)).find((one) => existsSync(one));
    return found === undefined ? noFiles(address, proxied, base) : { folder: found };
  }
  const local = localPath(address, base);
  if (local === null) return { missing: `its files lie at ${address}: import from the server that reads them, or copy them here and name their folder with --artifacts` };
  if (!existsSync(local)) return movedTo(local, allowed);
  const real = realpathSync(local);
  if (allowed.some((root) => isBelow(existsSync(root) ? realpathSync(root) : root, real))) return { folder: local };
  return { missing: `its files lie at ${local}, outside of what is imported: name that folder with --artifacts to copy them` };
}

function noFiles(address: string, proxied: readonly string[], base: string): Place {
  // Nothing was ever logged, where the folder that the server keeps all in is known.
  const known = proxied.filter((root) => existsSync(root));
  return known.length > 0 ? { folder: path.join(known[0] ?? base, safeBelow(address.replace(/^mlflow-artifacts:(?:\/\/[^/]*)?\/*/, '')) ?? '') }
    : { missing: `its files lie at ${address}: name the folder in which that server keeps artifacts with --artifacts` };
}

/** A store that was moved: the same end of the path below one of the folders. */
function movedTo(local: string, allowed: readonly string[]): Place {
  const parts = local.split(path.sep).filter(Boolean);
  for (let count = Math.min(6, parts.length - 1); count >= 2; count -= 1) {
    const found = allowed.map((root) => path.join(root, ...parts.slice(-count))).find((one) => existsSync(one));
    if (found !== undefined) return { folder: found };
  }
  return allowed.some((root) => isBelow(root, local)) ? { folder: local } : { missing: `its files are said to lie at ${local}, which isn't there: name their folder with --artifacts` };
}

export const isBelow = (root: string, one: string): boolean => {
  const relative = path.relative(root, one);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
};

function safeBelow(text: string): string | null {
  const parts = text.split(/[\\/]/).filter(Boolean);
  return parts.some((part) => part === '..' || part.includes('\0')) ? null : path.join(...(parts.length > 0 ? parts : ['.']));
}

function localPath(address: string, base: string): string | null {
  try {
    if (address.startsWith('file:')) return address.startsWith('file:///') ? fileURLToPath(address) : path.resolve(base, address.slice('file:'.length));
  } catch {
    return null; // a file: address that names no path of this system
  }
  return /^[a-z][a-z0-9+.-]+:/i.test(address) ? null : path.resolve(base, address);
}
