/** What git knows of a run's code: read only, with fixed arguments, never through a shell. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeError } from '../base/errors';

const execute = promisify(execFile);
/** Nothing of the repository's own settings may start a program. */
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
const LARGEST_FILE = 1_000_000;
const MOST_FILES = 200;

/** Where a run's code is: a commit, and the uncommitted change as a patch file where there was one. */
export interface CodeState { commit: string | null; patchFile: string | null }
export interface CodeTexts { left: string; right: string }

interface Git { run(args: readonly string[]): Promise<string>; dispose(): Promise<void> }

/**
 * The files that differ between two states of the code, each side as one text with a header line a file. A side that can't be
 * read (no commit known, a commit that isn't in this clone, a patch that doesn't apply) says so in its text.
 */
export async function codeTexts(workspace: string, left: CodeState, right: CodeState): Promise<CodeTexts> {
  const git = await openGit(workspace);
  try {
    const [leftTree, rightTree] = [await treeOf(git, left), await treeOf(git, right)];
    const names = await differing(git, leftTree.tree, rightTree.tree);
    const shown = names.slice(0, MOST_FILES);
    const rest = names.length > shown.length ? `\n=== and ${names.length - shown.length} more files ===\n` : '';
    const text = async (side: Tree): Promise<string> => side.note + (await Promise.all(shown.map((name) => fileIn(git, side.tree, name)))).join('') + rest;
    return { left: await text(leftTree), right: await text(rightTree) };
  } finally {
    await git.dispose();
  }
}

/** Git with an index and an object folder of its own: what has to be written for the answer never reaches the repository. */
async function openGit(workspace: string): Promise<Git> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'runyard-git-'));
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_INDEX_FILE: path.join(scratch, 'index'), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const run: Git['run'] = async (args) => (await execute('git', [...QUIET, ...args], { cwd: workspace, env, maxBuffer: 64_000_000, timeout: 20_000 })).stdout;
  try {
    const objects = (await run(['rev-parse', '--git-path', 'objects'])).trim();
    env.GIT_ALTERNATE_OBJECT_DIRECTORIES = path.resolve(workspace, objects);
    env.GIT_OBJECT_DIRECTORY = scratch;
  } catch (error) {
    // No repository, or no git. A side with a commit then says that it isn't here; the folder must not be searched for upwards.
    if (describeError(error) !== '') env.GIT_DIR = scratch;
  }
  return { run, dispose: () => rm(scratch, { recursive: true, force: true }) };
}

interface Tree { tree: string | null; note: string }

async function treeOf(git: Git, { commit, patchFile }: CodeState): Promise<Tree> {
  if (commit === null) return { tree: null, note: '(no commit is known of this run)\n' };
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return { tree: null, note: `(not a commit: ${commit})\n` };
  try {
    await git.run(['read-tree', commit]);
  } catch {
    return { tree: null, note: `(commit ${commit} isn't in this repository)\n` };
  }
  const patched = patchFile === null || !await hasBytes(patchFile) ? '' : await applied(git, patchFile);
  return { tree: (await git.run(['write-tree'])).trim(), note: patched };
}

async function hasBytes(file: string): Promise<boolean> {
  return stat(file).then(({ size }) => size > 0, () => false);
}

async function applied(git: Git, patchFile: string): Promise<string> {
  try {
    // From the top of the repository, wherever in it the workspace lies.
    const top = (await git.run(['rev-parse', '--show-toplevel'])).trim();
    await git.run(['-C', top, 'apply', '--cached', '--whitespace=nowarn', patchFile]);
    return '';
  } catch (error) {
    return `(the uncommitted change doesn't apply: ${describeError(error).split('\n').slice(-2).join(' ').trim()})\n`;
  }
}

async function differing(git: Git, left: string | null, right: string | null): Promise<string[]> {
  if (left === null || right === null || left === right) return [];
  return (await git.run(['diff-tree', '-r', '-z', '--name-only', '--no-renames', left, right])).split('\0').filter(Boolean);
}

async function fileIn(git: Git, tree: string | null, name: string): Promise<string> {
  const header = `=== ${name} ===\n`;
  if (tree === null) return '';
  const size = await git.run(['cat-file', '-s', `${tree}:${name}`]).then(Number, () => null);
  if (size === null) return `${header}(not there)\n\n`;
  if (size > LARGEST_FILE) return `${header}(${size} bytes)\n\n`;
  const text = await git.run(['cat-file', 'blob', `${tree}:${name}`]);
  return text.includes('\0') ? `${header}(${size} bytes, not text)\n\n` : `${header}${text}${text.endsWith('\n') ? '' : '\n'}\n`;
}
