/** The runs that aren't over: each is looked at often enough that what the store says of it is true. */
import { existsSync, readFileSync, watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isLive } from '../../protocol/model';
import type { ExitRecord } from '../../protocol/spool';
import { disposables, type Disposable } from '../base/disposable';
import type { Clock } from '../base/clock';
import { describeError, RunyardError, systemCode } from '../base/errors';
import type { Log } from '../base/log';
import type { Store } from '../store/store';
import type { Runner, StartedSupervisor } from '../runners/runner';
import type { Ingest } from './ingest';
import { hasExit, isCancelled, paths, writeExit } from './run-folder';
import { lookAt } from './truth';

export interface WatchOptions { store: Store; ingest: Ingest; runner: Runner; log: Log; clock: Clock; onOver(run: string): void; onChanged(runs: string[], metrics: boolean): void }

/** `ours`: started here, so nobody watching it means that it is lost; a folder copied in may have its end still coming. */
export interface Watched { run: string; folder: string; ours: boolean; running: boolean; /** nothing here started it: its state is what its client says */ client?: boolean }
interface Live extends Watched {
  started: StartedSupervisor | null; startGone: boolean; adopted: number; gone: number; looked: number; current: Promise<void> | null; told: string; around: Disposable;
}

const DRAIN_MS = 250;
const LOOK_MS = 750;
/** An adopting supervisor needs a moment to write that it is there. */
const ADOPT_AGAIN_MS = 4000;
/** Longer than this a run's state doesn't wait for a backlog of its points. */
const STATE_WAITS_MS = 2500;

export interface Watching extends Disposable {
  add(what: Watched & { started?: StartedSupervisor }): void;
  has(run: string): boolean;
  /** how many of ours were begun and aren't over */
  busy(): number;
  /** ids of the runs that are looked at */
  all(): string[];
  /** Looks at the run at once; resolves when what followed from it is in the store. */
  look(run: string): Promise<void>;
}

