/** Real engines for tests: bundles of their own, workspaces that go away, and clients that are let go. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { connectEngine, type ConnectOptions, type EngineClient } from '../../../src/engine/client/client';
import { lockPath, readLock } from '../../../src/engine/client/lock-record';
import { isAlive } from '../../../src/core/tracking/process';
import { until } from '../../support/until';

/** The programs that all tests of this level share; see test/support/build-programs.ts. */
export function bundles(): Promise<{ dist: string; engine: string; cli: string; dispose(): void }> {
  const dist = inject('programs');
  return Promise.resolve({ dist, engine: path.join(dist, 'engine.js'), cli: path.join(dist, 'cli.js'), dispose: () => undefined });
}

export interface Lab {
  workspace: string;
  connect(options?: Partial<ConnectOptions>): Promise<EngineClient>;
  enginePid(): number;
  log(): string;
  dispose(): Promise<void>;
}

/** A workspace with an engine on demand. On dispose its clients, its engine and its runs are ended, then it is removed. */
export function lab(enginePath: string): Lab {
  const workspace = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-lab-')));
  const clients: EngineClient[] = [];
  const pid = (): number => readLock(lockPath(workspace))?.pid ?? 0;
  return {
    workspace, enginePid: pid,
    async connect(options = {}) {
      const client = await connectEngine({ workspace, version: '1.0.0', clientName: 'test', enginePath, spawnEnv: { RUNYARD_IDLE_SECONDS: '2' }, ...options });
      clients.push(client);
      return client;
    },
    log: () => readFileSync(path.join(workspace, '.runyard', 'logs', 'engine.log'), 'utf8'),
    async dispose() {
      for (const client of clients) client.dispose();
      const record = readLock(lockPath(workspace));
      if (record && isAlive(record)) process.kill(record.pid, 'SIGTERM');
      if (record) await until('the engine to end', () => !isAlive(record));
      endRunsOf(workspace);
      rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

type Bundles = Awaited<ReturnType<typeof bundles>>;

/** For a test file: bundles made once, and a workspace of its own for each test, which `prepare` fills. What it gives is always of the test that runs. */
export function eachLab(prepare: (here: Lab) => void = () => undefined): Omit<Lab, 'dispose'> & Omit<Bundles, 'dispose'> {
  let made: Bundles | undefined;
  let current: Lab | undefined;
  const now = (): Lab => {
    if (!current) throw new Error('there is a workspace only while a test runs');
    return current;
  };
  const built = (): Bundles => {
    if (!made) throw new Error('there are bundles only while tests run');
    return made;
  };
  beforeAll(async () => { made = await bundles(); });
  afterAll(() => made?.dispose());
  beforeEach(() => {
    current = lab(built().engine);
    prepare(current);
  });
  afterEach(() => current?.dispose());
  return {
    get workspace() { return now().workspace; }, get dist() { return built().dist; }, get engine() { return built().engine; }, get cli() { return built().cli; },
    connect: (options) => now().connect(options), enginePid: () => now().enginePid(), log: () => now().log(),
  };
}

/** Ends what a test left running in its workspace: told by the working directory, nothing else. */
function endRunsOf(workspace: string): void {
  if (process.platform !== 'linux') return;
  const pids = execFileSync('ps', ['-eo', 'pid='], { encoding: 'utf8' }).split('\n').map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  for (const pid of pids) {
    try {
      if (realpathSync(`/proc/${pid}/cwd`).startsWith(workspace)) process.kill(pid, 'SIGKILL');
    } catch {
      continue; // ended meanwhile, or not ours
    }
  }
}
