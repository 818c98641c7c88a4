/** Evaluations as the engine offers them: asked, kept, found again. What computes is another process (`process/`). */
import path from 'node:path';
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Log } from '../../base/log';
import { CONFIG_FILES, parseConfig, type LoadedConfig } from '../../config/load';
import { loadPinned, PINNED_FILE } from '../../config/pinned';
import type { Store } from '../../store/store';
import { chooseInterpreter } from '../../tracking/interpreter';
import type { EngineEvents, MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';
import type { FileProblem } from '../../../protocol/model';
import { createEvaluator } from '../process/evaluator';
import type { JobName, JobParams, JobResult, Kept } from '../process/jobs';
import type { ServiceContext } from './context';
import { evaluate, refusePredicate } from './evaluate';
import { createJobTable, createLane, type Asker, type JobTable, type Lane, type Watching } from './jobs';
import { judge } from './judge';
import { openLibrary } from './library';
import { findModel } from './models';
import { createPredicates } from './predicates';
import { createSets } from './sets';
import { withSlice } from './slice-text';
import { listTests } from './test-list';
import { readText, replaceText } from './text-files';
import { checkConfig, type CheckedConfig } from './workspace-slices';

export type EvaluationMethod = Extract<MethodName, `evaluations.${string}`>;
export type EvaluationHandlers = { [M in EvaluationMethod]: (args: MethodArgs<M>, asker?: Asker) => Promise<MethodResults[M]> };

export interface EvaluationsOptions {
  workspace: string; store: Store; log: Log; clock: Clock;
  /** path of the evaluator's bundle */
  evaluatorPath: string;
  loaded(): LoadedConfig;
  /** reads runyard.yaml again, after it was written here */
  reload(): void;
  onProgress(progress: EngineEvents['evaluating']): void;
  onChanged(change: EngineEvents['evaluated']): void;
  /** what is wrong in the workspace's files was found or mended */
  onProblems(): void;
}
export interface Evaluations extends Disposable {
  handlers: EvaluationHandlers;
  /** whether a long question is being answered */
  busy(): boolean;
  /** Looks at runyard.yaml's predicates and the pinned examples again, as they are now. */
  configChanged(): void;
  /** What is wrong in predicates and pinned examples, as far as it is known. */
  problems(): FileProblem[];
}

/** The workspace's files beside runyard.yaml that this reads. */
export const EVALUATION_FILES = [PINNED_FILE] as const;

export function createEvaluations(options: EvaluationsOptions): Evaluations {
  const { workspace, store, log, clock } = options;
  const all = disposables();
  const evaluator = all.add(createEvaluator({ script: options.evaluatorPath, log }));
  const library = openLibrary({ workspace, store, log });
  let pinned = loadPinned(workspace);
  let checked: CheckedConfig = { problems: [], unfit: new Map() };
  let check = 0;
  const context: ServiceContext = {
    workspace, store, log, clock, evaluator, library, sets: createSets(store.records), loaded: options.loaded, pinned: () => pinned.pinned,
    predicates: createPredicates({
      workspace, program: options.evaluatorPath, file: path.join(store.dir, 'evaluations', 'checked.json'),
      ask: (data, slices, signal) => library.aside((temp) => evaluator.ask('checkSlices', { workspace, python: null, temp, data, slices }, { signal })),
    }),
    python: (given) => pythonOf(workspace, given),
    changed: (evaluations) => options.onChanged({ evaluations }),
  };

  function configChanged(): void {
    pinned = loadPinned(workspace);
    for (const { file, line, message } of pinned.problems) log.warn(`${file}:${line}: ${message}`);
    const mine = ++check;
    const loaded = options.loaded();
    const before = JSON.stringify(checked.problems);
    const found = Object.keys(loaded.config.slices).length === 0 || options.evaluatorPath === '' ? Promise.resolve<CheckedConfig>({ problems: [], unfit: new Map() })
      : checkConfig(loaded, context.predicates, (why) => log.warn(why));
    found.then((now) => {
      // Of two that overlap the later one is about the newer file.
      if (mine !== check) return;
      checked = now;
      if (JSON.stringify(now.problems) !== before) options.onProblems();
    }, (error: unknown) => log.warn(`the slices of runyard.yaml can't be looked at: ${describeError(error)}`));
  }
  all.add({ dispose: () => { check++; } });

  const jobs = all.add(createJobTable(options.onProgress));
  const handlers = { ...listing(context), ...asking(context, jobs), ...running(context, jobs), ...writing(context, options.reload), ...tests(context, () => checked.unfit) };
  return {
    handlers: afterwards(handlers, library.ready), configChanged,
    problems: () => [...checked.problems, ...pinned.problems],
    busy: () => jobs.busy(),
    dispose: () => all.dispose(),
  };
}

/** The same handlers, which wait until what is kept has been looked at. */
function afterwards(handlers: EvaluationHandlers, ready: Promise<void>): EvaluationHandlers {
  const waiting = Object.entries(handlers).map(([name, handler]) => [name, async (args: never, asker?: Asker) => {
    await ready;
    return (handler as (args: never, asker?: Asker) => unknown)(args, asker);
  }]);
  return Object.fromEntries(waiting) as EvaluationHandlers;
}

function listing({ library, store, loaded, changed }: ServiceContext): Pick<EvaluationHandlers, 'evaluations.list' | 'evaluations.get' | 'evaluations.trend' | 'evaluations.delete'> {
  const rows = store.evaluations;
  return {
    'evaluations.list': async ({ name, limit }) => ({ evaluations: rows.list({ name, limit }), configured: Object.keys(loaded().config.evaluations) }),
    'evaluations.get': ({ evaluation }) => library.get(evaluation),
    async 'evaluations.trend'({ evaluation, metric, most }) {
      const id = rows.resolve(evaluation);
      const asked = metric ?? rows.get(id)?.metric ?? '';
      return { metric: asked, points: rows.trend(id, { metric: asked, most }) };
    },
    async 'evaluations.delete'({ evaluations }) {
      const ids = [...new Set(evaluations.map((ref) => rows.resolve(ref)))];
      await library.remove(ids);
      changed(ids);
      return { evaluations: ids };
    },
  };
}

/** Asks about an evaluation that is kept, with a folder of its own for what doesn't fit into memory. */
async function about<K extends JobName>(context: ServiceContext, ref: string, work: (kept: Kept) => Promise<JobResult<K>>): Promise<JobResult<K>> {
  const id = context.store.evaluations.resolve(ref);
  return context.library.aside((temp) => work({ workspace: context.workspace, python: context.python(undefined), temp, folder: context.library.folder(id) }));
}

type Asking = 'evaluations.inspect' | 'evaluations.details' | 'evaluations.rows' | 'evaluations.explain' | 'evaluations.discover' | 'evaluations.importance' | 'evaluations.cancel';

function asking(context: ServiceContext, jobs: JobTable): Pick<EvaluationHandlers, Asking> {
  const { evaluator, workspace, store } = context;
  const lane = createLane();
  const alone = <K extends JobName>(name: K, params: JobParams<K>, watching: Watching): Promise<JobResult<K>> => inTurn(lane, watching, () => evaluator.alone(name, params, watching));
  return {
    'evaluations.inspect': ({ model, ...rest }) => context.library.aside((temp) =>
      evaluator.ask('inspect', { workspace, python: context.python(undefined), temp, ...rest, model: model && findModel(context, model).spec })),
    'evaluations.details': ({ evaluation, selection, baseline }) => about<'details'>(context, evaluation, (kept) => evaluator.ask('details', { ...kept, selection, baseline })),
    async 'evaluations.rows'({ evaluation, ...rest }) {
      const page = await about<'rows'>(context, evaluation, (kept) => evaluator.ask('rows', { ...kept, ...rest }));
      const name = store.evaluations.get(store.evaluations.resolve(evaluation))?.name;
      // Pinned now, whether or not the evaluation knew of it.
      const ids = new Set(context.pinned().filter((one) => one.evaluation === name).map(({ example }) => example.id));
      return { ...page, rows: page.rows.map((row) => ({ ...row, pinned: ids.has(row.id) })) };
    },
    'evaluations.explain': ({ evaluation, example, baseline }) => about<'explain'>(context, evaluation, (kept) => evaluator.ask('explain', { ...kept, example, baseline })),
    'evaluations.discover': ({ evaluation, job, settings, python }, asker) => jobs.run(job, asker, (watching) =>
      about<'discover'>(context, evaluation, (kept) => alone('discover', { ...kept, ...(python !== undefined && { python: context.python(python) }), settings }, watching))),
    'evaluations.importance': ({ evaluation, job, ...rest }, asker) => jobs.run(job, asker, (watching) =>
      about<'importance'>(context, evaluation, (kept) => alone('importance', { ...kept, ...rest }, watching))),
    'evaluations.cancel': async ({ job }) => ({ stopped: jobs.cancel(job) }),
  };
}

async function inTurn<T>(lane: Lane, { signal, progress }: Watching, work: () => Promise<T>): Promise<T> {
  const turn = await lane.enter(signal, (ahead) => progress('waiting', 0, ahead));
  try {
    return await work();
  } finally {
    turn.dispose();
  }
}

/** One evaluation at a time: two would only share the same processors and memory. */
function running(context: ServiceContext, jobs: JobTable): Pick<EvaluationHandlers, 'evaluations.run'> {
  const lane = createLane();
  return { 'evaluations.run': (args, asker) => jobs.run(args.job, asker, (watching) => evaluate(context, lane, args, watching)) };
}

function writing(context: ServiceContext, reload: () => void): Pick<EvaluationHandlers, 'evaluations.saveSlice' | 'evaluations.judge'> {
  const { workspace, evaluator } = context;
  return {
    async 'evaluations.saveSlice'({ replace, ...slice }) {
      await refusePredicate(context, slice.where);
      const file = context.loaded().file ?? CONFIG_FILES[0];
      const at = path.join(workspace, file);
      const text = withSlice(readText(at), slice, replace);
      replaceText(at, text);
      reload();
      return { file, line: parseConfig(text, file).config.slices[slice.name]?.line ?? 1 };
    },
    async 'evaluations.judge'(args) {
      const doc = await context.library.get(args.evaluation);
      const find = async (id: string, example: string) => {
        const { rows: [row] } = await about<'rows'>(context, id, (kept) => evaluator.ask('rows', { ...kept, selection: { ids: [example] }, sort: 'order', offset: 0, limit: 1 }));
        return row?.id === example ? row : undefined;
      };
      const answer = await judge({ workspace, records: context.store.records, clock: context.clock, find }, doc, args);
      reload();
      context.changed([doc.id]);
      return answer;
    },
  };
}

function tests(context: ServiceContext, unfit: () => CheckedConfig['unfit']): Pick<EvaluationHandlers, 'evaluations.tests'> {
  return { 'evaluations.tests': async () => ({ tests: listTests({ loaded: context.loaded(), pinned: context.pinned(), rows: context.store.evaluations, unfit: unfit() }) }) };
}

function pythonOf(workspace: string, given: string | undefined): string | null {
  const found = chooseInterpreter({ workspace, ...(given !== undefined && { given }), env: process.env })?.path;
  if (found === undefined) return null;
  return /[\\/]/.test(found) ? path.resolve(workspace, found) : found;
}
