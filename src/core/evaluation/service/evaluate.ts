/** One evaluation from question to answer: what is asked made whole, looked up, and made where it isn't there. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { MethodArgs, MethodResults } from '../../../protocol/engine';
import type { DataSpec, EvaluationRequest, ModelSpec } from '../../../protocol/evaluation/request';
import type { Warning } from '../../../protocol/evaluation/result';
import { toRelative } from '../../tracking/places';
import type { Place } from '../process/jobs';
import type { ServiceContext } from './context';
import { checkDocument } from './document';
import type { Lane, Watching } from './jobs';
import { requestOf } from './request';
import { fittingSlices } from './workspace-slices';

/** `run`: the one that made the model, where that was said. */
interface Prepared { request: EvaluationRequest; run: string | null; warnings: Warning[] }

/** What is asked, with models' files in place of their addresses and the workspace's slices and pinned examples where they belong. */
export async function prepare(context: ServiceContext, args: Pick<MethodArgs<'evaluations.run'>, 'configured' | 'request' | 'workspaceSlices'>, signal: AbortSignal): Promise<Prepared> {
  const { store } = context;
  const loaded = context.loaded();
  const { run: said, ...asked } = requestOf(loaded, args);
  const model = await context.findModel(asked.model);
  const baseline = asked.baseline && await context.findModel(asked.baseline);
  const request = withinWorkspace(context.workspace, { ...asked, model: model.spec, ...(baseline && { baseline: baseline.spec }) });
  const run = said === undefined ? model.run : store.resolveRun(said);
  if (!args.workspaceSlices) return { request, run, warnings: [] };
  const { slices, warnings } = await fittingSlices(loaded, request, context.predicates, signal);
  const own = new Set(request.pinned.map(({ id }) => id));
  const pinned = context.pinned().filter(({ evaluation, example }) => evaluation === request.name && !own.has(example.id)).map(({ example }) => example);
  return { request: { ...request, slices, pinned: [...request.pinned, ...pinned] }, run, warnings };
}

/** Paths relative to the workspace where they lie in it, however they were said: a workspace that is moved takes its evaluations along, and a data set has one name. */
function withinWorkspace(workspace: string, request: EvaluationRequest): EvaluationRequest {
  const data = (spec: DataSpec): DataSpec => ({ ...spec, files: spec.files.map((file) => toRelative(workspace, file)) });
  const model = ({ file, predictions, ...rest }: ModelSpec): ModelSpec => ({
    ...rest, ...(file !== undefined && { file: toRelative(workspace, file) }), ...(predictions && { predictions: { ...predictions, ...(predictions.data && { data: data(predictions.data) }) } }),
  });
  const { baseline, training } = request;
  return { ...request, data: data(request.data), model: model(request.model), ...(baseline && { baseline: model(baseline) }), ...(training && { training: data(training) }) };
}

/** Answers at once what is kept. Throws what the evaluator throws; nothing is kept of an evaluation that isn't whole. */
export async function evaluate(context: ServiceContext, lane: Lane, args: MethodArgs<'evaluations.run'>, watching: Watching): Promise<MethodResults['evaluations.run']> {
  const { library, evaluator } = context;
  const { signal } = watching;
  const python = context.python(args.python);
  const { request, run, warnings } = await prepare(context, args, signal);
  const { id, dataDigest } = await library.aside((temp) => evaluator.ask('identify', { workspace: context.workspace, python, temp, request }, watching));
  const kept = async (): Promise<MethodResults['evaluations.run'] | null> => {
    const doc = args.fresh ? undefined : await library.find(id);
    return doc ? { evaluation: { ...doc, warnings: [...doc.warnings, ...warnings] }, cached: true } : null;
  };
  const before = await kept();
  if (before) return before;
  const turn = await lane.enter(signal, (ahead) => watching.progress('waiting', 0, ahead));
  try {
    // Whoever was before may have asked the same.
    return await kept() ?? await make();
  } finally {
    turn.dispose();
  }

  async function make(): Promise<MethodResults['evaluations.run']> {
    const created = Math.round(context.clock() * 1000);
    const doc = await library.aside(async (aside) => {
      const [folder, temp] = [path.join(aside, 'evaluation'), path.join(aside, 'temp')];
      await mkdir(folder);
      await mkdir(temp);
      const place: Place = { workspace: context.workspace, python, temp };
      const looks = context.sets.looks(dataDigest) + 1;
      const made = checkDocument(await evaluator.alone('evaluate', { ...place, folder, id, request: { ...request, ...(run !== null && { run }) }, created, looks }, watching), id);
      refuseStopped(signal);
      await library.keep(folder, made);
      return made;
    });
    context.sets.look({ data: request.data, digest: dataDigest, rows: doc.data.rows, model: doc.model.digest, t: created });
    context.changed([id]);
    return { evaluation: { ...doc, warnings: [...doc.warnings, ...warnings] }, cached: false };
  }
}

/** Refuses a slice's predicate that is wrong as it is, or fits the data of no configured evaluation. */
export async function refusePredicate(context: ServiceContext, where: string): Promise<void> {
  const slices = [{ name: 'slice', where, minSupport: 0, thresholds: {} }];
  const wrong = (message: string): RunyardError => new RunyardError('bad_input', `the predicate is wrong: ${message}`, 'mend it, then save the slice again');
  const [grammar] = (await context.predicates.check(null, slices)).values();
  if (grammar) throw wrong(grammar.message);
  let first: string | undefined;
  for (const { request } of Object.values(context.loaded().config.evaluations)) {
    if (request.data === undefined) continue;
    try {
      const [problem] = (await context.predicates.check({ ...request.data, types: request.data.types ?? {} }, slices)).values();
      if (!problem) return;
      first ??= problem.message;
    } catch (error) {
      context.log.info(`a predicate could not be held against data: ${String(error)}`);
      return;
    }
  }
  if (first !== undefined) throw wrong(first);
}
