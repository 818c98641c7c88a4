/** Where the engine of a workspace listens: a socket that only this user can open (a named pipe on Windows). */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RunyardError, systemCode } from '../../core/base/errors';

/** Unix socket paths end at 104 bytes on macOS and 108 on Linux. */
const LONGEST_SOCKET_PATH = 103;

/** The workspace as every door must name it, whatever symbolic links led there. Throws bad_input where it is no folder. */
export function workspaceRoot(folder: string): string {
  try {
    const real = realpathSync.native(folder);
    if (lstatSync(real).isDirectory()) return real;
  } catch (error) {
    throw new RunyardError('bad_input', `the workspace ${folder} can't be opened (${systemCode(error)})`, 'name a folder that exists', { cause: error });
  }
  throw new RunyardError('bad_input', `the workspace ${folder} isn't a folder`, 'name a folder');
}

/** A folder for sockets that is this user's alone: made with mode 0700, refused where it belongs to somebody else or is a link. */
function socketFolder(env: NodeJS.ProcessEnv = process.env): string {
  const uid = process.getuid?.() ?? 0;
  const runtime = env.XDG_RUNTIME_DIR;
  const candidates = [...(runtime && path.isAbsolute(runtime) ? [path.join(runtime, 'runyard')] : []), path.join(os.tmpdir(), `runyard-${uid}`), `/tmp/runyard-${uid}`];
  let last: unknown;
  for (const folder of candidates) {
    if (Buffer.byteLength(folder) + 24 > LONGEST_SOCKET_PATH) continue;
    try {
      return privateFolder(folder, uid);
    } catch (error) {
      last = error;
    }
  }
  throw last instanceof Error ? last : new RunyardError('refused', 'there is no folder short enough for a socket', 'set XDG_RUNTIME_DIR or TMPDIR to a shorter path');
}

function privateFolder(folder: string, uid: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || facts.uid !== uid) {
    throw new RunyardError('refused', `${folder} isn't a folder of this user's`, 'remove it, or set XDG_RUNTIME_DIR to a folder of your own');
  }
  if ((facts.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** The address for an engine about to listen. `workspace` is what workspaceRoot gave. */
export function newAddress(workspace: string): string {
  const name = createHash('sha256').update(workspace).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\runyard-${name}`;
  return path.join(socketFolder(), `${name}.sock`);
}

/** Whether a socket is one that only this user could have put there; what isn't there yet is fine. */
export function isOwnSocket(address: string): boolean {
  if (process.platform === 'win32') return address.startsWith('\\\\.\\pipe\\runyard-');
  try {
    const facts = lstatSync(address);
    const folder = lstatSync(path.dirname(address));
    const uid = process.getuid?.() ?? 0;
    return facts.isSocket() && facts.uid === uid && folder.uid === uid && (folder.mode & 0o077) === 0;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}
