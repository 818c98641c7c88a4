/** The code that a run is of: commit, branch, what isn't committed yet. Git only reads here. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import type { z } from 'zod';
import type { codeInfo } from '../../../protocol/spool';
import { paths } from '../run-folder';

const run = promisify(execFile);
export type Code = z.infer<typeof codeInfo>;

export const PATCH = 'code.patch';
const LIMITS = { patchBytes: 64 * 2 ** 20, fileBytes: 200_000, files: 100, allBytes: 2_000_000 };

/** Fixed arguments only, and nothing that starts a program the repository names (filters, pagers, monitors, external diffs). */
async function git(cwd: string, args: readonly string[]): Promise<string> {
  const fixed = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-C', cwd];
  const { stdout } = await run('git', [...fixed, ...args], { timeout: 15_000, maxBuffer: LIMITS.patchBytes, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } });
  return stdout;
}

async function optional(cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await git(cwd, args)).trim() || undefined;
  } catch {
    // A detached head has no branch, a repository of one's own no remote.
    return undefined;
  }
}

/** An address without the name and password that may stand in it. */
export const withoutCredentials = (remote: string): string => remote.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');

/**
 * Null outside a repository, and where there is no commit yet. Writes the uncommitted change to artifacts/code.patch. What Runyard itself keeps in .runyard
 * is no code, committed or not; nor is what lies in the folders `except`, which are relative to `cwd`.
 */
export async function codeFacts(cwd: string, folder: string, except: readonly string[] = []): Promise<Code | null> {
  const commit = await optional(cwd, ['rev-parse', '--verify', 'HEAD']);
  const top = await optional(cwd, ['rev-parse', '--show-toplevel']);
  if (!commit || !top) return null;
  const places = except.map((one) => relative(top, resolve(realpathSync(cwd), one))).filter((one) => one !== '' && !one.startsWith('..') && !isAbsolute(one));
  const only = ['--', '.', ':(exclude,glob)**/.runyard/**', ...places.map((one) => `:(exclude,literal)${one.split(sep).join('/')}`)];
  const [branch, remote, status, diff] = await Promise.all([
    optional(cwd, ['symbolic-ref', '--short', '-q', 'HEAD']),
    optional(cwd, ['remote', 'get-url', 'origin']),
    git(top, ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignore-submodules=dirty', ...only]),
    git(top, ['diff', 'HEAD', '--binary', '--no-ext-diff', '--no-textconv', '--no-color', '--src-prefix=a/', '--dst-prefix=b/', ...only]),
  ]);
  const code: Code = { commit, branch, dirty: status !== '', remote: remote === undefined ? undefined : withoutCredentials(remote) };
  const patch = diff + untrackedPatch(top, status.split('\0').filter((line) => line.startsWith('?? ')).map((line) => line.slice(3)));
  if (patch === '') return code;
  const target = join(paths.artifacts(folder), PATCH);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, patch);
  return { ...code, patch: PATCH };
}

/** Untracked text files as additions, so that the patch alone brings the code back; large and binary ones stay out. */
function untrackedPatch(top: string, files: readonly string[]): string {
  let room = LIMITS.allBytes;
  let patch = '';
  for (const file of files.slice(0, LIMITS.files)) {
    const text = smallText(join(top, file));
    if (text === null || text.length > room) continue;
    room -= text.length;
    patch += addition(file, text);
  }
  return patch;
}

function smallText(path: string): string | null {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > LIMITS.fileBytes) return null;
  const bytes = readFileSync(path);
  return bytes.includes(0) ? null : bytes.toString('utf8');
}

/** A new file in git's own patch format. */
export function addition(file: string, text: string): string {
  const head = `diff --git a/${file} b/${file}\nnew file mode 100644\n`;
  if (text === '') return head;
  const lines = text.split('\n');
  const ends = lines.at(-1) === '';
  if (ends) lines.pop();
  const body = lines.map((line) => `+${line}\n`).join('');
  return `${head}--- /dev/null\n+++ b/${file}\n@@ -0,0 +1,${lines.length} @@\n${body}${ends ? '' : '\\ No newline at end of file\n'}`;
}
