/** A run's folder in a temp dir, a real Python writing into it, and its spool read back through the contract's schema. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spoolEvent, type SpoolEvent } from '../../../src/protocol/spool';

export const PYTHON = process.env['PYTHON'] ?? 'python3';
const LOGGER = resolve(import.meta.dirname, '../../../python');

export interface Spool { files: string[]; events: SpoolEvent[]; half: string[] }
export interface Said { code: number | null; stdout: string; stderr: string }

/** A fresh run folder, removed by `dispose`. */
export function runFolder(): { dir: string; dispose(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'runyard-py-'));
  return { dir, dispose: () => rmSync(dir, { recursive: true, force: true }) };
}

function environment(runDir: string | undefined, more: Record<string, string>): NodeJS.ProcessEnv {
  const { RUNYARD_RUN_DIR: _outer, RUNYARD_PARAMS: _params, ...rest } = process.env;
  return { ...rest, PYTHONPATH: LOGGER, PYTHONDONTWRITEBYTECODE: '1', ...(runDir === undefined ? {} : { RUNYARD_RUN_DIR: runDir }), ...more };
}

/** Runs a script to its end. Without a run folder it is outside a run. */
export function python(script: string, runDir?: string, more: Record<string, string> = {}): Said {
  const done = spawnSync(PYTHON, ['-c', script], { env: environment(runDir, more), encoding: 'utf8', timeout: 60_000 });
  if (done.error) throw done.error;
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Starts a script and leaves it running. */
export function startPython(script: string, runDir: string): ChildProcess {
  return spawn(PYTHON, ['-c', script], { env: environment(runDir, {}), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Every whole line of every spool file, parsed (a line that breaks the contract throws); `half`: what lies behind the last newline. */
export function readSpool(runDir: string): Spool {
  const files = readdirSync(runDir).filter((name) => /^events\..*\.jsonl$/.test(name)).sort();
  const spool: Spool = { files, events: [], half: [] };
  for (const name of files) {
    const lines = readFileSync(join(runDir, name), 'utf8').split('\n');
    const rest = lines.pop() ?? '';
    if (rest !== '') spool.half.push(rest);
    for (const line of lines) spool.events.push(spoolEvent.parse(JSON.parse(line)));
  }
  return spool;
}

/** The events of one kind. */
export function ofKind<K extends SpoolEvent['e']>(spool: Spool, kind: K): Extract<SpoolEvent, { e: K }>[] {
  return spool.events.filter((event): event is Extract<SpoolEvent, { e: K }> => event.e === kind);
}
