/** What the registry asks of evaluations: the same work as for the doors, watched by whoever moves a model. */
import type { Evaluating } from './evaluating';
import type { ServiceContext } from './context';
import { evaluate } from './evaluate';
import type { Lane } from './jobs';

/** `after`: as `running` has it. */
export function evaluatingFor(context: ServiceContext, lane: Lane, after: () => void): Evaluating {
  const { evaluator, library, store, workspace } = context;
  return {
    run: (args, watching) => evaluate(context, lane, { ...args, job: 'registry' }, watching).finally(after),
    list: () => store.evaluations.list(),
    get: (evaluation) => library.get(evaluation),
    signature: (file) => evaluator.ask('signature', { workspace, file }),
    probe: ({ python, ...params }, watching) => library.aside((temp) => evaluator.ask('probe', { workspace, temp, python: python ?? context.python(undefined), ...params }, watching)),
    drift: (params, watching) => library.aside((temp) => evaluator.ask('drift', { workspace, temp, python: null, ...params }, watching)),
  };
}
