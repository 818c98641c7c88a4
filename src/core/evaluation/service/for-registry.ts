/** What the registry asks of evaluations: the same work as for the doors, watched by whoever moves a model. */
import type { DiscoveryDoc } from '../../../protocol/evaluation/result';
import type { Evaluating } from './evaluating';
import type { ServiceContext } from './context';
import { evaluate } from './evaluate';
import type { Lane } from './jobs';

const MOST_FOUND = 20;

/** `after`: as `running` has it. */
export function evaluatingFor(context: ServiceContext, lane: Lane, after: () => void): Evaluating {
  const { evaluator, library, store, workspace } = context;
  /** The newest answers: gates are asked again and again. */
  const found = new Map<string, DiscoveryDoc>();
  return {
    run: (args, watching) => evaluate(context, lane, { ...args, job: 'registry' }, watching).finally(after),
    list: () => store.evaluations.list(),
    get: (evaluation) => library.get(evaluation),
    async discover(evaluation, settings, watching) {
      const key = JSON.stringify([evaluation, settings]);
      const before = found.get(key);
      if (before) return before;
      const turn = await lane.enter(watching.signal, (ahead) => watching.progress('waiting', 0, ahead));
      try {
        const made = await library.aside((temp) => evaluator.alone('discover', { workspace, temp, python: context.python(undefined), folder: library.folder(evaluation), settings }, watching));
        found.set(key, made);
        for (const old of [...found.keys()].slice(0, -MOST_FOUND)) found.delete(old);
        return made;
      } finally {
        turn.dispose();
      }
    },
    signature: (file) => evaluator.ask('signature', { workspace, file }),
    probe: ({ python, ...params }, watching) => library.aside((temp) => evaluator.ask('probe', { workspace, temp, python: python ?? context.python(undefined), ...params }, watching)),
    drift: (params, watching) => library.aside((temp) => evaluator.ask('drift', { workspace, temp, python: null, ...params }, watching)),
  };
}
