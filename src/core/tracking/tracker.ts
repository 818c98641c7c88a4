/** The lifetime of tracking: starts runs, adopts those that are there, and keeps the store true of both. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchParams, LaunchPreview } from '../../protocol/engine';
import { isLive, type RunState } from '../../protocol/model';
import type { RunSpec, SpoolEvent } from '../../protocol/spool';
import type { Clock } from '../base/clock';
import { disposables, type Disposable } from '../base/disposable';
import { describeError, RunyardError, systemCode } from '../base/errors';
import type { Log } from '../base/log';
import type { Config } from '../config/schema';
import { localRunner } from '../runners/local';
import type { Store } from '../store/store';
import { startDiscovery } from './discover';
import { clientsIn } from './client-record';
import { createClients, type Clients } from './clients';
import { createIngest } from './ingest';
import { planLaunch, planRerun } from './launch';
import { createQueue } from './queue';
import { appendLines, createRunFolder, hasExit, paths, readSpec, runsDir, writeCancel, writeExit } from './run-folder';
import { lookAt } from './truth';
import { createWatching } from './watching';
import { CLIENT_RUNNER } from '../store/runs';

export interface TrackerOptions {
  store: Store; workspace: string; config(): Config; log: Log; clock: Clock;
  /** the bundle of supervisor-main.ts, and the folder that holds our Python package */
  supervisorPath: string; pythonPath: string;
  /** What a run's environment has beside our own words, such as where MLflow's client finds us. */
  environment?(run: string): Record<string, string>;
  /** Told after each batch and each change of state; not coalesced. `metrics`: whether a metric has new points. */
  onChanged(runs: string[], metrics: boolean): void;
  onNotice?(text: string): void;
  /** Told of traces that runs' spools tell of; again where the engine ended meanwhile. */
  onTrace?(run: string, event: Extract<SpoolEvent, { e: 'trace' }>): void;
}

/** What may be changed on a run that exists. */
export interface RunEdit { name?: string; notes?: string; pinned?: boolean; trashed?: boolean; experiment?: string; setTags?: Record<string, string>; deleteTags?: string[] }

export interface Tracker extends Disposable {
  /** Resolves once every run that was there on start has been taken up. */
  readonly ready: Promise<void>;
  preview(params: LaunchParams): LaunchPreview;
  /** Ids of the runs, which wait or have begun. Throws what planLaunch throws, and disk_full. */
  launch(params: LaunchParams): string[];
  rerun(run: string, params: Record<string, string>, source: string): string[];
  /** Asks it to stop; a queued run is stopped at once. Gives the state it has now. */
  stop(run: string, by?: string): Promise<RunState>;
  edit(run: string, change: RunEdit): Promise<void>;
  /** Takes in everything the run has said so far, and its end if it is over. */
  ingestNow(run: string): Promise<void>;
  /** runs that are queued or running here */
  live(): number;
  queued(): number;
  folder(run: string): string;
  /** runs that clients outside speak for */
  readonly clients: Clients;
}

/** A client's run ends with its client: nobody here may send its process a signal. */
function refuseStop(name: string, folder: string): RunyardError {
  const pids = clientsIn(folder).map(({ pid }) => pid);
  return new RunyardError('refused', `${name} was started outside of Runyard, by an MLflow client: it can't be stopped from here`, pids.length > 0 ? `end its script (process ${pids.join(', ')})` : 'end its script');
}

