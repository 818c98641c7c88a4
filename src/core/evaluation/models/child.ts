/** A person's program beside the evaluator: without a shell, in the workspace, in a process group of its own that is ended as a whole, and with the evaluator. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { resolve } from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';
import { endWithUs } from '../../base/guard';

export interface ChildOptions { command: readonly string[]; workspace: string; /** what 'python' and 'python3' stand for */ python: string | null; env?: NodeJS.ProcessEnv }
/** How it ended: an exit status or a signal, and the end of what it wrote on standard error. */
export interface Ending { code: number | null; signal: NodeJS.Signals | null; tail: string }
export interface Child { process: ChildProcessWithoutNullStreams; /** resolves once it is gone and its output is read; rejects where it couldn't be started */ ended: Promise<Ending>; kill(): void }

const TAIL = 4000;

/** Python's output isn't held back in a buffer: answers come as they are made. */
export function startChild({ command, workspace, python, env = process.env }: ChildOptions): Child {
  const [program = '', ...args] = command;
  const named = python !== null && /^python3?$/.test(program) ? python : program;
  const found = /[\\/]/.test(named) ? resolve(workspace, named) : named;
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(RUNYARD_|ELECTRON_RUN_AS_NODE$|NODE_CHANNEL_FD$|NODE_OPTIONS$)/.test(name)));
  const child = spawn(found, args, { cwd: workspace, env: { ...own, PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' }, stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true });
  endWithUs(child, { group: true });
  let tail = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => { tail = (tail + part).slice(-TAIL); });
  // a program may end before it has read everything: what it says then is what counts
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ending>((resolveEnd, reject) => {
    child.once('error', (error) => reject(new RunyardError('not_found', `${program} can't be started: ${systemCode(error) === 'ENOENT' ? 'there is no such program' : error.message}`, 'see the command of the model, and whether the program is there', { cause: error })));
    child.once('close', (code, signal) => resolveEnd({ code, signal, tail }));
  });
  // whoever waits for it is told; nobody has to
  ended.catch(() => undefined);
  return { process: child, ended, kill: () => killGroup(child) };
}

function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (systemCode(error) !== 'ESRCH' && systemCode(error) !== 'EPERM') throw error;
  }
}

/** 'ended with exit status 1: ValueError: no such column'. */
export function shownEnding({ code, signal, tail }: Ending): string {
  const last = tail.trim().split('\n').at(-1)?.trim() ?? '';
  return `${signal ? `was ended by ${signal}` : `ended with exit status ${code ?? 0}`}${last ? `: ${last.slice(0, 300)}` : ''}`;
}

/** The last lines of standard error, for the hint. */
export function shownTail({ tail }: Ending): string {
  const lines = tail.trim().split('\n').slice(-12).join('\n');
  return lines ? `its last words were:\n${lines}` : 'it wrote nothing on standard error';
}
