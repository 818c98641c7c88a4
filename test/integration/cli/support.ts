/** The command line as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ran { status: number | null; out: string; err: string }
export interface Running { kill(signal: NodeJS.Signals): void; out(): string; err(): string; done: Promise<Ran> }

/** Starts `runyard` in a folder. The engine that it may start ends soon after. */
export function start(cli: string, cwd: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [cli, ...words], { cwd, env: { ...process.env, RUNYARD_IDLE_SECONDS: '2', NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { texts.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { texts.err += text; });
  const done = once(child, 'close').then(([status]: unknown[]): Ran => ({ status: typeof status === 'number' ? status : null, ...texts }));
  return { kill: (signal) => void child.kill(signal), out: () => texts.out, err: () => texts.err, done };
}
