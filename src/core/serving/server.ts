/** The scoring server put together: HTTP, the versions that are served, the log. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describeError, RunyardError, systemCode } from '../base/errors';
import type { ServingConfig } from '../config/monitoring';
import { partsOf, servingFolder, servingRoot } from '../monitoring/log/place';
import { add, newCounts, type Counts } from './counts';
import { createFleet, type Fleet } from './follow/fleet';
import type { Pointed } from './follow/pointer';
import { handle, type Routes } from './http/routes';
import { invoke } from './invoke';
import { workspaceKey } from './record/hash';
import { keepLog } from './record/keep';
import type { Privacy } from './record/lines';
import { writeState } from './record/state';
import { createWriter } from './record/writer';

export interface ServerConfig { serving: ServingConfig; /** columns with personal data: dropped from the log unless they are hashed */ personal: readonly string[] }
export interface ServerOptions {
  workspace: string; /** NAME@ENVIRONMENT */ model: string; host: string; port: number; /** the scorer's bundle */ script: string; /** of Runyard */ version: string;
  config: ServerConfig;
  find(version: number): Promise<Pointed>;
  say(text: string): void;
}
export interface ScoringServer {
  readonly address: string; readonly live: number; readonly counts: Counts;
  configure(config: ServerConfig): Promise<void>;
  /** Takes no more, answers what is in, settles the log. */
  close(): Promise<void>;
}

const STATE_MS = 3000;
const DRAIN_MS = 30_000;

/** Throws not_found where nothing is live, conflict where the port is taken, unsupported for anything but ONNX, bad_input for rules that can't be used. */
export async function startServer(options: ServerOptions): Promise<ScoringServer> {
  const { workspace, model, host, port, script, say } = options;
  let { config } = options;
  const [name, environment] = partsOf(model);
  const folder = servingFolder(workspace, model);
  const temp = path.join(folder, 'open');
  mkdirSync(temp, { recursive: true });
  const counts = newCounts();
  const privacyOf = ({ serving, personal }: ServerConfig): Privacy => {
    const hash = new Set(serving.hash);
    return { hash, drop: new Set([...serving.drop, ...personal.filter((column) => !hash.has(column))]), key: hash.size > 0 ? workspaceKey(servingRoot(workspace)) : null };
  };
  const writer = createWriter(folder);
  const fleet = await createFleet({
    workspace, temp, script, model: name, environment, config: config.serving, privacy: privacyOf(config), find: options.find, say,
    onLost(role, why) { counts.lost += 1; say(`${role}: the model's process ended and is started again: ${why}`); },
  });
  const log = keepLog({ folder, script, writer, days: () => config.serving.keepDays ?? null, say });
  const busy = new Set<Promise<unknown>>();
  const routes: Routes = {
    version: options.version, loopback: isLoopback(host), maxBytes: () => config.serving.maxBytes,
    ready: () => (fleet.get('live') ? null : (fleet.problems.get('live') ?? 'nothing is live')),
    invoke(asked) { counts.requests += 1; return invoke(asked, { fleet, writer, counts, config: () => config.serving }); },
    count(status) { if (status !== 200) add(counts.refused, String(status)); },
    failed: (error) => say(`a request failed: ${describeError(error)}`),
  };
  let closing = false;
  const answer: RequestListener = (request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    track(busy, Promise.all([handle(request, response, routes), new Promise((resolve) => response.once('close', resolve))]));
  };
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000 }, answer);
  server.on('checkContinue', answer);
  try {
    await listen(server, host, port);
  } catch (error) {
    fleet.dispose();
    await log.close(false);
    throw error;
  }
  const address = addressOf(server, host);
  const began = Date.now();
  const state = (ended: boolean): void => writeState(folder, { model, workspace, address, began, ended: ended ? Date.now() : null, fleet, counts, own: writer.own });
  state(false);
  const timer = setInterval(() => state(false), STATE_MS);
  return {
    address, counts, get live() { return fleet.get('live')?.version ?? 0; },
    async configure(next) {
      await fleet.configure(next.serving, privacyOf(next));
      config = next;
    },
    async close() {
      clearInterval(timer);
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await soon(Promise.all([...busy]).then(() => shadowDone(fleet)), DRAIN_MS);
      server.closeAllConnections();
      await closed;
      fleet.dispose();
      await log.close(true);
      state(true);
    },
  };
}

function track(busy: Set<Promise<unknown>>, work: Promise<unknown>): void {
  busy.add(work);
  void work.finally(() => busy.delete(work));
}

const shadowDone = async (fleet: Fleet): Promise<void> => { await fleet.get('shadow')?.batcher.drained(); };

async function soon(work: Promise<unknown>, ms: number): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => { late = setTimeout(resolve, ms); })]);
  clearTimeout(late);
}

export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|localhost|::1)$/i.test(host);

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemCode(error);
      if (code === 'EADDRINUSE') reject(new RunyardError('conflict', `port ${port} of ${host} is taken`, 'end what listens there, or name another with --port (0: any that is free)'));
      else if (code === 'EACCES') reject(new RunyardError('refused', `port ${port} may not be used`, 'name one from 1024 on with --port'));
      else if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) reject(new RunyardError('bad_input', `${host} is no address of this machine`, 'leave --host out, or give 0.0.0.0 for all of its addresses'));
      else reject(error);
    });
    server.listen(port, host, () => resolve());
  });
}

function addressOf(server: Server, host: string): string {
  const at = server.address();
  return `http://${host.includes(':') ? `[${host}]` : host}:${typeof at === 'object' && at ? at.port : 0}`;
}
