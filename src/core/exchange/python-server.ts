/** MLflow's own server, of the person's own Python, for as long as something is written to a folder or an SQLite file. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disposable } from '../base/disposable';
import { RunyardError } from '../base/errors';
import { refuseStopped } from '../base/stopping';
import type { Place } from './open';

export interface PythonServer extends Disposable { uri: string; ended(): Promise<void> }
export interface PythonServerOptions { python: string; place: Exclude<Place, { kind: 'server' }>; signal?: AbortSignal; env?: NodeJS.ProcessEnv; patienceMs?: number }

/** Ends the server when whoever started it is gone, however that ended: its standard input is closed then. */
const KEEPER = `
import os, signal, subprocess, sys, threading
server = subprocess.Popen([sys.executable, "-m", "mlflow", "server"] + sys.argv[1:], stdin=subprocess.DEVNULL)
def watch():
    sys.stdin.buffer.read()
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    server.terminate()
threading.Thread(target=watch, daemon=True).start()
signal.signal(signal.SIGTERM, lambda *_: server.terminate())
sys.exit(server.wait())
`;

/** Throws not_found where this Python has no mlflow, refused where its server doesn't come up; what it wrote is in the message. */
export async function startPythonServer({ python, place, signal, env = process.env, patienceMs = 120_000 }: PythonServerOptions): Promise<PythonServer> {
  const clean = ownEnvironment(env);
  if (!await hasMlflow(python, clean)) {
    throw new RunyardError('not_found', `${python} has no mlflow, which is what writes MLflow's own files`, `install it there (${python} -m pip install mlflow), name another Python with --python, or export to the address of a server`);
  }
  const folder = place.kind === 'database' ? path.dirname(place.file) : place.folder;
  mkdirSync(folder, { recursive: true });
  const files = place.kind === 'database' ? path.join(folder, 'mlruns') : folder;
  const store = place.kind === 'database' ? `sqlite:///${place.file}` : folder;
  const port = await freePort();
  const child = spawn(python, [
    '-c', KEEPER, '--host', '127.0.0.1', '--port', String(port), '--workers', '1', '--backend-store-uri', store, '--default-artifact-root', files, '--no-serve-artifacts',
  ], { env: clean, stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', cwd: folder });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => { said.push(part.toString()); if (said.length > 200) said.shift(); });
  const over = new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.once('error', () => resolve()); });
  const uri = `http://127.0.0.1:${port}`;
  try {
    await untilUp({ uri, child, said, signal, patienceMs });
  } catch (error) {
    end(child);
    throw error;
  }
  return { uri, ended: () => over, dispose: () => end(child) };
}

/** Looked for and not imported, which takes seconds. */
const hasMlflow = (python: string, env: NodeJS.ProcessEnv): Promise<boolean> => new Promise((resolve) => {
  execFile(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("mlflow") is None)'], { env, timeout: 60_000 }, (error) => resolve(error === null));
});

/** Without what would send its requests elsewhere. Its file store has to be allowed in newer versions; a queue of jobs, eight processes of its own, has nothing to do here. */
function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(MLFLOW_|RUNYARD_|PYTHONPATH$|ELECTRON_RUN_AS_NODE$)/.test(name)));
  return { ...kept, MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' };
}

const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const probe = createServer();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
  });
});

interface Coming { uri: string; child: ChildProcess; said: readonly string[]; signal: AbortSignal | undefined; patienceMs: number }

async function untilUp({ uri, child, said, signal, patienceMs }: Coming): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    refuseStopped(signal);
    const gone = child.exitCode !== null || child.signalCode !== null;
    if (gone || performance.now() > end) {
      const last = said.join('').trim().split('\n').slice(-3).join(' ').slice(-400);
      throw new RunyardError('refused', `MLflow's server ${gone ? 'ended before it was up' : 'did not come up'}: ${last}`, 'look at what it says; an SQLite file of an older MLflow needs `mlflow db upgrade` first');
    }
    const up = await fetch(`${uri}/health`, { signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok, () => false);
    if (up) return;
    await pause(200);
  }
}

/** It starts children of its own: its whole group is ended. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') child.kill();
  else process.kill(-child.pid, 'SIGTERM');
}
