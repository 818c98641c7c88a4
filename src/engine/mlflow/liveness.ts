/** Keeps the states of clients' runs true: a run whose client vanished without ending it is lost, within seconds where that can be seen. */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { disposables, type Disposable } from '../../core/base/disposable';
import { describeError, RunyardError } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { CLIENT_RUNNER } from '../../core/store/runs';
import type { Store } from '../../core/store/store';
import { clientsIn, lastWord, writeClients } from '../../core/tracking/client-record';
import { processesBehind } from '../../core/tracking/connections';
import { isAlive } from '../../core/tracking/process';
import type { Tracker } from '../../core/tracking/tracker';
import { isLive } from '../../protocol/model';
import { createLeases, type GivenUp } from './leases';

export interface LivenessOptions {
  store: Store; tracker: Tracker; log: Log; clock(): number;
  /** tells the doors that runs have changed */
  changed(runs: readonly string[]): void;
  leaseSeconds: number; graceSeconds?: number;
}
export interface Liveness extends Disposable {
  /** A client has spoken of a run over this connection. */
  spoke(run: string, socket: Socket): void;
  /** To be waited for before the answer: a client that closes its connection after it could not be seen any more. */
  beforeAnswer(socket: Socket): Promise<unknown> | undefined;
}

const EVERY_MS = 500;
/** A first answer waits no longer than this for a look at who asks: some milliseconds do, unless the machine has more to do than it can. */
const LOOK_MS = 2000;
/** client.json is written this long after something new is known, with all that came meanwhile. */
const KEEP_MS = 100;

/** Seconds that a client of whom nothing is known has between two words. RUNYARD_CLIENT_LEASE_SECONDS, or a quarter of an hour. */
export function leaseSeconds(): number {
  const given = Number(process.env.RUNYARD_CLIENT_LEASE_SECONDS ?? '');
  return Number.isFinite(given) && given > 0 ? given : 15 * 60;
}

/** Looks after the runs of clients until it is disposed. */
export function watchClients(options: LivenessOptions): Liveness {
  const { store, tracker, log, clock, changed, leaseSeconds: lease, graceSeconds: grace = 5 } = options;
  const all = disposables();
  const now = (): number => performance.now() / 1000;
  const leases = createLeases<Socket>({ now, alive: isAlive, lease, grace });
  const restored = new Set<string>();
  const kept = new Map<string, string>();
  const spokenSince = new Map<string, boolean>();
  const waits = new WeakMap<Socket, Promise<unknown>>();
  let asked: Socket[] = [];
  let looking: Promise<void> | null = null;
  let keeping: NodeJS.Timeout | null = null;
  let disposed = false;
  let told = '';

  /** One look at the process table for all who came meanwhile. */
  async function look(): Promise<void> {
    while (asked.length > 0 && !disposed) {
      const batch = asked;
      asked = [];
      const found = await processesBehind(batch.map(({ remotePort = 0, localPort = 0 }) => ({ theirs: remotePort, ours: localPort }))).catch((error: unknown) => {
        log.warn(`the processes of clients can't be told: ${describeError(error)}`);
        return [];
      });
      batch.forEach((socket, i) => leases.known(socket, found[i] ?? null));
      keepSoon();
    }
    looking = null;
  }

  /** What was imported is a copy: no client speaks for it. */
  const liveRuns = (): string[] => store.liveRuns().filter(({ runner, source }) => runner === CLIENT_RUNNER && source !== 'import').map(({ id }) => id);

  function keepSoon(): void {
    if (disposed) return;
    keeping ??= setTimeout(() => { keeping = null; keep(liveRuns()); }, KEEP_MS).unref();
  }

  function keep(runs: readonly string[]): void {
    if (disposed) return;
    for (const run of runs) {
      const processes = leases.processes(run);
      const pids = processes.map(({ pid }) => pid).join(' ');
      if (processes.length === 0 || kept.get(run) === pids) continue;
      kept.set(run, pids);
      try {
        writeClients(tracker.folder(run), processes);
      } catch (error) {
        log.warn(`run ${run}: client.json can't be written: ${describeError(error)}`);
      }
    }
  }

  function restore(run: string): void {
    if (restored.has(run)) return;
    restored.add(run);
    leases.restore(run, clientsIn(tracker.folder(run)));
  }

  async function giveUp({ run, why, pids }: GivenUp): Promise<void> {
    if (why === 'silent' && !silent(run)) return;
    const reason = why === 'ended'
      ? `its client ended without ending the run (pid ${pids.join(', ')})`
      : `nothing was heard of its client for ${saySeconds(lease)}`;
    spokenSince.set(run, false);
    try {
      tracker.clients.say(run, [{ e: 'state', t: clock(), state: 'lost', reason }]);
      await tracker.clients.flush(run);
      // A word that came in between met a run that was still running: it is.
      if (spokenSince.get(run) && store.runFacts(run)?.state === 'lost') {
        tracker.clients.say(run, [{ e: 'state', t: clock(), state: 'running', client: true }]);
        tracker.clients.follow(run);
      }
    } catch (error) {
      if (!(error instanceof RunyardError) || error.code !== 'not_found') throw error;
      // Nowhere to write it down: the store knows.
      if (store.setState(run, { state: 'lost', t: clock(), reason: 'its folder was deleted while it ran' })) changed([run]);
    } finally {
      spokenSince.delete(run);
    }
  }

  /** Whether its spools are as old as that, and no run that is watched here has it inside: our plugin writes to the folder alone. */
  function silent(run: string): boolean {
    const ago = (Date.now() - lastWord(tracker.folder(run))) / 1000;
    const parent = store.getRun(run).parent;
    const around = parent !== null && store.hasRun(parent) ? store.runFacts(parent) : undefined;
    const inside = around !== undefined && around.runner !== CLIENT_RUNNER && isLive(around.state);
    if (ago >= lease && !inside) return true;
    leases.heard(run, inside ? 0 : Math.max(0, ago));
    return false;
  }

  /** A full disk stays full for many rounds. */
  const tell = (text: string): void => {
    if (told !== text) log.warn(text);
    told = text;
  };

  let round: Promise<void> | null = null;
  async function check(): Promise<void> {
    const live = liveRuns();
    for (const run of live) restore(run);
    const alive = new Set(live);
    for (const known of [restored, kept]) for (const run of known.keys()) if (!alive.has(run)) known.delete(run);
    keep(live);
    for (const given of leases.due(live)) {
      if (disposed) return;
      await giveUp(given).catch((error: unknown) => tell(`run ${given.run}: ${describeError(error)}; trying again`));
    }
  }
  const timer = setInterval(() => {
    round ??= check().catch((error: unknown) => log.error('clients could not be looked after', error)).finally(() => { round = null; });
  }, EVERY_MS).unref();
  all.add({ dispose: () => clearInterval(timer) });

  return {
    spoke(run, socket) {
      if (spokenSince.has(run)) spokenSince.set(run, true);
      if (!leases.spoke(run, socket)) return;
      const anonymous = leases.anonymous(run);
      if (socket.destroyed) {
        leases.closed(socket);
        leases.known(socket, null);
        return;
      }
      socket.once('close', () => leases.closed(socket));
      asked.push(socket);
      looking ??= look();
      if (anonymous) waits.set(socket, Promise.race([looking, pause(LOOK_MS, undefined, { ref: false })]));
    },
    beforeAnswer(socket) {
      const wait = waits.get(socket);
      waits.delete(socket);
      return wait;
    },
    dispose() {
      disposed = true;
      if (keeping) clearTimeout(keeping);
      all.dispose();
    },
  };
}

const saySeconds = (seconds: number): string => (seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} s`);
