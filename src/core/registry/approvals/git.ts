/** Git as approvals use it: fixed arguments, never a shell, and whatever it has to write goes into a folder of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemCode } from '../../base/errors';

const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'log.showSignature=false'];

/** `status` -1: git isn't there, or was ended (a key that waits for a pass phrase). */
export interface GitSaid { status: number; out: string; err: string }
export interface Git { run(args: readonly string[], more?: { input?: string; env?: Readonly<Record<string, string>>; seconds?: number }): Promise<GitSaid> }

/** Work with git in the workspace. What it writes is gone afterwards; the repository is only read. Without a repository the person's own settings hold. */
export async function withGit<T>(workspace: string, work: (git: Git) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'runyard-git-'));
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_INDEX_FILE: path.join(scratch, 'index'), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const run: Git['run'] = (args, { input, env: more, seconds = 20 } = {}) => execute([...QUIET, ...args], { cwd: workspace, env: { ...env, ...more }, input, seconds });
  try {
    const objects = await run(['rev-parse', '--git-path', 'objects']);
    if (objects.status === 0) {
      env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = path.resolve(workspace, objects.out.trim());
      env['GIT_OBJECT_DIRECTORY'] = scratch;
    } else if (objects.status > 0) {
      await run(['init', '--quiet', '--bare', path.join(scratch, 'git')]);
      env['GIT_DIR'] = path.join(scratch, 'git');
    }
    return await work({ run });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function execute(args: readonly string[], { cwd, env, input, seconds }: { cwd: string; env: NodeJS.ProcessEnv; input: string | undefined; seconds: number }): Promise<GitSaid> {
  return new Promise((resolve) => {
    const child = execFile('git', args, { cwd, env, timeout: seconds * 1000, maxBuffer: 4_000_000 }, (error, out, err) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      const why = error !== null && status === -1 ? (systemCode(error) === 'ENOENT' ? 'git is not installed here, or not on PATH' : error.killed ? `git didn't end within ${seconds} s` : error.message) : '';
      resolve({ status, out, err: [err.trim(), why].filter(Boolean).join('\n') });
    });
    // Git may end without having read it all.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(input ?? '');
  });
}
