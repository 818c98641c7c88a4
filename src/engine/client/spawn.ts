/** Starts an engine process and hears from it how that went. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { RunyardError, type ErrorCode } from '../../core/base/errors';
import { wireError } from '../../protocol/engine';

export interface SpawnOptions { workspace: string; version: string; enginePath: string; env?: Record<string, string>; startMs?: number }

const firstLine = z.object({ ready: z.literal(true).optional(), other: z.literal(true).optional(), error: wireError.optional() });

/**
 * Starts the engine detached, so that it outlives this process, and waits for its first line.
 * Resolves when an engine runs (this one or one that was quicker). Throws the engine's own error (store_newer, refused ...),
 * or engine_unreachable with the end of what it printed.
 */
export async function spawnEngine(options: SpawnOptions): Promise<void> {
  if (!existsSync(options.enginePath)) {
    throw new RunyardError('engine_unreachable', `the engine's program ${options.enginePath} is missing`, 'install Runyard again, or run `npm run build` in a checkout');
  }
  const args = [options.enginePath, '--workspace', options.workspace, '--version', options.version];
  const child = spawn(process.execPath, args, {
    cwd: options.workspace, detached: true, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true,
    env: { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  try {
    const line = firstLine.parse(JSON.parse(await heard(child, options.startMs ?? 60_000)));
    if (line.error) throw new RunyardError(line.error.code as ErrorCode, line.error.message, line.error.hint);
  } finally {
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.unref();
  }
}

function heard(child: ChildProcess, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new RunyardError('engine_unreachable', `the engine didn't start: ${what}${err ? `: ${err.trim().slice(-2000)}` : ''}`, 'look into .runyard/logs/engine.log, or run `runyard doctor`'));
    };
    const timer = setTimeout(() => fail(`no word from it in ${ms / 1000} s`), ms);
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      const end = out.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(out.slice(0, end));
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => { err = (err + chunk).slice(-8000); });
    child.once('error', (error) => fail(error.message));
    // 'close' comes after the pipes are read to their end, so a line said last is heard first.
    child.once('close', (code, signal) => fail(signal ? `it was ended by ${signal}` : `it ended with status ${code}`));
  });
}
