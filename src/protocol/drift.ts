/** Drift of one data set from another: what is asked, what comes back. Names of measures are those of the reference files; times in ms since the epoch, durations in seconds. */
import * as z from 'zod';
import { dataSpec, modelSpec, sliceSpec, TASKS } from './evaluation/request';
import type { Outcome } from './evaluation/result';

const share = z.number().min(0).max(1);

/** From which size on a difference matters, whatever its p-value. */
export const driftLimits = z.object({
  /** population stability index; also of the predictions and the label */
  psi: z.number().positive().default(0.1),
  /** change of the share of missing values, share of rows in new categories, share of rows outside the reference's range */
  missing: share.default(0.05), unseen: share.default(0.01), range: share.default(0.01),
});
export const driftRequest = z.object({
  reference: dataSpec, current: dataSpec,
  /** all that both sides have, unless named */
  columns: z.array(z.string().min(1)).optional(),
  /** whole numbers that are names of something; texts and booleans always are */
  categorical: z.array(z.string().min(1)).default([]),
  label: z.string().min(1).optional(),
  /** its predictions on both sides are compared too */
  model: modelSpec.optional(), task: z.enum(TASKS).optional(), classes: z.array(z.string()).optional(), positive: z.string().optional(),
  limits: driftLimits.prefault({}), limitsOf: z.record(z.string(), driftLimits.partial()).default({}),
  /** of the false-discovery control over the columns (Benjamini and Hochberg) */
  alpha: z.number().gt(0).lt(1).default(0.05), seed: z.number().int().min(0).default(0),
  /** all columns together: reconstruction by principal components, and how well a classifier tells the two sides apart */
  multivariate: z.boolean().default(false),
  /** how much the model's answers depend on each column, as far as it is known: harm is drift x importance. With a model and without this, it is estimated by permutation. */
  importance: z.record(z.string(), z.number()).optional(),
  /** which of these the drift hits: support and effect within each */
  slices: z.array(sliceSpec).default([]),
});
export type DriftRequest = z.output<typeof driftRequest>;
export type DriftInput = z.input<typeof driftRequest>;
export type DriftLimits = z.output<typeof driftLimits>;

export const driftMethods = {
  'drift.run': z.object({ job: z.string().min(1).max(100), request: z.record(z.string(), z.unknown()), python: z.string().optional() }),
  'drift.cancel': z.object({ job: z.string().min(1).max(100) }),
  /** one column of both sides, to be drawn; within a slice where a predicate is given */
  'drift.column': z.object({ reference: dataSpec, current: dataSpec, column: z.string().min(1), categorical: z.boolean().optional(), where: z.string().optional(), bins: z.number().int().min(5).max(200).default(40) }),
  /** rows of the current side that are new: with new categories, out of range, missing where it never was, or most unlike the reference */
  'drift.examples': z.object({ reference: dataSpec, current: dataSpec, columns: z.array(z.string()).optional(), limit: z.number().int().min(1).max(1000).default(50) }),
} as const;

/** One thing that was tested of a column. `effect` is held against `limit`, `p_bh` against alpha: both have to be beyond. */
export interface DriftTest { what: 'distribution' | 'missing' | 'unseen' | 'range'; measure: string; effect: number | null; limit: number; p: number | null; p_bh: number | null; method: string; drifted: boolean; /** nobody can tell: too few values */ unsure: boolean }
/** `figures`: the measures by the reference files' names. `noise`: 95th percentile of PSI between two samples of these sizes from the reference itself, and its mean. */
export interface ColumnDrift {
  name: string; type: 'numeric' | 'categorical'; role: 'input' | 'label' | 'prediction';
  figures: Record<string, unknown>; noise: { psi_mean: number; psi_95: number } | null;
  tests: DriftTest[]; outcome: Outcome; reason: string;
  /** share of the model's whole importance (0 to 1), and it times how far beyond its limit the largest effect is; null where nothing is known of the model */
  importance?: number | null; harm?: number | null;
}
/** `value` beyond [lower, upper], which the reference's own resamples span (its own rows to new ones, plus and minus three standard deviations, at least 5 %; of the classifier: its limit). */
export interface MultivariateDrift { measure: 'pca_reconstruction' | 'domain_auc'; value: number | null; reference: number | null; lower: number | null; upper: number | null; p: number | null; outcome: Outcome; reason: string; /** columns that tell the two sides apart most, with their share */ columns: { name: string; share: number }[] }
/** Of a slice: its share of the rows on both sides, and the columns that drifted within it. */
export interface SliceDrift { name: string; reference: { rows: number; share: number }; current: { rows: number; share: number }; /** of the change of share, after false-discovery control */ p_bh: number | null; drifted: { column: string; effect: number; limit: number }[]; harm: number | null; outcome: Outcome }
/** What Evidently 0.7 with nothing set makes of all input columns together, by its own verdict of each; null where it looks at none. Its names, as in the reference files. */
export interface EvidentlyVerdict { drifted_count: number; drifted_share: number | null; /** half of the columns or more */ dataset_drift: boolean | null; /** columns without a value on a side: in no count */ skipped_all_missing: string[] }
export interface DriftSide { files: string[]; rows: number; digest: string; bytes: number }
export interface SchemaChange { column: string; change: 'gone' | 'new' | 'type' | 'renamed'; text: string; /** of a renamed one: what it seems to be called now */ to?: string }
export interface DriftDoc {
  version: 1; created: number; duration: number; reference: DriftSide; current: DriftSide; request: DriftRequest;
  columns: Record<string, ColumnDrift>; label: ColumnDrift | null; /** of the model: 'label' and 'score', a class's probability each, or 'number' */ predictions: Record<string, ColumnDrift>;
  schema: SchemaChange[];
  /** columns that were not compared, and why */
  leftOut: { column: string; why: string }[];
  /** names of the columns and predictions that drifted: the most harmful first where that is known, else the largest effect against its limit */
  drifted: string[];
  multivariate?: MultivariateDrift[]; slices?: SliceDrift[];
  /** beside ours, of which nothing rests on it; older reports lack it */
  evidently_default?: EvidentlyVerdict;
  /** fail: something drifted; cannot tell: too few rows to say that nothing did */
  outcome: Outcome; reasons: string[];
}
/** `histogram.edges` has one more than the counts, over both sides' range without the outermost 0.1 %, which are counted in the outer bins. `ecdf`: some hundred points each, [value, share at or below]. */
export interface ColumnPicture {
  column: string; type: 'numeric' | 'categorical'; missing: { reference: number; current: number }; rows: { reference: number; current: number };
  histogram: { edges: number[]; reference: number[]; current: number[] } | null; ecdf: { reference: [number, number][]; current: [number, number][] } | null;
  /** 0, 0.05, 0.25, 0.5, 0.75, 0.95, 1 */
  quantiles: { reference: number[]; current: number[] } | null;
  /** most frequent first; the rest in `others` */
  categories: { value: string; reference: number; current: number }[] | null; others: { reference: number; current: number; values: number } | null;
}
export interface NewRow { row: number; why: string[]; cells: Record<string, string | number | boolean | null>; /** 0 to 1: how unlike the reference */ score: number | null }
export interface DriftResults { 'drift.run': DriftDoc; 'drift.cancel': { stopped: boolean }; 'drift.column': ColumnPicture; 'drift.examples': { columns: string[]; rows: NewRow[] } }
