/** Drift of one data set from another: what is asked, what comes back. Names of measures are those of the reference files; times in ms since the epoch, durations in seconds. */
import { z } from 'zod';
import { dataSpec, modelSpec, TASKS } from './evaluation/request';
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
});
export type DriftRequest = z.output<typeof driftRequest>;
export type DriftInput = z.input<typeof driftRequest>;
export type DriftLimits = z.output<typeof driftLimits>;

export const driftMethods = {
  'drift.run': z.object({ job: z.string().min(1).max(100), request: z.record(z.string(), z.unknown()), python: z.string().optional() }),
  'drift.cancel': z.object({ job: z.string().min(1).max(100) }),
} as const;

/** One thing that was tested of a column. `effect` is held against `limit`, `p_bh` against alpha: both have to be beyond. */
export interface DriftTest { what: 'distribution' | 'missing' | 'unseen' | 'range'; measure: string; effect: number | null; limit: number; p: number | null; p_bh: number | null; method: string; drifted: boolean; /** nobody can tell: too few values */ unsure: boolean }
/** `figures`: the measures by the reference files' names. `noise`: 95th percentile of PSI between two samples of these sizes from the reference itself, and its mean. */
export interface ColumnDrift {
  name: string; type: 'numeric' | 'categorical'; role: 'input' | 'label' | 'prediction';
  figures: Record<string, unknown>; noise: { psi_mean: number; psi_95: number } | null;
  tests: DriftTest[]; outcome: Outcome; reason: string;
}
export interface DriftSide { files: string[]; rows: number; digest: string; bytes: number }
export interface SchemaChange { column: string; change: 'gone' | 'new' | 'type' | 'renamed'; text: string }
export interface DriftDoc {
  version: 1; created: number; duration: number; reference: DriftSide; current: DriftSide; request: DriftRequest;
  columns: Record<string, ColumnDrift>; label: ColumnDrift | null; /** of the model: 'label' and 'score', a class's probability each, or 'number' */ predictions: Record<string, ColumnDrift>;
  schema: SchemaChange[];
  /** columns that were not compared, and why */
  leftOut: { column: string; why: string }[];
  /** names of the columns and predictions that drifted, the largest effect against its limit first */
  drifted: string[];
  /** fail: something drifted; cannot tell: too few rows to say that nothing did */
  outcome: Outcome; reasons: string[];
}
export interface DriftResults { 'drift.run': DriftDoc; 'drift.cancel': { stopped: boolean } }
