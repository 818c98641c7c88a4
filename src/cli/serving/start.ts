/** Starts the scoring server's program beside this one, and hears how that went. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { RunyardError, type ErrorCode } from '../../core/base/errors';
import { wireError } from '../../protocol/engine';

const ready = z.object({ ready: z.literal(true), address: z.string(), model: z.string(), version: z.number().int(), pid: z.number().int() });
const firstLine = z.union([ready, z.object({ error: wireError })]);
export type Ready = z.output<typeof ready>;
export interface Started { ready: Ready; /** its exit status; null after a signal */ ended: Promise<number | null>; stop(): void }

/** Throws what the server's start threw, in its own words. `said`: a line of what it says later. */
export async function startServing(args: readonly string[], said: (line: string) => void): Promise<Started> {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'serving.js');
  if (!existsSync(script)) throw new RunyardError('not_found', `the scoring server's program ${script} is missing`, 'install Runyard again, or run `npm run build` in a checkout');
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  createInterface({ input: child.stderr }).on('line', said);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await heard(child, ended);
  if ('error' in line) throw new RunyardError(line.error.code as ErrorCode, line.error.message, line.error.hint);
  return { ready: line, ended, stop: () => void child.kill('SIGTERM') };
}

async function heard(child: ChildProcess, ended: Promise<number | null>): Promise<z.output<typeof firstLine>> {
  const { stdout } = child;
  if (!stdout) throw new RunyardError('internal', 'the scoring server has no output', '');
  const first = new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve));
  const text = await Promise.race([first, ended.then((code) => { throw new RunyardError('internal', `the scoring server ended with ${code ?? 'a signal'} before it was ready`, 'what it said stands above'); })]);
  return firstLine.parse(JSON.parse(text));
}
