/** The process around core: lock, store, socket, and how long it lives. */
import path from 'node:path';
import { openApp, type App } from '../core/app';
import { disposables, type Disposable } from '../core/base/disposable';
import type { Log } from '../core/base/log';
import { PROTOCOL_VERSION, type EngineEvents } from '../protocol/engine';
import { newAddress } from './client/address';
import { coalesce } from './changes';
import type { Handlers } from './dispatch';
import { takeLock } from './lock';
import { clientEnvironment } from './mlflow/environment';
import { createExchange } from './mlflow/exchange';
import { openMlflow, type Mlflow } from './mlflow/mlflow';
import { hearTrace } from './mlflow/traces/hear';
import { listen, type Server } from './server';
import { watchFiles } from './watch';

export interface EngineOptions {
  /** as workspaceRoot gives it */
  workspace: string;
  version: string;
  supervisorPath: string;
  evaluatorPath: string;
  pythonPath: string;
  log: Log;
  /** seconds without a client, a live run or a schedule that is due (or will be within them) before it ends itself */
  idleSeconds: number;
  /** Called once, when everything is closed. */
  onClosed: () => void;
}
export interface Engine { address: string; close(reason: EngineEvents['closing']['reason']): Promise<void> }

/** What begins while an engine ends would be cut: it doesn't end so shortly before a schedule is due. */
const CLOSING_SECONDS = 1;

/** Starts the engine of a workspace, or returns null where one runs already. Throws what opening the store throws (store_newer ...). */
export async function startEngine(options: EngineOptions): Promise<Engine | null> {
  const { workspace, log } = options;
  const address = newAddress(workspace);
  const lock = takeLock(workspace, address);
  if (!lock) return null;
  const all = disposables();
  all.add(lock);
  let server: Server | undefined;
  let idle: Disposable | undefined;
  const tell: Server['tell'] = (event, value) => server?.tell(event, value);
  try {
    // What happens while the store opens (runs taken in again) is told to whoever is connected by then.
    const changes = all.add(coalesce((event) => tell('changed', event)));
    const door: { mlflow?: Mlflow } = {};
    const app: App = openApp({
      ...options, environment: (run) => clientEnvironment({ run, store: app.store, folder: app.tracker.folder(run), address: door.mlflow }),
      onTrace: (run, event) => hearTrace({ store: app.store, clock: app.clock, log }, run, event), onChanged: (change) => changes.add(change), onNotice: (notice) => tell('notice', notice),
      onEvaluating: (progress) => tell('evaluating', progress), onEvaluated: (change) => tell('evaluated', change),
      onRegistry: (change) => tell('registry', change), onAttention: (what) => tell('attention', what),
      onMonitoring: (change) => tell('monitoring', change), onAlert: (event) => tell('alert', event),
    });
    all.add(app);
    const mlflow = door.mlflow = all.add(await openMlflow({ ...app, workspace, log }));
    const exchange = all.add(createExchange({ app, workspace, mlflow, onProgress: (progress) => tell('copying', progress) }));
    const close = closer({ options, all, server: () => server });
    const handlers = { ...app.handlers, ...lifetimeHandlers(options, { app, notices: mlflow.notices, clients: () => server?.clients() ?? 0, close }), ...mlflowHandlers(mlflow), ...exchange.handlers };
    const restartIdle = (): void => {
      idle?.dispose();
      const busy = (): boolean => (server?.clients() ?? 0) > 0 || mlflow.clients() > 0 || app.live() > 0 || exchange.busy() || app.evaluating() || app.soon(Math.max(options.idleSeconds, CLOSING_SECONDS));
      idle = endWhenIdle({ busy, seconds: options.idleSeconds, end: () => void close('idle') });
    };
    all.add({ dispose: () => idle?.dispose() });
    server = await listen(address, { handlers, log, onClients: restartIdle });
    all.add(server);
    all.add(watchFiles(workspace, app.configFiles, { changed: () => app.reloadConfig(), log }));
    all.add(watchLock(lock, () => void close('upgrade'), log));
    restartIdle();
    log.info(`engine ${options.version} (pid ${process.pid}) serves ${path.basename(workspace)}; store ${app.store.driver}, schema ${app.store.schema}`);
    for (const notice of [...app.store.notices, ...mlflow.notices]) log.warn(notice);
    return { address, close };
  } catch (error) {
    all.dispose();
    throw error;
  }
}

interface Closing { options: EngineOptions; all: Disposable; server: () => Server | undefined }

/** Says that it closes, takes no more connections, and lets go of everything. Supervisors and their runs go on. */
function closer({ options, all, server }: Closing): Engine['close'] {
  let closing: Promise<void> | undefined;
  const end = async (reason: EngineEvents['closing']['reason']): Promise<void> => {
    options.log.info(`engine ends: ${reason}`);
    server()?.stopAccepting();
    server()?.tell('closing', { reason });
    await server()?.drain();
    all.dispose();
    options.onClosed();
  };
  return (reason) => (closing ??= end(reason));
}

interface Lifetime { app: App; notices: readonly string[]; clients: () => number; close: Engine['close'] }

function lifetimeHandlers(options: EngineOptions, life: Lifetime): Pick<Handlers, 'engine.hello' | 'engine.status' | 'engine.shutdown'> {
  const { app } = life;
  const started = Date.now();
  const facts = () => ({ version: options.version, pid: process.pid, workspace: options.workspace, store: app.store.dir, notices: [...app.store.notices, ...life.notices] });
  return {
    'engine.hello': ({ client, version }) => {
      options.log.info(`${client} ${version} connected`);
      return { ...facts(), protocol: PROTOCOL_VERSION };
    },
    'engine.status': () => ({
      ...facts(), live: app.live(), queued: app.queued(), clients: life.clients(), uptime: (Date.now() - started) / 1000,
      schema: app.store.schema, driver: app.store.driver,
    }),
    'engine.shutdown': ({ reason }) => {
      // After the answer has left.
      setImmediate(() => void life.close(reason === 'upgrade' ? 'upgrade' : 'asked'));
      return {};
    },
  };
}

function mlflowHandlers(mlflow: Mlflow): Pick<Handlers, 'mlflow.serve'> {
  return {
    'mlflow.serve': async ({ port, token }, { onGone }) => ({ ...await mlflow.open({ port: port ?? null, tokenNeeded: token, onGone }), token: mlflow.token }),
  };
}

/** Ends the engine once nothing was going on for `seconds` at a stretch. */
function endWhenIdle({ busy, seconds, end }: { busy: () => boolean; seconds: number; end: () => void }): Disposable {
  const every = Math.min(Math.max(seconds * 1000 / 4, 50), 1000);
  let since = performance.now();
  const timer = setInterval(() => {
    if (busy()) since = performance.now();
    else if (performance.now() - since >= seconds * 1000) end();
  }, every);
  return { dispose: () => clearInterval(timer) };
}

/** An engine whose lock file is gone (the workspace was moved, the store was deleted) isn't the workspace's engine any more. */
function watchLock(lock: { stillOurs(): boolean }, lost: () => void, log: Log): Disposable {
  const timer = setInterval(() => {
    if (lock.stillOurs()) return;
    log.warn('the lock is gone: the workspace was moved, or its store was deleted');
    lost();
  }, 2000).unref();
  return { dispose: () => clearInterval(timer) };
}
