/** What the evaluator's process is asked, by name: params and results cross a process boundary as structured clones. Its caller is the engine, so they were parsed at the engine's door. */
import type { DiscoverSettings, EvaluationRequest, ModelSpec, DataSpec, Selection, SliceSpec, Task } from '../../../protocol/evaluation/request';
import type { ColumnPicture, DriftDoc, DriftInput, DriftRequest, NewRow } from '../../../protocol/drift';
import type { Backtest, FeedbackReport, FeedbackSummary, ReviewExport, ReviewQueue, ReviewSource, ServingLog } from '../../../protocol/monitoring';
import type { PerformanceDoc, TimeWindow } from '../../../protocol/performance';
import type { LogPlace, LogWindow, ReferencePlace } from '../../domain/log-place';
import type { RetrainingConfig, Trigger } from '../../config/monitoring';
import type { TensorFacts } from '../../../protocol/registry';
import type { ProbeParams, ProbeResult } from './probe';
import type { Details, DiscoveryDoc, EvaluationDoc, Explanation, Importance, Inspection, RowPage } from '../../../protocol/evaluation/result';

/** Where a job may look and write. `python`: an interpreter for commands, taggers, metrics of the person's and models that have no binary here. */
export interface Place { workspace: string; python: string | null; /** bytes that DuckDB may use */ memory?: number | undefined; /** a folder of its own for what doesn't fit into memory; removed by the caller */ temp: string }
/** An evaluation's folder: evaluation.json, predictions.parquet. */
export interface Kept extends Place { folder: string }