export function createWatching(options: WatchOptions): Watching {
  const { store, ingest, runner, log, clock, onOver, onChanged } = options;
  const live = new Map<string, Live>();
  const all = disposables();
  let disposed = false;

  const over = (one: Live): void => {
    one.around.dispose();
    live.delete(one.run);
    onOver(one.run);
  };

  /** The last of its spools, then its state: who sees the state sees every point. */
  async function end(one: Live, exit: ExitRecord): Promise<void> {
    const state = (): void => {
      if (disposed || !store.setState(one.run, { state: exit.state, reason: exit.reason, t: exit.t, code: exit.code, signal: exit.signal })) return;
      onChanged([one.run], false);
    };
    const drained = ingest.drain(one.folder, { last: true });
    const waited = await Promise.race([drained.then(() => 'all' as const), pause(STATE_WAITS_MS, 'late' as const, { ref: false })]);
    if (waited === 'late') state();
    await drained;
    await Promise.race([ingest.settled(), pause(STATE_WAITS_MS, undefined, { ref: false })]);
    state();
    over(one);
  }

  async function lost(one: Live, reason: string): Promise<void> {
    const cancelled = isCancelled(one.folder);
    const exit: ExitRecord = cancelled
      ? { t: clock(), state: 'stopped', code: null, signal: null, reason: 'stopped by the user' }
      : { t: clock(), state: 'lost', code: null, signal: null, reason };
    tryWriteExit(one, exit);
    await end(one, exit);
  }

  /** The folder tells the same as the store, so that it can be moved or read again; where it can't be written, the store still knows. */
  function tryWriteExit(one: Live, exit: ExitRecord): void {
    try {
      if (existsSync(one.folder)) writeExit(one.folder, exit);
    } catch (error) {
      log.warn(`run ${one.run}: exit.json can't be written: ${describeError(error)}`);
    }
  }

  async function unstarted(one: Live): Promise<void> {
    if (!one.startGone) return;
    if (!existsSync(one.folder)) return lost(one, 'its folder was deleted while it ran');
    if (one.running) return lost(one, 'nothing tells of its supervisor any more');
    const said = tail(paths.supervisorLog(one.folder));
    const exit: ExitRecord = { t: clock(), state: 'failed', code: null, signal: null, reason: `its supervisor could not start${said ? `: ${said}` : ''}` };
    tryWriteExit(one, exit);
    await end(one, exit);
  }

  async function truth(one: Live): Promise<void> {
    one.looked = performance.now();
    const sight = lookAt(one.folder);
    if (sight.is !== 'gone') one.gone = 0;
    switch (sight.is) {
      case 'ended': return end(one, sight.exit);
      case 'unstarted': return one.ours ? unstarted(one) : undefined;
      case 'watched':
        if (sight.running && !one.running) {
          one.running = true;
          if (store.setState(one.run, { state: 'running', t: clock() })) onChanged([one.run], false);
        }
        return;
      case 'orphan':
        if (performance.now() - one.adopted < ADOPT_AGAIN_MS) return;
        one.adopted = performance.now();
        log.warn(`run ${one.run}: its supervisor is gone and its command lives: another supervisor takes over`);
        runner.adopt(one.folder, sight.pid);
        return;
      case 'gone':
        // Twice in a row: between a fork and its first instruction a process isn't to be told from its parent.
        if (++one.gone >= 2) return lost(one, sight.reason);
        one.looked -= LOOK_MS - DRAIN_MS;
    }
  }

  /** One round at a time for each run; asked during one, that one is what is waited for. */
  function round(one: Live, force = false): Promise<void> {
    one.current ??= roundOnce(one, force).finally(() => { one.current = null; });
    return one.current;
  }

  async function roundOnce(one: Live, force: boolean): Promise<void> {
    if (disposed) return;
    try {
      if (hasExit(one.folder) || force || performance.now() - one.looked >= LOOK_MS) await truth(one);
      if (live.has(one.run)) await ingest.drain(one.folder);
      if (one.client && live.has(one.run) && !isLive(store.getRun(one.run).state)) over(one);
      one.told = '';
    } catch (error) {
      // A full disk or a busy one: the next round tries again, and it is said once.
      const text = describeError(error);
      if (one.told !== text && !disposed) log.warn(`run ${one.run}: ${text}; trying again`);
      one.told = text;
    }
  }

  const timer = setInterval(() => { for (const one of [...live.values()]) void round(one); }, DRAIN_MS);
  all.add({ dispose: () => clearInterval(timer) });

  return {
    add({ run, folder, ours, running, client, started }) {
      if (live.has(run)) return;
      const one: Live = {
        run, folder, ours, running, client, started: started ?? null, startGone: false, adopted: -Infinity, gone: 0, looked: -Infinity, current: null, told: '',
        around: watchFolder(folder, () => void round(one)),
      };
      live.set(run, one);
      void started?.gone.then(() => { one.startGone = true; });
      if (!started) one.startGone = true;
    },
    has: (run) => live.has(run),
    all: () => [...live.keys()],
    busy: () => [...live.values()].filter((one) => one.ours).length,
    async look(run) {
      const one = live.get(run);
      // What is under way may have looked before the caller's reason to look.
      if (one?.current) await one.current;
      if (one && live.has(run)) await round(one, true);
    },
    dispose() {
      disposed = true;
      for (const one of live.values()) one.around.dispose();
      live.clear();
      all.dispose();
    },
  };
}

/** At most ten calls a second, however often the folder changes; the rounds come anyway where the system has no watch left. */
function watchFolder(folder: string, changed: () => void): Disposable {
  let timer: NodeJS.Timeout | null = null;
  try {
    const watcher = watch(folder, () => { timer ??= setTimeout(() => { timer = null; changed(); }, 100); });
    watcher.on('error', () => watcher.close());
    return { dispose() { watcher.close(); if (timer) clearTimeout(timer); } };
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return { dispose: () => undefined };
  }
}

function tail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(0, 3).join(' ').slice(0, 400);
  } catch (error) {
    if (systemCode(error) === '' && !(error instanceof RunyardError)) throw error;
    return '';
  }
}
