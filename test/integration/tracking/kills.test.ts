/**
 * kill -9 at random moments of scripts, supervisors, both, and the engine as well: within 5 s what the store says is true, and
 * every point whose runyard.log returned is in it. The script notes down each step only after log() returned.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/base/clock';
import { silentLog } from '../../../src/core/base/log';
import { openStore } from '../../../src/core/store/open';
import type { Store } from '../../../src/core/store/store';
import { allProcesses, isAlive, sendSignal } from '../../../src/core/tracking/process';
import { readSupervisor } from '../../../src/core/tracking/run-folder';
import type { RunState } from '../../../src/protocol/model';
import { until } from '../../support/until';
import { launchIn, startEngine } from './support';

const TRUE_WITHIN_MS = 5000;
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 3);
const SCRIPT = `
import os, runyard, sys, time
fd = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for i in range(1_000_000):
    runyard.log({"x": i / 2}, step=i)
    os.write(fd, b"%d\\n" % i)
    time.sleep(0.002)
`;
type Victim = 'script' | 'supervisor' | 'both' | 'none';
const VICTIMS: readonly Victim[] = ['script', 'supervisor', 'both', 'none', 'both', 'script'];

interface Lab { workspace: string; store: Store; engine: ChildProcess; folder(run: string): string }
let lab: Lab | null = null;

/** Every supervisor of a run that lives, by its command line: it may not have written its record yet. */
function supervisorsOf(folder: string): number[] {
  return allProcesses().filter((stat) => stat.state !== 'Z' && commandLine(stat.pid).includes(folder)).map((stat) => stat.pid);
}
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  } catch {
    // It ended since it was listed.
    return [];
  }
}
const childOf = (folder: string): { pid: number; startTime: string } | null => readSupervisor(folder)?.child ?? null;

async function endEngine(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return;
  const gone = new Promise((done) => engine.once('exit', done));
  engine.kill('SIGKILL');
  await gone;
}

afterEach(async () => {
  if (!lab) return;
  await endEngine(lab.engine);
  for (const { id } of lab.store.liveRuns()) {
    for (const pid of supervisorsOf(lab.folder(id))) sendSignal(pid, 'SIGKILL');
    const child = childOf(lab.folder(id));
    if (child && isAlive(child)) sendSignal(-child.pid, 'SIGKILL');
  }
  lab.store.dispose();
  rmSync(lab.workspace, { recursive: true, force: true, maxRetries: 5 });
  lab = null;
});

function open(): Lab {
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'runyard-kills-')));
  writeFileSync(join(workspace, 'train.py'), SCRIPT);
  writeFileSync(join(workspace, 'runyard.yaml'), 'queue: { concurrency: 6 }\nstop: { intSeconds: 1, termSeconds: 1 }\n');
  const store = openStore({ dir: join(workspace, '.runyard'), log: silentLog, clock: systemClock });
  lab = { workspace, store, engine: startEngine(workspace), folder: (run) => join(workspace, '.runyard/runs', run) };
  return lab;
}

/** What is to be seen of a run after the kill, from the processes themselves. */
function expected(l: Lab, run: string, victim: Victim, began: boolean): readonly RunState[] {
  const child = childOf(l.folder(run));
  if (child && isAlive(child)) return ['running'];
  if (victim === 'script') return ['killed'];
  // Before the command began, its supervisor's end is all there is to tell; an engine that is back starts what never began.
  if (!began) return ['lost', 'failed', 'running'];
  return ['lost'];
}

/** What lies in the folder, for the message of a failure. */
function picture(l: Lab, run: string): string {
  const read = (name: string): string => (existsSync(join(l.folder(run), name)) ? readFileSync(join(l.folder(run), name), 'utf8').trim() : 'none');
  const { state, reason } = l.store.getRun(run);
  const alive = childOf(l.folder(run));
  return [state, reason, readdirSync(l.folder(run)).join(' '), ...['supervisor.json', 'exit.json', 'supervisor.log'].map(read), `child alive: ${alive && isAlive(alive)}`, `supervisors: ${supervisorsOf(l.folder(run))}`].join('\n');
}

