/** A workspace in a temp dir with the real store, the real supervisor and the real logger; the tracker in this process or in one that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../../src/core/config/load';
import { silentLog, type Log } from '../../../src/core/base/log';
import { systemClock, type Clock } from '../../../src/core/base/clock';
import { openStore } from '../../../src/core/store/open';
import type { Store } from '../../../src/core/store/store';
import { readSupervisor } from '../../../src/core/tracking/run-folder';
import { isAlive, sendSignal } from '../../../src/core/tracking/process';
import { startTracker, type Tracker } from '../../../src/core/tracking/tracker';
import { isLive, type RunState } from '../../../src/protocol/model';
import type { LaunchParams } from '../../../src/protocol/engine';
import { bundle } from '../../support/bundle';
import { until } from '../../support/until';

export const PYTHON_PATH = resolve(import.meta.dirname, '../../../python');
export const supervisorPath = (): string => bundle('src/core/tracking/supervisor-main.ts');

export interface Lab {
  workspace: string; store: Store; tracker: Tracker; warnings: string[]; notices: string[];
  write(name: string, text: string): void;
  launch(params: LaunchParams): string;
  state(run: string): RunState;
  /** Waits until the run is over and gives its state. */
  over(run: string, ms?: number): Promise<RunState>;
  running(run: string): Promise<void>;
  pids(run: string): { supervisor: number; child: number };
  folder(run: string): string;
  stdout(run: string): string;
  /** Ends the tracker and the store, and opens both again. */
  restart(): Promise<void>;
  dispose(): void;
}

/** Keeps what is passed to `until` short; every lab ends the processes that its runs left. */
export async function openLab(options: { workspace?: string; clock?: Clock; keep?: boolean } = {}): Promise<Lab> {
  const workspace = options.workspace ?? realpathSync(mkdtempSync(join(tmpdir(), 'runyard-track-')));
  const warnings: string[] = [];
  const notices: string[] = [];
  const clock = options.clock ?? systemClock;
  const log: Log = { ...silentLog, warn: (text) => warnings.push(text), error: (text, cause) => warnings.push(`${text}: ${String(cause)}`) };
  const store = openStore({ dir: join(workspace, '.runyard'), log, clock });
  const tracker = startTracker({
    store, workspace, config: () => loadConfig(workspace).config, log, clock, supervisorPath: supervisorPath(), pythonPath: PYTHON_PATH,
    onChanged: () => undefined, onNotice: (text) => notices.push(text),
  });
  await tracker.ready;
  const lab: Lab = {
    workspace, store, tracker, warnings, notices,
    write: (name, text) => writeFileSync(join(workspace, name), text),
    launch(params) {
      const [run] = tracker.launch(params);
      if (run === undefined) throw new Error('nothing was launched');
      return run;
    },
    state: (run) => lab.store.getRun(run).state,
    async over(run, ms = 20_000) {
      await until(`the end of ${run}`, () => !isLive(lab.state(run)), ms);
      return lab.state(run);
    },
    async running(run) { await until(`${run} to run`, () => lab.state(run) === 'running' && readSupervisor(lab.folder(run))?.child); },
    pids(run) {
      const record = readSupervisor(lab.folder(run));
      return { supervisor: record?.pid ?? -1, child: record?.child?.pid ?? -1 };
    },
    folder: (run) => lab.tracker.folder(run),
    stdout: (run) => readFileSync(join(lab.folder(run), 'stdout.log'), 'utf8'),
    async restart() {
      lab.tracker.dispose();
      lab.store.dispose();
      const next = await openLab({ ...options, workspace, keep: true });
      Object.assign(lab, { store: next.store, tracker: next.tracker });
    },
    dispose() {
      for (const { id } of lab.store.liveRuns()) endProcesses(lab.folder(id));
      lab.tracker.dispose();
      lab.store.dispose();
      rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}

function endProcesses(folder: string): void {
  const record = readSupervisor(folder);
  if (!record) return;
  if (isAlive(record)) sendSignal(record.pid, 'SIGKILL');
  if (record.child && isAlive(record.child)) { sendSignal(-record.child.pid, 'SIGKILL'); sendSignal(record.child.pid, 'SIGKILL'); }
}

/** An engine of its own process that tracks a workspace, to be killed: see engine-child.ts. */
export function startEngine(workspace: string): ChildProcess {
  return spawn(process.execPath, [bundle('test/integration/tracking/engine-child.ts'), workspace, supervisorPath(), PYTHON_PATH], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Launches one run there and gives its id. One at a time: the answer names no question. */
export async function launchIn(engine: ChildProcess, params: LaunchParams): Promise<string> {
  let run: string | undefined;
  const listen = (message: unknown): void => { if (typeof message === 'object' && message !== null && 'launched' in message) run = String(message.launched); };
  engine.on('message', listen);
  engine.send({ launch: params });
  try {
    return await until('the engine to launch', () => run);
  } finally {
    engine.off('message', listen);
  }
}
