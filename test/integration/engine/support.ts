/** Real engines for tests: bundles of their own, workspaces that go away, and clients that are let go. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { connectEngine, type ConnectOptions, type EngineClient } from '../../../src/engine/client/client';
import { lockPath, readLock } from '../../../src/engine/client/lock-record';
import { isAlive } from '../../../src/core/tracking/process';
import { until } from '../../support/until';

const root = path.resolve(import.meta.dirname, '../../..');

/** Bundles the engine, the supervisor, the evaluator and the command line as they are now; a folder a test file, removed by `dispose`. */
export async function bundles(): Promise<{ dist: string; engine: string; cli: string; dispose(): void }> {
  const home = mkdtempSync(path.join(mkdirs(path.join(root, '.cache', 'engine-tests')), 'b-'));
  const dist = path.join(home, 'dist');
  symlinkSync(path.join(root, 'python'), path.join(home, 'python'));
  symlinkSync(path.join(root, 'package.json'), path.join(home, 'package.json'));
  const entries = { engine: 'src/engine/main.ts', supervisor: 'src/core/tracking/supervisor-main.ts', evaluator: 'src/engine/evaluator-main.ts', cli: 'src/cli/main.ts' };
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file)))),
    outdir: dist, absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['better-sqlite3', '@duckdb/node-api', 'onnxruntime-node'], mainFields: ['module', 'main'],
    define: { 'import.meta.url': '__bundleUrl' }, banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' }, logLevel: 'error',
  });
  return { dist, engine: path.join(dist, 'engine.js'), cli: path.join(dist, 'cli.js'), dispose: () => rmSync(home, { recursive: true, force: true }) };
}

const mkdirs = (folder: string): string => {
  mkdirSync(folder, { recursive: true });
  return folder;
};

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
