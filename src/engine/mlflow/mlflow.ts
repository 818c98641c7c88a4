/** MLflow's door to a workspace: its server, its address, and the words that clients are started with. */
import { disposables, type Disposable } from '../../core/base/disposable';
import { newToken, readAddress, writeAddress } from './address';
import type { MlflowContext } from './context';
import { routes } from './endpoints/index';
import { createExtraServers, type Wanted } from './extra';
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
  /** Answers at another port too, and without a token where that is asked for, until who asks is gone. Throws conflict where the port is taken. */
  open(wanted: Wanted): Promise<{ uri: string }>;
}

export type MlflowOptions = Omit<MlflowContext, 'spoke'>;

const uriOf = ({ port }: HttpServer): string => `http://127.0.0.1:${port}`;

/** Starts answering at the port that this workspace had before, where it is free. */
export async function openMlflow(options: MlflowOptions): Promise<Mlflow> {
  const all = disposables();
  const kept = readAddress(options.store.dir);
  const clients = all.add(watchClients({ ...options, leaseSeconds: leaseSeconds() }));
  const table = routes({ ...options, spoke: (run, socket) => clients.spoke(run, socket) });
  const secret = { token: kept.token };
  const listen = (port: number, { tokenNeeded = true, exact = false } = {}): Promise<HttpServer> => listenHttp(port, {
    routes: table, guard: { get token() { return secret.token; }, tokenNeeded }, log: options.log, beforeAnswer: (socket) => clients.beforeAnswer(socket), exact,
  });
  const server = all.add(await listen(kept.port));
  const moved = kept.port !== 0 && server.port !== kept.port;
  // Clients go on telling the old token to whoever listens at the old port now.
  if (moved) secret.token = newToken();
  if (server.port !== kept.port) writeAddress(options.store.dir, { token: secret.token, port: server.port });
  const extra = all.add(createExtraServers({ listen }));
  return {
    uri: uriOf(server), token: secret.token,
    notices: moved ? [`port ${kept.port} was taken by another program: MLflow's clients find this workspace at ${uriOf(server)} now, with a new token. Those that run already have the old address: start them again, and shells where you set it`] : [],
    clients: () => server.clients() + extra.clients(),
    async open(wanted) {
      const own = wanted.tokenNeeded && (wanted.port === null || wanted.port === server.port);
      return { uri: uriOf(own ? server : await extra.open(wanted)) };
    },
    dispose: () => all.dispose(),
  };
}
