/** Runs a person's program: an argument array, never a shell, ended with all that it started at its time limit. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { systemCode } from '../../base/errors';
import type { HookResult } from '../../../protocol/registry';

const MOST_OUTPUT = 4000;
/** For what is still in the pipe of a program that ended and left others with its output open. */
const DRAIN_MS = 300;

export interface Program { command: readonly string[]; cwd: string; env: Record<string, string>; /** seconds */ timeout: number; stop?: AbortSignal | undefined }
export type Ended = Pick<HookResult, 'outcome' | 'status' | 'duration' | 'output'>;

/** `done` is status 0. What it starts in its own process group ends with it at the limit; what it leaves running when it ends in time goes on. */
export function runProgram({ command: [file = '', ...args], cwd, env, timeout, stop }: Program): Promise<Ended> {
  const started = performance.now();
  let output = '';
  let late = false;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const hear = (part: Buffer): void => { output = (output + part.toString('utf8')).slice(-MOST_OUTPUT); };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const limit = setTimeout(() => { late = true; killGroup(child); }, timeout * 1000);
    const stopped = (): void => killGroup(child);
    stop?.addEventListener('abort', stopped, { once: true });
    if (stop?.aborted) stopped();
    let ended = false;
    const finish = (outcome: Ended['outcome'], status: number | null, more = ''): void => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      stop?.removeEventListener('abort', stopped);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ outcome, status, duration: (performance.now() - started) / 1000, output: (output + more).slice(-MOST_OUTPUT) });
    };
    const exited = (status: number | null, signal: NodeJS.Signals | null): void => {
      if (late) finish('timed out', null);
      else finish(status === 0 ? 'done' : 'failed', status, status === null ? `\nended by ${signal ?? 'the system'}` : '');
    };
    child.on('close', exited);
    child.on('exit', (status, signal) => { setTimeout(() => exited(status, signal), DRAIN_MS); });
    child.on('error', (error) => finish(systemCode(error) === 'ENOENT' ? 'not found' : 'failed', null, error.message));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
