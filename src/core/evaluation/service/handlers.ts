/** The engine's methods on evaluations, each in a few words. */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CONFIG_FILES, parseConfig } from '../../config/load';
import type { MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';
import { selection } from '../../../protocol/evaluation/request';
import type { JobName, JobParams, JobResult, Kept } from '../process/jobs';
import type { ServiceContext } from './context';
import { evaluate, refusePredicate } from './evaluate';
import { createLane, type Asker, type JobTable, type Lane, type Watching } from './jobs';
import { judge } from './judge';
import { withSlice } from './slice-text';
import { readText, replaceText } from './text-files';

export type EvaluationMethod = Extract<MethodName, `evaluations.${string}`>;
export type EvaluationHandlers = { [M in EvaluationMethod]: (args: MethodArgs<M>, asker?: Asker) => Promise<MethodResults[M]> };

export function listing({ library, store, loaded, changed }: ServiceContext): Pick<EvaluationHandlers, 'evaluations.list' | 'evaluations.get' | 'evaluations.trend' | 'evaluations.delete'> {
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

export function asking(context: ServiceContext, jobs: JobTable): Pick<EvaluationHandlers, Asking> {
  const { evaluator, workspace, store } = context;
  const lane = createLane();
  const alone = <K extends JobName>(name: K, params: JobParams<K>, watching: Watching): Promise<JobResult<K>> => inTurn(lane, watching, () => evaluator.alone(name, params, watching));
  return {
    async 'evaluations.inspect'({ model, ...rest }) {
      const found = model && (await context.findModel(model)).spec;
      return context.library.aside((temp) => evaluator.ask('inspect', { workspace, python: context.python(undefined), temp, ...rest, model: found }));
    },
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
      about<'importance'>(context, evaluation, async (kept) => {
        const found = await alone('importance', { ...kept, ...rest }, watching);
        // Of all columns and all rows: what a model card tells.
        if (rest.columns === undefined && isDeepStrictEqual(rest.selection, selection.parse({}))) replaceText(path.join(kept.folder, 'importance.json'), `${JSON.stringify(found)}\n`);
        return found;
      })),
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

/** One evaluation at a time: two would only share the same processors and memory. `after`: the data may be others than when they were looked at last. */
export function running(context: ServiceContext, jobs: JobTable, { lane, after }: { lane: Lane; after: () => void }): Pick<EvaluationHandlers, 'evaluations.run'> {
  return { 'evaluations.run': (args, asker) => jobs.run(args.job, asker, (watching) => evaluate(context, lane, args, watching).finally(after)) };
}

export function writing(context: ServiceContext, reload: () => void): Pick<EvaluationHandlers, 'evaluations.saveSlice' | 'evaluations.judge'> {
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
