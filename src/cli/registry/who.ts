/** Who acts: as git knows the person where the command runs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Person } from '../../protocol/registry';
import type { Io } from '../command';

const execute = promisify(execFile);
/** `Ana Gil <ana@example.org> 1764000000 +0100` */
const IDENT = /^(.+) <([^<>]*)> -?\d+ [+-]\d{4}$/;

/** Nothing where git isn't there or knows nobody: the engine then asks the workspace's git, and says how to tell it. */
export async function actor({ cwd, env }: Pick<Io, 'cwd' | 'env'>): Promise<{ by?: Person }> {
  try {
    // useConfigOnly: no address is made up from the machine's name.
    const { stdout } = await execute('git', ['-c', 'user.useConfigOnly=true', '-c', 'core.fsmonitor=false', 'var', 'GIT_AUTHOR_IDENT'], { cwd, env: { ...env, GIT_TERMINAL_PROMPT: '0' }, timeout: 10_000 });
    return identity(stdout);
  } catch (error) {
    if (error instanceof Error) return {};
    throw error;
  }
}

/** What `git var GIT_AUTHOR_IDENT` prints. */
export function identity(line: string): { by?: Person } {
  const [, name, email] = IDENT.exec(line.trim()) ?? [];
  return name === undefined || email === undefined ? {} : { by: { name, email } };
}
