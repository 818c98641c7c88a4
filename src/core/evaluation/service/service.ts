/** Evaluations as the engine offers them: asked, kept, found again. What computes is another process (`process/`). */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import { loadPinned, PINNED_FILE } from '../../config/pinned';
import type { Store } from '../../store/store';
import { chooseInterpreter } from '../../tracking/interpreter';
import type { EngineEvents } from '../../../protocol/engine';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { FileProblem } from '../../../protocol/model';
import { createEvaluator } from '../process/evaluator';
import type { FoundModel, ServiceContext } from './context';
import { reportingFor, type Reporting } from './for-monitoring';
import type { Evaluating } from './evaluating';
import { evaluatingFor } from './for-registry';
import { asking, listing, running, writing, type EvaluationHandlers } from './handlers';
import { createJobTable, createLane, type Asker } from './jobs';
import { openLibrary } from './library';
import { createPredicates } from './predicates';
import { createSets } from './sets';
import { listTests } from './test-list';
import { checkConfig, type CheckedConfig } from './workspace-slices';

export interface EvaluationsOptions {
  workspace: string; store: Store; log: Log; clock: Clock;
  /** path of the evaluator's bundle */
  evaluatorPath: string;
  loaded(): LoadedConfig;
  /** where the model is that an address names; throws not_found, unsupported */
  findModel(spec: ModelSpec): FoundModel;
  /** fetches the files of a registered version that aren't here */
  bringModel?(spec: ModelSpec): Promise<void>;
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
  /** For the registry, which evaluates what it gates. */
  evaluating: Evaluating;
  /** For monitoring, which reads data and asks models in the same process. */
  reporting: Reporting;
  /** What is wrong in predicates and pinned examples, as far as it is known. */
  problems(): FileProblem[];
}

/** The workspace's files beside runyard.yaml that this reads. */
export const EVALUATION_FILES = [PINNED_FILE] as const;

const NOTHING_WRONG: CheckedConfig = { problems: [], unfit: new Map() };

export function createEvaluations(options: EvaluationsOptions): Evaluations {
  const { workspace, store, log, clock } = options;
  const all = disposables();
  const evaluator = all.add(createEvaluator({ script: options.evaluatorPath, log }));
  const library = all.add(openLibrary({ workspace, store, log }));
  let pinned = loadPinned(workspace);
  let checked = NOTHING_WRONG;
  let check = 0;
  const context: ServiceContext = {
    workspace, store, log, clock, evaluator, library, sets: createSets(store.records), loaded: options.loaded, pinned: () => pinned.pinned,
    async findModel(spec) {
      await options.bringModel?.(spec);
      return options.findModel(spec);
    },
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
    lookAtSlices();
  }

  /** Cheap where neither the file nor the data are others than before. */
  function lookAtSlices(): void {
    const mine = ++check;
    const loaded = options.loaded();
    const idle = Object.keys(loaded.config.slices).length === 0 || options.evaluatorPath === '';
    const found = idle ? Promise.resolve(NOTHING_WRONG) : checkConfig(loaded, context.predicates, (why) => log.warn(why));
    found.then((now) => {
      // Of two that overlap the later one is about the newer file.
      if (mine !== check) return;
      const before = checked;
      checked = now;
      if (!isDeepStrictEqual(now.problems, before.problems)) options.onProblems();
      // Which slices are tests of which evaluation.
      if (!isDeepStrictEqual(now.unfit, before.unfit)) options.onChanged({ evaluations: [] });
    }, (error: unknown) => log.warn(`the slices of runyard.yaml can't be looked at: ${describeError(error)}`));
  }
  all.add({ dispose: () => { check++; } });

  const jobs = all.add(createJobTable(options.onProgress));
  const lane = createLane();
  const handlers: EvaluationHandlers = {
    ...listing(context), ...asking(context, jobs), ...running(context, jobs, { lane, after: lookAtSlices }), ...writing(context, options.reload),
    'evaluations.tests': async () => ({ tests: listTests({ loaded: options.loaded(), pinned: pinned.pinned, rows: store.evaluations, unfit: checked.unfit }) }),
  };
  return {
    handlers: afterwards(handlers, library.ready), configChanged,
    problems: () => [...checked.problems, ...pinned.problems],
    busy: () => jobs.busy(), evaluating: evaluatingFor(context, lane, lookAtSlices), reporting: reportingFor(context),
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

function pythonOf(workspace: string, given: string | undefined): string | null {
  const found = chooseInterpreter({ workspace, ...(given !== undefined && { given }), env: process.env })?.path;
  if (found === undefined) return null;
  return /[\\/]/.test(found) ? path.resolve(workspace, found) : found;
}