export interface Jobs {
  /** data and model digests and the identity of what was asked: the evaluation's key, before anything is scored */
  identify: { params: Place & { request: EvaluationRequest }; result: { id: string; dataDigest: string; modelDigest: string; baselineDigest: string | null } };
  inspect: { params: Place & { data: DataSpec; model?: ModelSpec | undefined; label?: string | undefined; id?: string | undefined; task?: Task | undefined }; result: Inspection };
  /** writes evaluation.json and predictions.parquet into `folder`, which is empty; the caller moves it to where it belongs */
  evaluate: { params: Kept & { id: string; request: EvaluationRequest; created: number; looks: number }; result: EvaluationDoc };
  discover: { params: Kept & { settings: DiscoverSettings }; result: DiscoveryDoc };
  details: { params: Kept & { selection: Selection; baseline: boolean }; result: Details };
  rows: { params: Kept & { selection: Selection; sort: 'worst' | 'best' | 'order' | 'flip'; columns?: string[] | undefined; offset: number; limit: number }; result: RowPage };
  importance: { params: Kept & { metrics: string[]; repeats: number; seed: number; columns?: string[] | undefined; selection: Selection; mostRows: number }; result: Importance };
  explain: { params: Kept & { example: string; baseline: boolean }; result: Explanation };
  /** which predicates are wrong, with the place in their text (0-based), over the columns of the data; one without data is only parsed */
  checkSlices: { params: Place & { data: DataSpec | null; slices: SliceSpec[] }; result: { problems: { name: string; message: string; from: number; to: number }[] } };
  /** a model opened once: rows recorded with what it says of them, asked again, and timed one a call */
  probe: { params: Place & ProbeParams; result: ProbeResult };
  /** of a model's file or folder, without loading it; null where it is no ONNX model. Throws bad_input for an .onnx file that can't be read. */
  signature: { params: Pick<Place, 'workspace'> & { file: string }; result: { inputs: TensorFacts[]; outputs: TensorFacts[]; producer: string; external: string[] } | null };
  /** every measure of every column, with what drifted */
  driftReport: { params: Place & { request: DriftRequest; created: number }; result: DriftDoc };
  /** population stability index of the columns named, else of all that both have; null where it says nothing, with why */
  drift: { params: Place & { reference: DataSpec; current: DataSpec; columns?: string[] | undefined }; result: { column: string; psi: number | null; why: string }[] };
  /** what a window of a log holds; jobs of monitoring are in src/core/monitoring/jobs */
  logFacts: { params: Place & { log: LogPlace; window: LogWindow }; result: LogFacts };
  /** of each model, NAME@ENVIRONMENT, what its serving log holds */
  servingLogs: { params: Place & { models: string[] }; result: { logs: ServingLog[] } };
  /** drift of a window of a log from its reference; `request` without its data and predictions, which the log tells */
  driftWindow: { params: Place & { log: LogPlace; window: LogWindow; reference: ReferencePlace; request: Omit<DriftInput, 'reference' | 'current' | 'model'>; /** is asked where importance isn't given */ model?: ModelSpec | undefined; created: number }; result: DriftDoc };
  driftColumn: { params: Place & { sides: Sides; column: string; categorical?: boolean | undefined; where?: string | undefined; bins: number }; result: ColumnPicture };
  driftExamples: { params: Place & { sides: Sides; columns?: string[] | undefined; limit: number }; result: { columns: string[]; rows: NewRow[] } };
  /** estimated and realised performance of windows of a log. The reference needs labels and the model's predictions: its own columns of them, or `model` is asked. */
  performance: { params: Place & { log: LogPlace; windows: TimeWindow[]; reference: ReferencePlace; metrics: string[]; slices: SliceSpec[]; task?: Task | undefined; classes?: string[] | undefined; positive?: string | undefined; model?: ModelSpec | undefined; seed: number }; result: PerformanceDoc };
  /** labels from a file into the log's folder of labels */
  importLabels: { params: Place & { log: LogPlace; file: string; label?: string | undefined; request?: string | undefined; row?: string | undefined; keys?: Record<string, string> | undefined; time?: string | undefined; by: string; now: number; dryRun: boolean }; result: FeedbackReport };
  /** one row of a log, as far as feedback asks; null: there is none. `time` (ms): where it is known only that moment is looked at. */
  logRow: { params: Place & { log: LogPlace; request: string; row: number; time?: number | undefined }; result: { request: string; row: number; prediction: string | null; version: number | null; time: number | null; regression: boolean; classes: string[] } | null };
  /** what feedback in a folder of labels comes to, since a moment (ms) or in all */
  feedbackFacts: { params: Place & { folder: string; since: number | null; /** only answers of this version; null: all */ version: number | null }; result: Omit<FeedbackSummary, 'model'> };
  reviewQueue: { params: Place & { log: LogPlace; window: LogWindow; reference: ReferencePlace | null; limit: number; sources: ReviewSource[]; randomShare: number; again: number; seed: number; reviewer: string; find?: string | undefined }; result: Omit<ReviewQueue, 'model'> };
  reviewExport: { params: Place & { log: LogPlace; file: string; previous?: string | undefined; label?: string | undefined; disagreement: 'leave out' | 'majority'; sources?: ReviewSource[] | undefined }; result: ReviewExport };
  /** labelled rows of a window in two files, the freshest `holdout` seconds of them apart; nothing is written where there are fewer than `least`. `split`: where the holdout begins, `to`: after the newest labelled row, ms. */
  retrainingRows: { params: Place & { log: LogPlace; window: LogWindow; label: string; holdout: number; files: { train: string; holdout: string }; least: { train: number; holdout: number } }; result: { train: number; holdout: number; split: number | null; to: number | null; unlabelled: number; digest: string } };
  /** policies of retraining replayed over a labelled log; `real`: with models that runs made, by their rows' times, and what is wanted besides in `needs` (then there is no `doc`); without it trees stand in. `length`: of a window, ms. */
  backtest: {
    params: Place & {
      log: LogPlace; window: LogWindow; asked: { label: string; task?: Task | undefined; classes?: string[] | undefined; positive?: string | undefined }; policies: string[]; triggers: Trigger[]; limits: Pick<RetrainingConfig, 'window' | 'holdout' | 'coolDown' | 'budget'>;
      metric: string | null; length: number | null; drift: { categorical: string[]; columns: string[] | undefined; limits: DriftRequest['limits']; limitsOf: DriftRequest['limitsOf']; alpha: number }; /** of one run, as it is known */ minutes: number | null; seed: number;
      real: { made: Record<string, { file: string; minutes: number }>; folder: string; mapping?: ModelSpec['mapping']; threshold?: number | undefined } | null;
    };
    result: { doc: Omit<Backtest, 'name' | 'duration'> | null; needs: { key: string; from: number; to: number; file: string; rows: number }[] };
  };
}
/** Two data sets, or two windows of a log. */
export type Sides = { reference: DataSpec; current: DataSpec } | { log: LogPlace; window: LogWindow; reference: ReferencePlace };
export interface LogFacts { rows: number; from: number | null; to: number | null; versions: { version: number; rows: number; role: string }[]; /** 95th percentile, ms */ latency: number | null; rules: { rule: string; rows: number }[]; labelled: number; files: number; /** rows whose time is after now: in no window */ future: number; /** files that could not be read, and why */ unreadable: { file: string; why: string }[] }
export type JobName = keyof Jobs;
export type JobParams<K extends JobName> = Jobs[K]['params'];
export type JobResult<K extends JobName> = Jobs[K]['result'];

/** How a job is watched. `progress` may be called as often as one likes. */
export interface Watch { signal: AbortSignal; progress(phase: string, done: number, total: number): void }
export type JobTable = { [K in JobName]: (params: JobParams<K>, watch: Watch) => Promise<JobResult<K>> };

/** Over the wire (child_process IPC with advanced serialisation). */
export type ToEvaluator = { kind: 'job'; job: number; name: JobName; params: unknown } | { kind: 'cancel'; job: number };
export type FromEvaluator =
  | { kind: 'ready' }
  | { kind: 'progress'; job: number; phase: string; done: number; total: number }
  | { kind: 'done'; job: number; result: unknown }
  | { kind: 'failed'; job: number; code: string; message: string; hint: string };
