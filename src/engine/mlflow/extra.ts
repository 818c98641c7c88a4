/** Servers beside the workspace's own: at a port that somebody asked for, or without a token. They stay as long as somebody wants them. */
import type { Disposable } from '../../core/base/disposable';
import type { HttpServer } from './server';

export interface ExtraOptions {
  listen(port: number, options: { tokenNeeded: boolean; exact: boolean }): Promise<HttpServer>;
  /** seconds that one stays after the last who asked for it is gone and no client is connected */
  keepSeconds?: number;
}
export interface Wanted { port: number | null; tokenNeeded: boolean; /** called with what has to be told when whoever asks is gone */ onGone(heard: () => void): void }
export interface ExtraServers extends Disposable {
  /** Throws conflict where the port is taken. */
  open(wanted: Wanted): Promise<HttpServer>;
  clients(): number;
}

interface Extra { port: number | null; tokenNeeded: boolean; server: HttpServer; askers: number; since: number }

export function createExtraServers({ listen, keepSeconds = 10 }: ExtraOptions): ExtraServers {
  const servers = new Set<Extra>();
  let last: Promise<unknown> = Promise.resolve();
  const sweep = setInterval(() => {
    for (const one of servers) {
      if (one.askers > 0 || one.server.clients() > 0) one.since = performance.now();
      else if (performance.now() - one.since >= keepSeconds * 1000) {
        servers.delete(one);
        one.server.dispose();
      }
    }
  }, Math.min(1000, keepSeconds * 250)).unref();

  async function find({ port, tokenNeeded }: Wanted): Promise<Extra> {
    const there = [...servers].find((one) => one.tokenNeeded === tokenNeeded && (port === null || one.server.port === port));
    if (there) return there;
    const made: Extra = { port, tokenNeeded, server: await listen(port ?? 0, { tokenNeeded, exact: port !== null }), askers: 0, since: performance.now() };
    servers.add(made);
    return made;
  }

  return {
    open(wanted) {
      // One after the other: two who ask for the same port at once get the same server.
      const asked = last.then(() => find(wanted)).then((one) => {
        one.askers++;
        wanted.onGone(() => { one.askers--; });
        return one.server;
      });
      last = asked.catch(() => undefined);
      return asked;
    },
    clients: () => [...servers].reduce((sum, { server }) => sum + server.clients(), 0),
    dispose() {
      clearInterval(sweep);
      for (const { server } of servers) server.dispose();
      servers.clear();
    },
  };
}
