/** Copies from and to other MLflow stores: one at a time, told of while they go on, stopped when asked. */
import { isAbsolute, resolve } from 'node:path';
import { RunyardError } from '../../core/base/errors';
import { disposable, type Disposable } from '../../core/base/disposable';
import type { App } from '../../core/app';
import { createCopy, type Copying } from '../../core/exchange/copy';
import type { Fault, Sink, Source } from '../../core/exchange/model';
import { openSource, placeNamed } from '../../core/exchange/open';
import { startPythonServer } from '../../core/exchange/python-server';
import { createMlflowClient } from '../../core/exchange/rest/client';
import { serverSink } from '../../core/exchange/rest/sink/sink';
import { serverSource } from '../../core/exchange/rest/source';
import { storeSink } from '../../core/exchange/store/sink';
import { loggedModel } from '../../core/domain/logged-model';
import { chooseInterpreter } from '../../core/tracking/interpreter';
import type { MethodArgs } from '../../protocol/engine';
import type { CopyProgress, CopyReport } from '../../protocol/exchange';
import type { Handlers } from '../dispatch';
import type { Mlflow } from './mlflow';

export interface ExchangeOptions {
  app: Pick<App, 'store' | 'tracker' | 'clock' | 'changed'>; workspace: string; mlflow: Pick<Mlflow, 'uri' | 'token'>;
  onProgress(progress: CopyProgress & { job: string }): void;
}
export interface Exchange extends Disposable { handlers: Pick<Handlers, 'mlflow.import' | 'mlflow.export' | 'mlflow.stopCopy'>; /** whether one goes on */ busy(): boolean }

const TELL_MS = 200;

export function createExchange({ app, workspace, mlflow, onProgress }: ExchangeOptions): Exchange {
  let current: { job: string; stop: AbortController } | null = null;

  async function copy(job: string, work: (copying: Copying, signal: AbortSignal) => Promise<CopyReport>): Promise<CopyReport> {
    if (current) throw new RunyardError('conflict', 'another import or export goes on in this workspace', 'wait for it, or stop it first');
    const mine = { job, stop: new AbortController() };
    current = mine;
    let told = 0;
    const copying = createCopy({
      signal: mine.stop.signal,
      onProgress(progress) {
        if (performance.now() - told < TELL_MS) return;
        told = performance.now();
        onProgress({ ...progress, job });
      },
    });
    try {
      return await work(copying, mine.stop.signal);
    } finally {
      current = null;
    }
  }

  /** Our own words for this workspace, which stand in its terminals, are nobody else's to know. */
  function credentialsOf({ token, username, password }: MethodArgs<'mlflow.import'>['credentials']): NodeJS.ProcessEnv {
    const ours = token !== undefined && (token === mlflow.token || token.startsWith(`${mlflow.token}.`));
    return {
      ...(token === undefined || ours ? {} : { MLFLOW_TRACKING_TOKEN: token }),
      ...(username === undefined ? {} : { MLFLOW_TRACKING_USERNAME: username }), ...(password === undefined ? {} : { MLFLOW_TRACKING_PASSWORD: password }),
    };
  }

  function refuseSelf(address: string): void {
    if (URL.canParse(address) && new URL(address).origin === mlflow.uri) throw new RunyardError('bad_input', `${address} is this workspace itself`, 'name another server, a folder or a file');
  }

  /** What MLflow's clients see of this workspace is what goes over. */
  function ownSource(fault: Fault, signal: AbortSignal): Source {
    const client = createMlflowClient({ uri: mlflow.uri, env: { MLFLOW_TRACKING_TOKEN: mlflow.token }, signal });
    const trashed = (): number => app.store.records.list('loggedModel').filter(({ doc }) => loggedModel.safeParse(doc).data?.deleted === true).length;
    return { ...serverSource(client, fault), title: workspace, leftOut: () => Promise.resolve(trashed() > 0 ? [`${trashed()} logged models in the trash`] : []) };
  }

  const both = async (copying: Copying, source: Source, sink: Sink): Promise<CopyReport> => {
    try {
      return await copying.run(source, sink);
    } finally {
      source.dispose();
      sink.dispose();
    }
  };

  return {
    busy: () => current !== null,
    handlers: {
      'mlflow.import': ({ from, artifacts, job, credentials }) => copy(job, async (copying, signal) => {
        refuseSelf(from);
        const source = openSource(from, { artifacts, fault: copying.fault, env: credentialsOf(credentials), signal });
        const report = await both(copying, source, storeSink({ store: app.store, tracker: app.tracker, workspace, clock: app.clock, signal }));
        app.changed([]);
        return report;
      }),
      'mlflow.export': ({ to, python, path, job, credentials }) => copy(job, async (copying, signal) => {
        refuseSelf(to);
        const place = placeNamed(to);
        const source = ownSource(copying.fault, signal);
        if (place.kind === 'server') return both(copying, source, serverSink({ client: createMlflowClient({ uri: to, env: credentialsOf(credentials), signal }), fault: copying.fault }));
        const server = await startPythonServer({ python: pythonOf({ workspace, python, path }), place, signal });
        try {
          const client = createMlflowClient({ uri: server.uri, env: {}, signal });
          return await both(copying, source, serverSink({ client, fault: copying.fault, local: true, title: place.kind === 'folder' ? place.folder : place.file }));
        } finally {
          server.dispose();
          await server.ended();
        }
      }),
      'mlflow.stopCopy'({ job }) {
        if (current?.job !== job) return { stopped: false };
        current.stop.abort();
        return { stopped: true };
      },
    },
    dispose: () => disposable(() => current?.stop.abort()).dispose(),
  };
}

/** Throws not_found where there is no Python at all. */
function pythonOf({ workspace, python, path }: { workspace: string; python: string | undefined; path: string }): string {
  const found = chooseInterpreter({ workspace, given: python, env: path === '' ? process.env : { ...process.env, PATH: path } });
  if (!found) throw new RunyardError('not_found', 'no Python was found, whose mlflow would write these files', 'name one with --python, or export to the address of a server');
  return isAbsolute(found.path) ? found.path : resolve(workspace, found.path);
}
