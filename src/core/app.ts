/** The composition root: store, tracking and questions put together, as handlers of the engine's methods. */
import path from 'node:path';
import type { Clock } from './base/clock';
import { systemClock } from './base/clock';
import { disposables, type Disposable } from './base/disposable';
import { RunyardError } from './base/errors';
import type { Log } from './base/log';
import { CONFIG_FILES, loadConfig } from './config/load';
import { stampOf } from './config/stamp';
import type { EvaluationMethod } from './evaluation/service/handlers';
import type { Asker } from './evaluation/service/jobs';
import { createEvaluations, EVALUATION_FILES } from './evaluation/service/service';
import type { MonitoringMethod } from './monitoring/service/handlers';
import { createMonitoring, type Monitoring } from './monitoring/service/service';
import { findModel } from './registry/find-model';
import { createRegistryService, type RegistryService } from './registry/service/service';
import type { RegistryMethod } from './registry/service/handlers';
import { compareGroups, compareVerdict } from './queries/compare';
import { getConfiguration } from './queries/configuration';
import { resolve, type QueryContext } from './queries/context';
import { metricFacts } from './queries/editor-metric';
import { paramFacts } from './queries/editor-param';
import { scriptFacts } from './queries/editor-script';
import { listExperiments } from './queries/experiments';
import { collectGarbage } from './queries/gc';
import { diffRuns } from './queries/run-diff';
import { readRunLog } from './queries/run-log';
import { runTraces, traceDetail } from './queries/run-traces';
import { curvesOf, detailOf, getRun, pointsOf, resourcesOf, searchRuns } from './queries/runs';
import { openStore } from './store/open';
import type { Store } from './store/store';
import { startTracker, type RunEdit, type Tracker, type TrackerOptions } from './tracking/tracker';
import type { ChangedEvent, EngineEvents, MethodArgs, MethodName, MethodResults } from '../protocol/engine';
import { isLive, type FileProblem } from '../protocol/model';

export type AppMethod = Exclude<MethodName, `engine.${string}` | `mlflow.${string}`>;
export type AppHandlers = { [M in AppMethod]: (args: MethodArgs<M>, asker?: Asker) => MethodResults[M] | Promise<MethodResults[M]> };

export interface AppOptions {
  /** absolute, links resolved */
  workspace: string;
  supervisorPath: string;
  evaluatorPath: string;
  pythonPath: string;
  log: Log;
  clock?: Clock;
  /** what runs started here have in their environment beside our own words */
  environment?(run: string): Record<string, string>;
  onTrace?: TrackerOptions['onTrace'];
  /** Told of every change; not coalesced. `metrics` names the runs that have new points. */
  onChanged(change: Partial<ChangedEvent>): void;
  onNotice(notice: EngineEvents['notice']): void;
  onEvaluating?(progress: EngineEvents['evaluating']): void;
  onEvaluated?(change: EngineEvents['evaluated']): void;
  onRegistry?(change: EngineEvents['registry']): void;
  onAttention?(what: EngineEvents['attention']): void;
  onMonitoring?(change: EngineEvents['monitoring']): void;
  onAlert?(event: EngineEvents['alert']): void;
}
export interface App extends Disposable {
  store: Store;
  tracker: Tracker;
  clock: Clock;
  /** Tells doors of changes that were not made through a handler. */
  changed(runs: readonly string[]): void;
  handlers: AppHandlers;
  /** what MLflow's clients do to registered models */
  registry: RegistryService['clients'];
  /** names of the files in the workspace's root that reloadConfig reads */
  configFiles: readonly string[];
  reloadConfig(): void;
  /** runs that are queued or running here */
  live(): number;
  queued(): number;
  /** whether an evaluation goes on, a monitor runs or is due, or the like */
  evaluating(): boolean;
  /** whether the schedule of a monitor or of a retraining will be due within so many seconds */
  soon(within: number): boolean;
}

