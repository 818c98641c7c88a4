/** Who works here, as git would write it into a commit. No network, no prompt, nothing that the repository names is started. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import type { Person } from '../../../protocol/registry';

const execute = promisify(execFile);
const LIMIT_MS = 5000;

/** Name and address that git has for the author of a commit in the workspace; without git, or without a name in it, the user of the machine. Never throws. */
export async function gitIdentity(workspace: string): Promise<Person> {
  return (await authorIn(workspace)) ?? (await configured(workspace)) ?? { name: userName(), email: '' };
}

/** `Name <address> time zone`. useConfigOnly: git makes up no address from the machine's name, and says nothing instead. */
async function authorIn(workspace: string): Promise<Person | null> {
  const text = await git(workspace, ['-c', 'user.useConfigOnly=true', 'var', 'GIT_AUTHOR_IDENT']);
  const [, name = '', email = ''] = /^(.*?) <(.*?)> \d+ [+-]\d{4}$/.exec(text ?? '') ?? [];
  return name === '' ? null : { name, email };
}

/** Where only a name or only an address is set. */
async function configured(workspace: string): Promise<Person | null> {
  const [name, email] = [await git(workspace, ['config', 'user.name']), await git(workspace, ['config', 'user.email'])];
  return name === null && email === null ? null : { name: name ?? userName(), email: email ?? '' };
}

async function git(workspace: string, args: readonly string[]): Promise<string | null> {
  try {
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    const { stdout } = await execute('git', ['-c', 'core.fsmonitor=false', ...args], { cwd: workspace, env, timeout: LIMIT_MS, windowsHide: true });
    return stdout.trim() || null;
  } catch {
    return null; // no git, or it knows nobody
  }
}

function userName(): string {
  try {
    return os.userInfo().username || 'unknown';
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown'; // a container's user without a name
  }
}