/** Starts tracking. Disposing it leaves the runs alone: they go on, and the next tracker adopts them. */
export function startTracker(options: TrackerOptions): Tracker {
  const { store, workspace, config, log, clock, onChanged } = options;
  const runs = runsDir(workspace);
  mkdirSync(runs, { recursive: true });
  const folder = (run: string): string => join(runs, run);
  const all = disposables();
  const known = new Set(store.fresh ? [] : store.runIds());
  const queue = createQueue();
  const runner = localRunner(options);
  const ingest = all.add(createIngest({ store, log, objects: join(workspace, '.runyard', 'objects'), onChanged, onTrace: options.onTrace, onNotice: options.onNotice }));
  const watching = all.add(createWatching({ store, ingest, runner, log, clock, onChanged, onOver: () => pump() }));
  /** what was said of folders that can't be read: they are looked at again and again */
  const told = new Set<string>();
  let disposed = false;

  function pump(): void {
    for (let run = next(); run !== null; run = next()) start(run);
  }
  const next = (): string | null => (disposed ? null : queue.next(watching.busy(), config().queue.concurrency));

  function start(run: string): void {
    try {
      watching.add({ run, folder: folder(run), ours: true, running: false, started: runner.start(folder(run)) });
    } catch (error) {
      log.error(`run ${run} could not be started`, error);
      finish(run, 'failed', `it could not be started: ${describeError(error)}`);
    }
  }

  /** The end of a run that never had a supervisor. */
  function finish(run: string, state: 'stopped' | 'failed' | 'lost', reason: string): void {
    const t = clock();
    try {
      writeExit(folder(run), { t, state, reason, code: null, signal: null });
    } catch (error) {
      log.warn(`run ${run}: exit.json can't be written: ${describeError(error)}`);
    }
    if (store.setState(run, { state, reason, t })) onChanged([run], false);
  }

  function enqueue(spec: RunSpec): void {
    known.add(spec.runId);
    createRunFolder(folder(spec.runId), spec);
    store.createRun(spec, 'queued');
    queue.add(spec.runId, spec.created);
  }

  /** A run that the store calls live, on start. */
  function takeUp(run: string, state: RunState): void {
    const sight = lookAt(folder(run));
    if (sight.is !== 'unstarted') return watching.add({ run, folder: folder(run), ours: true, running: state === 'running' });
    const spec = specOf(run);
    if (!spec) return finish(run, 'lost', 'its folder or its spec.json is gone');
    if (spec.runner !== 'local') return watching.add({ run, folder: folder(run), ours: false, running: state === 'running', client: spec.runner === CLIENT_RUNNER });
    if (state === 'queued') return queue.add(run, spec.created);
    finish(run, 'lost', 'nothing tells of a supervisor of it any more');
  }

  function specOf(run: string): RunSpec | null {
    try {
      return readSpec(folder(run));
    } catch (error) {
      const text = `run ${run}: ${describeError(error)}`;
      if (!told.has(text)) log.warn(text);
      told.add(text);
      return null;
    }
  }

  /** A folder that the store doesn't know. It is never started: another machine may have, or a store that is gone. */
  async function takeIn(run: string): Promise<boolean> {
    const spec = specOf(run);
    if (!spec || spec.runId !== run) return false;
    known.add(run);
    store.createRun(spec, 'queued');
    const sight = lookAt(folder(run));
    const ours = sight.is === 'watched' || sight.is === 'orphan';
    await ingest.drain(folder(run));
    if (sight.is === 'unstarted' && spec.runner === 'local') {
      const state = store.getRun(run).state;
      if (state === 'queued') store.setState(run, { state: 'lost', t: clock(), reason: 'it was waiting when it was copied here or its store was lost: run it again' });
    }
    watching.add({ run, folder: folder(run), ours: ours || sight.is === 'gone', running: false, client: spec.runner === CLIENT_RUNNER });
    await watching.look(run);
    onChanged([run], true);
    return true;
  }

  const clients = all.add(createClients({
    folder, ingest, onChanged, watched: () => watching.all(),
    begun(spec, first) {
      known.add(spec.runId);
      // A client's run begins in a request: what a power cut could take is what its client says again.
      createRunFolder(folder(spec.runId), spec, { flush: false });
      first();
      store.createRun(spec, 'running');
    },
    follow: (run) => watching.add({ run, folder: folder(run), ours: false, running: true, client: true }),
  }));

  const planning = (): { workspace: string; config: Config; clock: Clock } => ({ workspace, config: config(), clock });
  const launchAll = (specs: readonly RunSpec[]): string[] => {
    for (const spec of specs) enqueue(spec);
    const ids = specs.map((spec) => spec.runId);
    pump();
    onChanged(ids, false);
    return ids;
  };

  for (const { id, state } of store.fresh ? [] : store.liveRuns()) takeUp(id, state);
  const discovery = all.add(startDiscovery({ runs, known, take: takeIn, failed: (error) => log.error('the folder of runs could not be read', error) }));
  const ready = discovery.first.then(() => {
    if (disposed) return;
    for (const run of store.runIds().slice(-200)) ingest.resumeArtifacts(folder(run));
    pump();
  });

  return {
    ready,
    preview: (params) => planLaunch(params, planning()).preview,
    launch: (params) => launchAll(planLaunch(params, planning()).specs),
    rerun(run, params, source) {
      const spec = specOf(run);
      if (!spec) throw new RunyardError('not_found', `the run ${run} has no spec.json any more`, 'its folder was deleted: launch it anew');
      if (spec.runner === CLIENT_RUNNER) throw new RunyardError('refused', `${spec.name} was logged by an MLflow client: what started it isn't known here`, spec.script ? `run its script: runyard run ${spec.script}` : 'start its script again');
      return launchAll([planRerun(spec, params, { ...planning(), source })]);
    },
    async stop(run, by = 'user') {
      if (queue.remove(run)) {
        writeCancel(folder(run), by, clock());
        finish(run, 'stopped', 'stopped before it started');
        pump();
        return 'stopped';
      }
      const { state } = store.getRun(run);
      if (!isLive(state) || hasExit(folder(run))) return state;
      if (store.runFacts(run)?.runner === CLIENT_RUNNER) throw refuseStop(store.getRun(run).name, folder(run));
      writeCancel(folder(run), by, clock());
      await watching.look(run);
      return store.getRun(run).state;
    },
    async edit(run, { setTags, deleteTags, ...change }) {
      const t = clock();
      const lines: unknown[] = [];
      if (Object.values(change).some((value) => value !== undefined)) lines.push({ e: 'edit', t, ...change });
      if (setTags || deleteTags) lines.push({ e: 'tag', t, ...(setTags ? { set: setTags } : {}), ...(deleteTags ? { del: deleteTags } : {}) });
      if (lines.length === 0) return;
      try {
        mkdirSync(folder(run), { recursive: true });
        // Among what a client says of its run, so that the last word stays the last when the folder is read anew.
        const file = existsSync(paths.clientSpool(folder(run))) ? paths.clientSpool(folder(run)) : paths.engineSpool(folder(run));
        appendLines(file, lines);
      } catch (error) {
        if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space to keep the change', 'free some space on the disk of the workspace', { cause: error });
        throw error;
      }
      await ingest.drain(folder(run));
    },
    async ingestNow(run) {
      if (watching.has(run)) await watching.look(run);
      await ingest.drain(folder(run));
    },
    clients,
    live: () => queue.length + watching.busy() + store.liveRuns().filter(({ runner: by, source }) => by === CLIENT_RUNNER && source !== 'import').length,
    queued: () => queue.length,
    folder,
    dispose() {
      disposed = true;
      all.dispose();
    },
  };
}
