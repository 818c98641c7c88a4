/** What an evaluation came to, as it is kept in evaluation.json, crosses the engine's socket and is printed by the command line. Times in milliseconds since the epoch (UTC), durations in seconds. */
import type { ColumnType, DiscoverMode, DiscoverSettings, EvaluationRequest, LossName, Mapping, PinnedExample, SliceSpec, Task } from './request';

export type Bounds = [low: number, high: number];
/** pass: within its limits, by the whole of its interval; fail: beyond by the whole of it; else nobody can tell. */
export type Outcome = 'pass' | 'fail' | 'cannot tell';

/**
 * Metrics of some rows by the names of scikit-learn and of the reference files: `n`, `accuracy`, `roc_auc`, `per_class`, `confusion_matrix`, `mae` ...
 * (see src/core/evaluation/metrics/classification.ts and regression.ts, whose records these are). A number, null where undefined, or a structure.
 * Your own metrics stand beside them under their names.
 */
export interface Figures { n: number; [name: string]: unknown }
/** A figure by its path, such as 'accuracy' or 'per_class.1.recall'; null where it is undefined or there is none. */
export function figureAt(figures: Figures, path: string): number | null {
  let at: unknown = figures;
  for (const part of path in figures ? [path] : path.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}
export interface Interval { low: number; high: number; /** 'wilson', 'delong', 'bca', 'bc', 'percentile', 'blb', 't', or `largestMethod` */ method: string; replicates?: number }
/** The method of an interval of a largest value, which ends at the largest seen: nobody knows from these rows how far others may go. */
export const largestMethod = 'percentile of a largest value';
export interface FigureSet { figures: Figures; /** 95 %, by the figure's path */ intervals: Record<string, Interval> }

/** What is held against a limit, and what it came to. */
export interface Check { metric: string; min: number | null; max: number | null; value: number | null; low: number | null; high: number | null; outcome: Outcome; reason: string }

/** Two models on the same rows, candidate minus baseline; names as in the reference files: `n`, `accuracy_baseline`, `diff`, `only_baseline_right`, `mcnemar_exact_p`, `wald_paired95`, `p`, `p_holm`; `mae_*`, `paired_t95` for numbers. */
export interface Comparison { [name: string]: unknown }
export type Word = 'better' | 'worse' | 'same' | 'cannot tell';
/** In the main figure; positive `difference` is candidate minus baseline, whichever is better. `rowsToTell`: how many more rows of this kind it would take, where it can't be told. */
export interface PairVerdict { metric: string; goal: 'maximize' | 'minimize'; word: Word; difference: number | null; interval: Bounds | null; p: number | null; method: string; rowsToTell: number | null; reason: string }
export interface Compared { comparison: Comparison; verdict: PairVerdict; /** paired differences of the other figures, with intervals, by the figure's path */ differences: Record<string, { difference: number; low: number; high: number; method: string }>; failed: boolean }

export interface SliceResult extends FigureSet {
  name: string; spec: SliceSpec;
  /** rows of it that could not be scored: they are in no figure */
  unscored: number;
  /** against all other rows: `n_rest`, `accuracy_rest`, `accuracy_diff`, `newcombe95`, `z_pooled`, `p_pooled`, `p_holm`, `p_bh`; `mae_rest`, `mae_diff`, `welch95`, `welch_p`; null where there is nothing to compare */
  vs_rest: Record<string, unknown> | null;
  /** support x how much worse than the rest in the main figure, in rows or in units of the label; negative where it is better */
  harm: number | null;
  outcome: Outcome; checks: Check[];
  compared: Compared | null;
}

export interface PinnedResult { example: PinnedExample; outcome: Outcome; /** null: no such row */ row: number | null; predicted: string | number | null; reason: string }
export interface ModelFacts { name: string; kind: 'onnx' | 'command' | 'predictions'; digest: string; source: string; /** name and type of each input and the columns that feed it, as shown */ inputs: { name: string; type: string; shape: string; columns: string[] }[]; mapping: Mapping; producer: string; notes: string[] }
export interface ColumnFacts { name: string; type: ColumnType; /** as the file calls it */ stored: string; missing: number; role: 'label' | 'id' | 'split' | 'input' | 'prediction' | 'other' }
export interface DataFacts { name: string; digest: string; files: string[]; bytes: number; rows: number; columns: ColumnFacts[]; /** ms since the epoch from which its age counts */ collected: number; looks: number }
/** code: 'missing_label', 'unseen_label', 'duplicate_id', 'one_class', 'too_old', 'seen_in_training', 'looked_at_often', 'unseen_category', 'unscored' ... */
export interface Warning { code: string; message: string; hint: string; count?: number; rows?: number[] }
/** Rows without a prediction: how many, why, and the first hundred. `row` counts from 0 in the order of the data. */
export interface Unscored { count: number; reasons: Record<string, number>; first: { row: number; id: string; reason: string }[] }

export interface EvaluationDoc {
  format: 1;
  id: string; name: string; created: number; duration: number;
  versions: Record<string, string>;
  request: EvaluationRequest;
  model: ModelFacts; baseline: ModelFacts | null; data: DataFacts;
  task: Task; label: string; classes: string[]; positive: string | null; threshold: number | null;
  /** the figure that slices and models are judged by, and which way is better */
  main: { metric: string; goal: 'maximize' | 'minimize' };
  /** of the definitions' text: another one, another evaluation */
  slicesVersion: string;
  unscored: Unscored; baselineUnscored: Unscored | null;
  warnings: Warning[];
  overall: FigureSet & { checks: Check[]; compared: Compared | null; bootstrap95: Record<string, unknown> };
  /** in the order of their definition */
  slices: SliceResult[];
  baselineOverall: FigureSet | null; baselineSlices: Record<string, Figures>;
  splits: Record<string, { overall: FigureSet; slices: Record<string, Figures> }>;
  pinned: PinnedResult[];
  flips: { broken: number; fixed: number } | null;
  outcome: Outcome; /** one line each: what made it fail, or why nobody can tell */ reasons: string[];
}

export interface EvaluationSummary { id: string; name: string; created: number; model: string; modelDigest: string; baseline: string | null; data: string; dataDigest: string; rows: number; task: Task; metric: string; value: number | null; low: number | null; high: number | null; outcome: Outcome; slices: number; failing: number; run: string | null; slicesVersion: string }
/** Earlier evaluations of the same name: oldest first. `values` by slice ('' is all rows). */
export interface Trend { metric: string; points: { id: string; created: number; model: string; values: Record<string, { value: number | null; low: number | null; high: number | null; n: number }> }[] }

export interface FoundSlice {
  /** 'a=x & b=b2', as the reference files write it, and a predicate that runyard.yaml takes */
  label: string; where: string; columns: string[];
  size: number; score: number; errorSum: number; errorMean: number; errorMax: number;
  /** on rows that the search did not see; null where nothing was checked */
  checked: { rows: number; mean: number | null; effect: number | null; interval: Bounds | null; p: number | null; p_bh: number | null; method: string } | null;
  holds: boolean | null; family: number;
}
/** `sliceline`: the search's own figures, keyed by label, as the reference files have them. */
export interface DiscoveryDoc {
  evaluation: string; settings: DiscoverSettings; mode: DiscoverMode; loss: LossName; rows: { searched: number; checked: number }; leftOut: { column: string; why: string }[];
  slices: FoundSlice[]; families: { representative: number; members: number[] }[]; duration: number;
  sliceline: { average_error: number; n: number; found: number; scores_sorted: number[]; order: string[]; slices: Record<string, { score: number; size: number; error_sum: number; error_mean: number; error_max: number }> };
}

/** Curves of a selection beside those of all rows; what the task has. Histograms: `edges` has one more than `counts`. */
export interface Histogram { edges: number[]; counts: number[]; /** of the rows of the positive class, or of the wrong ones */ marked?: number[] }
export interface Details extends FigureSet {
  rows: number;
  roc: { fpr: number[]; tpr: number[] } | null; pr: { recall: number[]; precision: number[] } | null;
  calibration: { mean_predicted: (number | null)[]; fraction: (number | null)[]; count: number[] } | null;
  scores: Histogram | null; residuals: Histogram | null;
  sweep: { threshold: number[]; precision: (number | null)[]; recall: (number | null)[]; f1: (number | null)[]; cost: (number | null)[] } | null;
}
export interface ExampleRow {
  row: number; id: string; values: (string | number | boolean | null)[];
  truth: string | number | null; predicted: string | number | null; baseline: string | number | null; score: number | null; baselineScore: number | null; loss: number | null;
  right: boolean | null; unscored: string | null; pinned: boolean;
}
export interface RowPage { columns: string[]; total: number; rows: ExampleRow[] }
/** Mean drop of the figure over the repeats, with its standard deviation (ddof 0), by column. */
export interface Importance { metric: string; baseline: number | null; repeats: number; seed: number; rows: number; columns: { column: string; mean: number; std: number }[]; /** by figure, as the reference files have it: every one that was asked for */ figures: Record<string, Record<string, { mean: number; std: number }>>; /** of every figure that was asked for */ baselines?: Record<string, number | null> }
/** How far one row's score moves where one column is set to what is usual in these data (median, most frequent). Not causes, and not additive. */
export interface Explanation { id: string; row: number; of: string; score: number; columns: { column: string; value: string | number | boolean | null; reference: string | number | boolean | null; score: number; change: number }[] }

/** What would be evaluated, before it is: shown, and correctable. */
export interface Inspection {
  data: { files: string[]; rows: number; columns: { name: string; type: ColumnType; stored: string; missing: number; distinct: number; examples: string[] }[] };
  model: ModelFacts | null; task: Task | null; label: string | null; id: string | null; classes: string[];
  /** inputs that no column fits, columns that an input can't take: named with type and shape */
  problems: { code: string; message: string; hint: string }[];
}
/** One test of the Test Explorer. */
export interface EvaluationTest { id: string; kind: 'slice' | 'pinned' | 'overall'; name: string; evaluation: string; file: string | null; line: number | null; outcome: Outcome | null; message: string; duration: number | null; history: { evaluation: string; created: number; outcome: Outcome }[] }
export interface EvaluationProgress { job: string; phase: string; done: number; /** 0: not known */ total: number }