/** Opens a workspace's store and starts tracking. Throws what openStore throws: store_newer, disk_full, refused. */
export function openApp(options: AppOptions): App {
  const { workspace, log, onChanged, onNotice } = options;
  const clock = options.clock ?? systemClock;
  const all = disposables();
  const store = all.add(openStore({ dir: path.join(workspace, '.runyard'), log, clock }));
  try {
    const configFiles = [...CONFIG_FILES, ...EVALUATION_FILES];
    let stamp = stampOf(workspace, configFiles);
    let loaded = loadConfig(workspace);
    const context: QueryContext = { workspace, store, loaded: () => loaded };
    const changed = changesOf(store, onChanged);
    const tracker = all.add(startTracker({
      ...options, clock, store, config: () => loaded.config,
      onChanged: changed.runs, onNotice: (text) => onNotice({ level: 'warn', text }),
    }));
    tracker.ready.catch((error: unknown) => log.error('runs that were there could not all be taken up', error));
    const reloadConfig = (): void => {
      stamp = stampOf(workspace, configFiles);
      loaded = loadConfig(workspace);
      for (const { file, line, message } of loaded.problems) log.warn(`${file}:${line}: ${message}`);
      evaluations.configChanged();
      monitoring.configChanged();
      onChanged({ config: true, structure: true });
    };
    const evaluations = all.add(createEvaluations({
      workspace, store, log, clock, evaluatorPath: options.evaluatorPath, loaded: () => loaded, reload: reloadConfig, findModel: (spec) => findModel({ workspace, store, clock }, spec), bringModel: (spec) => registry.bring(spec),
      onProgress: (progress) => options.onEvaluating?.(progress), onChanged: (change) => { registry.evaluated(change.evaluations); options.onEvaluated?.(change); }, onProblems: () => onChanged({ config: true }),
    }));
    const registry: RegistryService = all.add(createRegistryService({
      workspace, store, log, clock, loaded: () => loaded, evaluations,
      feedback: (asked) => monitoring.feedback(asked),
      onProgress: (progress) => options.onEvaluating?.(progress), onChanged: (change) => options.onRegistry?.(change), onAttention: (what) => options.onAttention?.(what),
    }));
    const monitoring: Monitoring = all.add(createMonitoring({
      workspace, store, log, clock, loaded: () => loaded, reporting: evaluations.reporting, registry: registry.forMonitoring, identity: (by) => registry.identity(by),
      findModel: (spec) => findModel({ workspace, store, clock }, spec).spec, retraining: { tracker, evaluating: evaluations.evaluating, registry: registry.handlers },
      onProgress: (progress) => options.onEvaluating?.(progress), onChanged: (change) => options.onMonitoring?.(change), onAlert: (event) => options.onAlert?.(event),
    }));
    evaluations.configChanged();
    monitoring.configChanged();
    return {
      store, tracker, clock, registry: registry.clients, configFiles,
      changed: (runs) => changed.structure([...runs]),
      // Notices of the system come late, or never: who saves a file and asks at once means what the file says.
      handlers: beforeEach(() => { if (stampOf(workspace, configFiles) !== stamp) reloadConfig(); }, { ...questions(context, evaluations.problems), ...actions(context, { tracker, changed, weights: (dryRun) => registry.collect(dryRun) }), ...evaluations.handlers, ...registry.handlers, ...monitoring.handlers }),
      reloadConfig,
      live: () => tracker.live(),
      queued: () => tracker.queued(),
      evaluating: () => evaluations.busy() || registry.busy() || monitoring.busy(),
      soon: (within) => monitoring.soon(within),
      dispose: () => all.dispose(),
    };
  } catch (error) {
    all.dispose();
    throw error;
  }
}

/** The same handlers, each after a look. */
function beforeEach(look: () => void, handlers: AppHandlers): AppHandlers {
  const looking = Object.entries(handlers).map(([name, handler]) => [name, (args: never, asker?: Asker) => {
    look();
    return (handler as (args: never, asker?: Asker) => unknown)(args, asker);
  }]);
  return Object.fromEntries(looking) as AppHandlers;
}

interface Changes { runs(ids: string[], metrics: boolean): void; structure(ids: string[]): void }

