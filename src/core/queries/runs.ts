/** One run or many, as the store has them. */
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import type { RunDetail } from '../../protocol/model';
import { folderOf, resolve, type QueryContext } from './context';

export const getRun = (context: QueryContext, ref: string): RunDetail => detailOf(context, resolve(context, ref));

export const detailOf = (context: QueryContext, id: string): RunDetail => ({ ...context.store.getRun(id), folder: folderOf(context, id) });

/** A page of runs. `ids` may be given as a person names runs. */
export function searchRuns(context: QueryContext, args: MethodArgs<'runs.search'>): MethodResults['runs.search'] {
  return context.store.search({ ...args, ids: args.ids?.map((ref) => resolve(context, ref)) });
}

export function curvesOf(context: QueryContext, { runs, ...window }: MethodArgs<'runs.curves'>): MethodResults['runs.curves'] {
  return { curves: [...new Set(runs.map((ref) => resolve(context, ref)))].map((run) => context.store.curve({ run, ...window })) };
}

export function pointsOf(context: QueryContext, { run, key, ...page }: MethodArgs<'runs.points'>): MethodResults['runs.points'] {
  return context.store.points(resolve(context, run), key, page);
}

export function resourcesOf(context: QueryContext, { run, px }: MethodArgs<'runs.resources'>): MethodResults['runs.resources'] {
  return { samples: context.store.resources(resolve(context, run), px) };
}
