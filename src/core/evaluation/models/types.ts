/** What turns rows into predictions, however it does it. */
import type { Mapping, Task } from '../../../protocol/evaluation/request';
import type { ModelFacts } from '../../../protocol/evaluation/result';
import type { Batch, Data } from '../data/types';

export interface ModelInput { name: string; /** 'float32', 'float64', 'int64', 'int32', 'bool', 'string' ... */ type: string; /** null: any */ shape: (number | null)[] }

/** Predictions of a batch; rows that failed have code -1 or NaN and a reason. */
export interface BatchScores {
  /** the model's own labels as text ('1', 'True', 'mobile'); null where it gives none */
  labels: (string | null)[] | null;
  /** rows x classes in the order of the predictor's `classes`, or rows x 1: a score or a number */
  scores: Float64Array | null;
  width: number;
  /** row within the batch → why it has no prediction */
  failed: Map<number, string>;
}

export interface Predictor extends AsyncDisposable {
  readonly facts: ModelFacts;
  /** what it says of its task and classes; null where it doesn't */
  readonly task: Task | null;
  readonly classes: readonly string[] | null;
  /** columns of the data that it reads, whatever it is */
  readonly columns: readonly string[];
  /** rows in one call at most */
  readonly batch: number;
  /** Where the model fails on a batch, the rows at fault are found and named; the others are scored. */
  score(batch: Batch, signal?: AbortSignal): Promise<BatchScores>;
}

/** `warm`: looking is enough, nothing will be scored. */
export interface OpenModelOptions { workspace: string; temp: string; data: Data; id: string | undefined; label: string; exclude: readonly string[]; mapping?: Mapping | undefined; python: string | null; signal?: AbortSignal | undefined; /** what was asked for, where it was: a lone number is then known to be a number or a probability */ task?: Task | undefined; /** of the request, in its order: what a command's list of probabilities stands for */ classes?: readonly string[] | undefined; /** of one run of an ONNX model */ threads?: number | undefined }
