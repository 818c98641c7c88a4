/** MLflow's door to a workspace: its server, its address, and the words that clients are started with. */
import { disposables, type Disposable } from '../../core/base/disposable';
import { readAddress, writeAddress } from './address';
import type { MlflowContext } from './context';
import { routes } from './endpoints/index';
import { leaseSeconds, watchClients } from './liveness';
import { listenHttp, type HttpServer } from './server';

export interface Mlflow extends Disposable {
  /** http://127.0.0.1:PORT */
  readonly uri: string;
  readonly token: string;
  /** what a person should read, once */
  readonly notices: readonly string[];
  /** connections of clients that are open */
  clients(): number;
  /** Answers at another port too, and without a token where that is asked for. Throws conflict where the port is taken. */
  open(options: { port: number | null; tokenNeeded: boolean }): Promise<{ uri: string }>;
}

export type MlflowOptions = Omit<MlflowContext, 'spoke'>;

const uriOf = ({ port }: HttpServer): string => `http://127.0.0.1:${port}`;

/** Starts answering at the port that this workspace had before, where it is free. */
export async function openMlflow(options: MlflowOptions): Promise<Mlflow> {
  const all = disposables();
  const kept = readAddress(options.store.dir);
  const clients = all.add(watchClients({ ...options, leaseSeconds: leaseSeconds() }));
  const table = routes({ ...options, spoke: (run, socket) => clients.spoke(run, socket) });
  const listen = (port: number, { tokenNeeded = true, exact = false } = {}): Promise<HttpServer> =>
    listenHttp(port, { routes: table, guard: { token: kept.token, tokenNeeded }, log: options.log, beforeAnswer: (socket) => clients.beforeAnswer(socket), exact });
  const server = all.add(await listen(kept.port));
  if (server.port !== kept.port) writeAddress(options.store.dir, { ...kept, port: server.port });
  const moved = kept.port !== 0 && server.port !== kept.port;
  let opened: { port: number | null; tokenNeeded: boolean; server: HttpServer } | null = null;
  return {
    uri: uriOf(server), token: kept.token,
    notices: moved ? [`port ${kept.port} was taken by another program: MLflow's clients find this workspace at ${uriOf(server)} now. Those that run already have the old address: start them again, and shells where you set it`] : [],
    clients: () => server.clients() + (opened?.server.clients() ?? 0),
    async open({ port, tokenNeeded }) {
      if ((port === null || port === server.port) && tokenNeeded) return { uri: uriOf(server) };
      if (opened && (port === null || opened.port === port) && opened.tokenNeeded === tokenNeeded) return { uri: uriOf(opened.server) };
      const next = all.add(await listen(port ?? 0, { tokenNeeded, exact: port !== null }));
      opened = { port, tokenNeeded, server: next };
      return { uri: uriOf(next) };
    },
    dispose: () => all.dispose(),
  };
}
