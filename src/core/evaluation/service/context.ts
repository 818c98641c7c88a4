/** What the handlers of evaluations share. */
import type { Clock } from '../../base/clock';
import type { Log } from '../../base/log';
import type { LoadedConfig } from '../../config/load';
import type { Pinned } from '../../config/pinned';
import type { Store } from '../../store/store';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { Evaluator } from '../process/evaluator';
import type { Library } from './library';
import type { Predicates } from './predicates';
import type { EvaluationSets } from './sets';

/** `run`: the one that the registry says made it. */
export interface FoundModel { spec: ModelSpec; run: string | null }

export interface ServiceContext {
  workspace: string; store: Store; log: Log; clock: Clock;
  evaluator: Evaluator; library: Library; predicates: Predicates; sets: EvaluationSets;
  loaded(): LoadedConfig;
  /** the model with its file on this disk in place of an address, fetched if need be; throws not_found that says how to bring it, unsupported */
  findModel(spec: ModelSpec): Promise<FoundModel>;
  pinned(): readonly Pinned[];
  /** absolute path of the Python to use, or its name; null where there is none */
  python(given: string | undefined): string | null;
  /** evaluations were made, deleted or judged */
  changed(ids: string[]): void;
}
