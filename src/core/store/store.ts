/** The store as the rest of core sees it; SQL stays behind it. Everything is synchronous: there is one writer. */
import type { Disposable } from '../base/disposable';
import type { RunState, ArtifactRow, Curve, DatasetRow, ExperimentRow, ProblemRow, ResourceRow, RunDetail, RunRow } from '../../protocol/model';
import type { WireNumber, RunSpec, SpoolEvent } from '../../protocol/spool';
import type { EvaluationRows } from './evaluations';
import type { ExperimentChange, ExperimentRecord, NewExperiment } from './experiments';
import type { LedgerRows } from './ledger';
import type { ModelMetric, RunModel } from './models';
import type { Records } from './records';

export interface Batch {
  run: string; file: string;
  /** byte offset after the last whole line taken in, and how many lines that is in all */
  to: number; lines: number;
  events: readonly SpoolEvent[]; problems: readonly ProblemRow[];
}
export interface StateChange { state: RunState; reason?: string; t: number; code?: number | null; signal?: string | null }
export interface SearchQuery {
  experiments?: readonly string[]; filter: string; orderBy: readonly string[]; limit: number; offset: number;
  view: 'active' | 'trashed' | 'all'; columns?: readonly string[]; ids?: readonly string[];
}
export interface CurveQuery { run: string; key: string; x: 'step' | 'relative' | 'wall'; from?: number; to?: number; px: number }

export interface RunFacts { state: RunState; runner: string; trashed: boolean; experiment: string }

export interface Store extends Disposable {
  readonly dir: string;
  readonly driver: 'better-sqlite3' | 'node:sqlite';
  readonly schema: number;
  /** what happened on opening that a person should read once: moved aside, rebuilt, another journal mode */
  readonly notices: readonly string[];
  /** true when the database is new or was moved aside: run folders are to be taken in again from offset 0 */
  readonly fresh: boolean;
  /** Idempotent by spec.runId. */
  createRun(spec: RunSpec, state: RunState): void;
  /** One transaction: the events, the problems and the offset. Applying the same batch twice changes nothing. */
  applyBatch(batch: Batch): void;
  offset(run: string, file: string): { offset: number; lines: number };
  /** Follows the rules of domain/state: a final state isn't left, except lost for a later truth. Returns whether it changed. */
  setState(run: string, change: StateChange): boolean;
  setArtifact(run: string, path: string, facts: { digest: string; size: number }): void;
  liveRuns(): { id: string; state: RunState; runner: string; /** who made it: editor, cli, mlflow, import ... */ source: string }[];
  hasRun(run: string): boolean;
  /** What a write has to know of a run; undefined where there is none. */
  runFacts(run: string): RunFacts | undefined;
  runIds(): string[];
  /** id, unique prefix, name (the newest), '@last', '@best:metrics.KEY[:min|max]'. Throws not_found, or bad_input where a prefix isn't unique. */
  resolveRun(ref: string, goal?: (metric: string) => 'maximize' | 'minimize'): string;
  getRun(id: string): Omit<RunDetail, 'folder'>;
  /** `limit` -1 gives all. */
  search(query: SearchQuery): { rows: RunRow[]; total: number };
  experiments(): Omit<ExperimentRow, 'configured' | 'mainMetric'>[];
  keys(experiments?: readonly string[]): { params: string[]; metrics: string[]; tags: string[] };
  curve(query: CurveQuery): Curve;
  points(run: string, key: string, page: { limit: number; offset: number }): { points: { step: number; t: number; value: WireNumber }[]; total: number };
  /** Points in order of time (milliseconds), then step and value; all of them where limit is -1. */
  history(run: string, key: string, page: { limit: number; offset: number }): { points: { step: number; t: number; value: WireNumber }[]; total: number };
  resources(run: string, px: number): ResourceRow[];
  datasets(run: string): DatasetRow[];
  artifacts(run: string): ArtifactRow[];
  problems(run: string): ProblemRow[];
  readonly records: Records;
  readonly evaluations: EvaluationRows;
  readonly ledger: LedgerRows;
  /** All of them, thrown away ones too, newest first. */
  experimentRecords(): ExperimentRecord[];
  experimentById(id: number): ExperimentRecord | undefined;
  experimentNamed(name: string): ExperimentRecord | undefined;
  /** Throws already_exists. */
  createExperiment(experiment: NewExperiment): ExperimentRecord;
  /** Throws not_found, already_exists. */
  editExperiment(id: number, change: ExperimentChange): ExperimentRecord;
  /** What a client said of a run whose process is watched here: its state and, for a final one, when; null where it said nothing. */
  saidOf(run: string): { state: RunState; ended: number | null } | null;
  runModels(run: string): RunModel[];
  runsOfModel(model: string): { run: string; io: RunModel['io'] }[];
  modelMetrics(model: string): ModelMetric[];
  /** Ids of trashed, unpinned runs, oldest first. */
  trash(): { id: string; name: string; trashed: number }[];
  /** Forgets a run for good (gc). */
  purgeRun(run: string): void;
  /** Digests that some remaining run's artifact needs. */
  usedDigests(): Set<string>;
  /** Params with their values and each run's value of a metric, for hovers: newest first, at most `limit` runs. */
  paramHistory(param: string, metric: string | null, options: { script?: string; limit: number }): { value: string; run: string; created: number; metric: WireNumber | null }[];
  metricHistory(key: string, options: { script?: string; limit: number }): { run: string; name: string; created: number; value: WireNumber }[];
  /** Newest runs of a script, active ones only. */
  runsOfScript(script: string, limit: number): string[];
}
