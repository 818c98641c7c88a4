/** Evaluations as the engine offers them: asked, kept, found again. What computes is another process (`process/`). */
import { RunyardError } from '../../base/errors';
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import type { Store } from '../../store/store';
import type { EngineEvents, MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';
import { createEvaluator } from '../process/evaluator';

export type EvaluationMethod = Extract<MethodName, `evaluations.${string}`>;
export type EvaluationHandlers = { [M in EvaluationMethod]: (args: MethodArgs<M>) => Promise<MethodResults[M]> };

export interface EvaluationsOptions {
  workspace: string; store: Store; log: Log; clock: Clock;
  /** path of the evaluator's bundle */
  evaluatorPath: string;
  loaded(): LoadedConfig;
  onProgress(progress: EngineEvents['evaluating']): void;
  onChanged(change: EngineEvents['evaluated']): void;
}
export interface Evaluations extends Disposable { handlers: EvaluationHandlers; /** whether a long question is being answered */ busy(): boolean }

export function createEvaluations({ evaluatorPath, log }: EvaluationsOptions): Evaluations {
  const all = disposables();
  all.add(createEvaluator({ script: evaluatorPath, log }));
  const missing = (): Promise<never> => Promise.reject(new RunyardError('unsupported', 'evaluations are not there yet', 'update Runyard'));
  return {
    handlers: {
      'evaluations.inspect': missing, 'evaluations.run': missing, 'evaluations.cancel': missing, 'evaluations.list': missing, 'evaluations.get': missing, 'evaluations.trend': missing,
      'evaluations.delete': missing, 'evaluations.details': missing, 'evaluations.rows': missing, 'evaluations.discover': missing, 'evaluations.importance': missing,
      'evaluations.explain': missing, 'evaluations.saveSlice': missing, 'evaluations.judge': missing, 'evaluations.tests': missing,
    },
    busy: () => false,
    dispose: () => all.dispose(),
  };
}
