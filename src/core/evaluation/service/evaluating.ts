/** What evaluations do for the parts above them. */
import type { DataSpec, DiscoverSettings } from '../../../protocol/evaluation/request';
import type { DiscoveryDoc, EvaluationDoc, EvaluationSummary } from '../../../protocol/evaluation/result';
import type { MethodArgs, MethodResults } from '../../../protocol/engine';
import type { TensorFacts } from '../../../protocol/registry';
import type { ProbeParams, ProbeResult } from '../process/probe';
import type { Watching } from './jobs';

export type { Watching } from './jobs';

/** What the engine's evaluations do for the registry. */
export interface Evaluating {
  run(args: Omit<MethodArgs<'evaluations.run'>, 'job'>, watching: Watching): Promise<MethodResults['evaluations.run']>;
  /** of a model's digest (VersionFacts has it of the files, `fileDigest` of an evaluation's model), newest first */
  list(): readonly EvaluationSummary[];
  get(evaluation: string): Promise<EvaluationDoc>;
  /** slices that nobody defined, of an evaluation that is kept; the same question is answered at once */
  discover?(evaluation: string, settings: DiscoverSettings, watching: Watching): Promise<DiscoveryDoc>;
  /** inputs and outputs of the model in a file or folder; null where it is no ONNX model. `external`: files beside it that hold its weights, by their paths from its folder. */
  signature(file: string): Promise<{ inputs: TensorFacts[]; outputs: TensorFacts[]; producer: string; external?: string[] } | null>;
  probe(params: ProbeParams, watching: Watching): Promise<ProbeResult>;
  /** population stability index of each column both have, of `current` against `reference` */
  drift(params: { reference: DataSpec; current: DataSpec; columns?: string[] | undefined }, watching: Watching): Promise<{ column: string; psi: number | null; why: string }[]>;
}
