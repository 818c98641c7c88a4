/** The nouns as they cross a boundary: plain data, times in seconds since the epoch (UTC), ids as text. */
import type { ModelStatus } from './logged-model';
import type { MlflowDataset, WireNumber } from './spool';

export const RUN_STATES = ['queued', 'running', 'finished', 'failed', 'killed', 'stopped', 'lost'] as const;
export type RunState = (typeof RUN_STATES)[number];
export const isLive = (state: RunState): boolean => state === 'queued' || state === 'running';

export type Goal = 'maximize' | 'minimize';

/** The newest value of a metric (largest step, then time, then value), with the extremes over its curve. */
export interface MetricSummary { value: WireNumber; step: number; t: number; min: WireNumber; max: WireNumber; count: number }

/** One row of a table of runs. */
export interface RunRow {
  id: string; experiment: string; name: string; state: RunState; reason: string;
  created: number; started: number | null; ended: number | null;
  source: string; script: string | null; parent: string | null; pinned: boolean; trashed: boolean; notes: string;
  params: Record<string, string>; metrics: Record<string, MetricSummary>; tags: Record<string, string>;
  commit: string | null; branch: string | null; dirty: boolean | null;
  /** Same for runs with the same experiment, script and params apart from the seed. */
  group: string;
}

export interface DatasetRow { name: string; role: string; digest: string; path: string | null; rows: number | null; schema: { name: string; type: string }[] | null; /** what an MLflow client said of it */ mlflow: MlflowDataset | null }
export interface ArtifactRow { path: string; kind: string; digest: string; size: number; t: number }
export interface ResourceRow { t: number; cpu: number; rssMb: number; gpu: number | null; gpuMemMb: number | null }
export interface ProblemRow { file: string; line: number; text: string }

/** A logged model that a run read or made. */
export interface ModelRow { io: 'input' | 'output'; id: string; name: string; status: ModelStatus; step: number }

/** Everything known of one run. */
export interface RunDetail extends RunRow {
  argv: string[]; cwd: string; exitCode: number | null; signal: string | null; interpreter: string | null; remote: string | null;
  patch: string | null;
  environment: { os?: string; host?: string; cpu?: string; cpus?: number; memMb?: number; gpus?: string[]; python?: string; interpreter?: string; packages?: Record<string, string> };
  datasets: DatasetRow[]; artifacts: ArtifactRow[]; problems: ProblemRow[]; models: ModelRow[]; children: string[];
  /** absolute path of the run folder */
  folder: string;
}

export interface ExperimentRow { name: string; runs: number; live: number; lastActivity: number; configured: boolean; mainMetric: string | null }
/** One experiment that runyard.yaml names, as it would be started. */
export interface ConfiguredExperiment { name: string; argv: string[]; params: Record<string, string>; line: number }

/** One point of a down-sampled curve. x is what the query asked for; a point stands for `n` of them (1: exact). */
export interface CurvePoint { step: number; t: number; value: WireNumber; n: number }
export interface Curve { run: string; key: string; points: CurvePoint[]; total: number; exact: boolean }

/** Severity, position (1-based) and text of what is wrong in a file of the person's. */
export interface FileProblem { file: string; line: number; column: number; endLine: number; endColumn: number; severity: 'error' | 'warning'; message: string }

export interface GroupStats { group: string; label: string; runs: string[]; n: number; mean: number | null; low: number | null; high: number | null; sd: number | null; method: string }
export type VerdictWord = 'better' | 'worse' | 'cannot tell';
/** Candidate minus baseline in `metric`; the interval is of the difference of means at `confidence`. */
export interface Verdict {
  metric: string; goal: Goal; word: VerdictWord; difference: number | null; low: number | null; high: number | null; p: number | null;
  confidence: number; method: string; reason: string; baseline: GroupStats; candidate: GroupStats;
}