/** From what tracking says to what doors hear: a run that is new, came alive, ended or moved changes the tree's structure (experiments count theirs). */
function changesOf(store: Store, tell: AppOptions['onChanged']): Changes {
  const known = new Map<string, NonNullable<ReturnType<Store['runFacts']>>>();
  const say = (ids: readonly string[], { metrics, structure }: { metrics: boolean; structure: boolean }): void => {
    const experiments = new Set<string>();
    let moved = structure;
    for (const id of ids) {
      const before = known.get(id);
      const now = store.runFacts(id);
      if (now) known.set(id, now);
      else known.delete(id);
      moved ||= before?.state !== now?.state || before?.experiment !== now?.experiment || before?.trashed !== now?.trashed;
      for (const facts of [before, now]) if (facts) experiments.add(facts.experiment);
    }
    tell({ runs: [...ids], experiments: [...experiments], structure: moved, metrics: metrics ? [...ids] : [] });
  };
  return {
    runs: (ids, metrics) => say(ids, { metrics, structure: false }),
    structure: (ids) => say(ids, { metrics: false, structure: true }),
  };
}

type Action = 'runs.launch' | 'runs.rerun' | 'runs.stop' | 'runs.edit' | 'runs.delete' | 'runs.restore' | 'runs.preview' | 'gc.run';

function questions(context: QueryContext, problems: () => FileProblem[]): Omit<AppHandlers, Action | EvaluationMethod | RegistryMethod | MonitoringMethod> {
  const { store } = context;
  return {
    'experiments.list': () => listExperiments(context),
    'runs.search': (args) => searchRuns(context, args),
    'runs.get': ({ run }) => getRun(context, run),
    'runs.keys': ({ experiments }) => store.keys(experiments),
    'runs.log': (args) => readRunLog(context, args),
    'runs.resources': (args) => resourcesOf(context, args),
    'runs.curves': (args) => curvesOf(context, args),
    'runs.points': (args) => pointsOf(context, args),
    'runs.traces': (args) => runTraces(context, args),
    'traces.get': (args) => traceDetail(context, args),
    'runs.diff': (args) => diffRuns(context, args),
    'compare.groups': (args) => compareGroups(context, args),
    'compare.verdict': (args) => compareVerdict(context, args),
    'config.get': () => {
      const found = getConfiguration(context);
      return { ...found, problems: [...found.problems, ...problems()] };
    },
    'editor.script': ({ script }) => scriptFacts(context, script),
    'editor.param': (args) => paramFacts(context, args),
    'editor.metric': (args) => metricFacts(context, args),
  };
}

interface Acting { tracker: Tracker; changed: Changes; /** gives back files of models that nothing needs */ weights: RegistryService['collect'] }

function actions(context: QueryContext, { tracker, changed, weights }: Acting): Pick<AppHandlers, Action> {
  const { store } = context;
  const edit = async (id: string, change: RunEdit): Promise<void> => {
    await tracker.edit(id, change);
    changed.structure([id]);
  };
  const trash = async (refs: readonly string[], trashed: boolean): Promise<{ runs: string[] }> => {
    const runs = [...new Set(refs.map((ref) => resolve(context, ref)))];
    if (trashed) for (const id of runs) refuseLive(store, id);
    for (const id of runs) await tracker.edit(id, { trashed });
    changed.structure(runs);
    return { runs };
  };
  return {
    'runs.preview': (args) => tracker.preview(args),
    'runs.launch': (args) => ({ runs: tracker.launch(args) }),
    'runs.rerun': ({ run, params, source }) => ({ runs: tracker.rerun(resolve(context, run), params, source) }),
    'runs.stop': async ({ run }) => ({ state: await tracker.stop(resolve(context, run)) }),
    'runs.edit': async ({ run, ...change }) => {
      const id = resolve(context, run);
      await edit(id, change);
      return detailOf(context, id);
    },
    'runs.delete': ({ runs }) => trash(runs, true),
    'runs.restore': ({ runs }) => trash(runs, false),
    'gc.run': async ({ dryRun }) => {
      const report = await collectGarbage(context, dryRun, weights);
      if (!dryRun) changed.structure(report.runs.map(({ id }) => id));
      return report;
    },
  };
}

function refuseLive(store: Store, id: string): void {
  const { state, name, source } = store.getRun(id);
  if (isLive(state)) throw new RunyardError('conflict', `the run ${name} is ${state}`, source === 'mlflow' ? 'it is its MLflow client\'s: end that first' : `stop it first: runyard stop ${id.slice(0, 8)}`);
}