async function kill(l: Lab, run: string, victim: Victim): Promise<boolean> {
  const folder = l.folder(run);
  const child = childOf(folder);
  if (victim === 'supervisor' || victim === 'both') for (const pid of supervisorsOf(folder)) sendSignal(pid, 'SIGKILL');
  if (victim === 'script' || victim === 'both') {
    const target = childOf(folder) ?? (victim === 'script' ? await until('the script', () => childOf(folder)) : null);
    if (target) sendSignal(target.pid, 'SIGKILL');
  }
  return (child ?? childOf(folder)) !== null;
}

function checkPoints(l: Lab, run: string, acknowledged: string): number {
  const noted = existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  const { points } = l.store.points(run, 'x', { limit: 1_000_000, offset: 0 });
  const stored = new Map(points.map((point) => [point.step, point.value]));
  expect(noted.filter((step) => stored.get(step) !== step / 2)).toEqual([]);
  expect(points.length).toBe(stored.size);
  return noted.length;
}

it.skipIf(process.platform !== 'linux')('after any kill -9 the state is true within 5 s, and no point that log() returned from is missing', async () => {
  const l = open();
  let points = 0;
  let slowest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const runs: { victim: Victim; acknowledged: string; run: string }[] = [];
    for (const [i, victim] of VICTIMS.entries()) {
      const acknowledged = join(l.workspace, `noted-${round}-${i}`);
      runs.push({ victim, acknowledged, run: await launchIn(l.engine, { argv: ['python3', 'train.py', acknowledged] }) });
    }
    const withEngine = Math.random() < 0.6;
    const engineDies = withEngine ? pause(Math.random() * 1800).then(() => endEngine(l.engine)) : Promise.resolve();
    const killed = await Promise.all(runs.map(async (one) => {
      await pause(Math.random() * 2000);
      const began = await kill(l, one.run, one.victim);
      return { ...one, began };
    }));
    await engineDies;
    if (withEngine) l.engine = startEngine(l.workspace);
    const begin = performance.now();
    await Promise.all(killed.map(async ({ run, victim, began }) => {
      let seen = '';
      await until(`the truth of ${victim} of ${run}${withEngine ? ' and the engine' : ''}, began ${began}`, () => {
        const { state, reason } = l.store.getRun(run);
        seen = `${state} ${reason}`;
        return expected(l, run, victim, began).includes(state);
      }, TRUE_WITHIN_MS).catch((error: unknown) => { throw new Error(`${String(error)}; seen: ${seen}; ${picture(l, run)}`); });
    }));
    slowest = Math.max(slowest, performance.now() - begin);

    // What still runs has a supervisor again, and is ended by the marker: the new supervisor obeys it.
    for (const { run } of killed) {
      if (l.store.getRun(run).state !== 'running') continue;
      await until(`a supervisor of ${run}, or its end`, () => l.store.getRun(run).state !== 'running' || (isAlive(readSupervisor(l.folder(run))) && childOf(l.folder(run))), TRUE_WITHIN_MS)
        .catch((error: unknown) => { throw new Error(`${String(error)}; ${picture(l, run)}`); });
      writeFileSync(join(l.folder(run), 'cancel'), '{}');
    }
    for (const { run, acknowledged, victim } of killed) {
      await until(`the end of ${victim} ${run}`, () => !['running', 'queued'].includes(l.store.getRun(run).state), 10_000);
      expect(existsSync(join(l.folder(run), 'exit.json'))).toBe(true);
      points += checkPoints(l, run, acknowledged);
    }
  }
  expect(points).toBeGreaterThan(ROUNDS * 100);
  expect(slowest).toBeLessThan(TRUE_WITHIN_MS);
}, 60_000 + ROUNDS * 30_000);
