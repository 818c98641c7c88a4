/** Starts a run's command, watches it, and writes how it ended. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExitRecord, RunSpec, SupervisorRecord } from '../../../protocol/spool';
import { disposables } from '../../base/disposable';
import { describeError, systemCode } from '../../base/errors';
import { bootId, startTimeOf } from '../process';
import { hasExit, isCancelled, paths, readSpec, reserveExit, workspaceOf, writeExit, writeWhole } from '../run-folder';
import { codeFacts, PATCH } from './code';
import { commandCwd, commandEnvironment, startCommand, type Ended } from './command';
import { endingOf } from './ending';
import { gpuNames, machine, pythonFacts } from './environment';
import { memoryKills } from './memory-kills';
import { tailOutput } from './output-tail';
import { startSampling } from './resources';
import { openSpoolWriter, type SpoolWriter } from './spool-writer';
import { endLeftovers, stopGroup, watchCancel } from './stopping';

const now = (): number => Date.now() / 1000;
export const self = (child: SupervisorRecord['child']): SupervisorRecord => ({ pid: process.pid, startTime: startTimeOf(process.pid), bootId: bootId(), child });

/** The run's whole life. Does nothing where the run has a supervisor or an end already; a cancelled one is written down as stopped. */
export async function supervise(folder: string, pythonPath: string | undefined): Promise<void> {
  if (hasExit(folder)) return;
  if (!claim(folder)) return;
  reserveExitIfRoom(folder);
  if (isCancelled(folder)) return settle(folder, { t: now(), state: 'stopped', code: null, signal: null, reason: 'stopped before it started' });
  let spec: RunSpec | null;
  try {
    spec = readSpec(folder);
  } catch (error) {
    return settle(folder, { t: now(), state: 'failed', code: null, signal: null, reason: describeError(error) });
  }
  if (!spec) return settle(folder, { t: now(), state: 'failed', code: null, signal: null, reason: 'the run folder has no spec.json' });
  const spool = openSpoolWriter(join(folder, 'events.supervisor.jsonl'));
  try {
    await settle(folder, await live(folder, spec, { spool, pythonPath }));
  } finally {
    spool.dispose();
  }
}

/** Makes supervisor.json, which only one process can: two supervisors never start the same command twice. */
function claim(folder: string): boolean {
  try {
    writeWhole(paths.supervisor(folder), JSON.stringify(self(null)), { exclusive: true });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function reserveExitIfRoom(folder: string): void {
  try {
    reserveExit(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
}

interface Hands { spool: SpoolWriter; pythonPath: string | undefined }

async function live(folder: string, spec: RunSpec, { spool, pythonPath }: Hands): Promise<ExitRecord> {
  const env = commandEnvironment(folder, spec, pythonPath);
  const kills = memoryKills();
  // Before the command starts, so that what is written down is what it reads.
  const code = snapshotCode(folder, spec, spool);
  const started = await startCommand(folder, spec, env);
  if ('reason' in started) {
    await code;
    return { t: now(), state: 'failed', code: null, signal: null, reason: started.reason };
  }
  const { pid, ended } = started;
  const startTime = startTimeOf(pid);
  writeWhole(paths.supervisor(folder), JSON.stringify(self({ pid, startTime })));
  spool.write({ e: 'started', t: now(), started: { pid, pgid: pid, startTime } });

  let asked: 'no' | 'cancel' | 'supervisor' = 'no';
  let stopping: Promise<void> = Promise.resolve();
  const stop = (by: 'cancel' | 'supervisor'): void => {
    if (asked !== 'no') return;
    asked = by;
    stopping = stopGroup(pid, spec.grace);
  };
  const around = disposables();
  around.add(startSampling(pid, spec.resourceSeconds, {
    sample: (res) => spool.write({ e: 'res', t: now(), res }),
    problem: (text) => spool.write({ e: 'log', t: now(), level: 'warn', text }),
  }));
  around.add(watchCancel(folder, () => stop('cancel')));
  const output = around.add(tailOutput(folder, spec));
  process.on('SIGTERM', () => stop('supervisor'));
  const environment = snapshotEnvironment(folder, spec, { spool, env });

  const end: Ended = await ended;
  await stopping;
  const quiet = end.code === 0 && end.signal === null;
  const left = await endLeftovers(pid, quiet ? 2 : 0.5);
  if (left > 0) spool.write({ e: 'log', t: now(), level: 'warn', text: `${left} background ${left === 1 ? 'process' : 'processes'} of the command outlived it and had to be ended` });
  // A run that was killed has to be true within seconds; one that ended well may wait for what is still being asked.
  await Promise.race([Promise.all([code, environment]), pause(quiet ? 10_000 : 2000, undefined, { ref: false })]);
  output.finish();
  around.dispose();
  const killsNow = memoryKills();
  return endingOf({
    ...end, t: now(), cancelled: isCancelled(folder), supervisorAsked: (asked as string) === 'supervisor',
    outOfMemory: kills !== null && killsNow !== null && killsNow > kills,
  });
}

/** Writes exit.json; a disk that is full is asked again until it takes it: without it the run would be lost. */
export async function settle(folder: string, record: ExitRecord): Promise<void> {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5000)) {
    try {
      return writeExit(folder, record);
    } catch (error) {
      if (!existsSync(folder)) return;
      if (wait === 250) process.stderr.write(`exit.json can't be written yet: ${describeError(error)}\n`);
    }
    await pause(wait);
  }
}

async function snapshotCode(folder: string, spec: RunSpec, spool: SpoolWriter): Promise<void> {
  try {
    const code = await codeFacts(commandCwd(folder, spec), folder);
    if (!code) return;
    if (code.patch === PATCH) spool.write({ e: 'artifact', t: now(), path: PATCH, kind: 'patch' });
    spool.write({ e: 'code', t: now(), code });
  } catch (error) {
    spool.write({ e: 'log', t: now(), level: 'warn', text: `the code's state can't be told: ${describeError(error).split('\n')[0]}` });
  }
}

async function snapshotEnvironment(folder: string, spec: RunSpec, { spool, env }: { spool: SpoolWriter; env: NodeJS.ProcessEnv }): Promise<void> {
  const facts = machine();
  spool.write({ e: 'env', t: now(), env: facts });
  const gpus = await gpuNames();
  if (gpus.length > 0) spool.write({ e: 'env', t: now(), env: { ...facts, gpus } });
  if (!spec.interpreter) return;
  const interpreter = isAbsolute(spec.interpreter) || !/[\\/]/.test(spec.interpreter) ? spec.interpreter : join(workspaceOf(folder), spec.interpreter);
  try {
    const python = await pythonFacts(interpreter, { cwd: folder, env });
    spool.write({ e: 'env', t: now(), env: { ...facts, ...(gpus.length > 0 ? { gpus } : {}), ...python, interpreter: spec.interpreter } });
  } catch (error) {
    spool.write({ e: 'log', t: now(), level: 'warn', text: `the packages of ${spec.interpreter} can't be told: ${describeError(error).split('\n')[0]}` });
  }
}
