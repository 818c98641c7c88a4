/** How good a model is on data whose labels aren't there yet, and how good it turned out to be. Times in ms since the epoch (UTC). */
import type { Bounds, Outcome } from './evaluation/result';
import type { Task } from './evaluation/request';

/** A window of a log: `from` inclusive, `to` exclusive; null: open. */
export interface TimeWindow { from: number | null; to: number | null }

/**
 * One figure of one window. `estimated` from the predictions alone (CBPE for classes, DLE for numbers), `realised` from the labels that came. `low` and `high`: 95 %
 * of each; `realisedRows`: rows with a label; null where there is nothing to say, with `why`.
 */
export interface PerformanceFigure {
  metric: string; goal: 'maximize' | 'minimize';
  estimated: number | null; estimatedInterval: Bounds | null;
  realised: number | null; realisedInterval: Bounds | null; realisedRows: number;
  /** of the reference, which has labels, and its chunks' mean minus and plus three standard deviations */
  reference: number | null; lower: number | null; upper: number | null;
  why: string;
}
export interface PerformanceWindow extends TimeWindow { rows: number; figures: Record<string, PerformanceFigure>; /** by the slice's name; of one that can't be told here (a column that isn't there, a tagger that fails) n is 0 and each figure says why */ slices: Record<string, { n: number; figures: Record<string, PerformanceFigure> }> }
export interface PerformanceDoc {
  task: Task; classes: string[]; method: 'cbpe' | 'dle' | null;
  /** of the calibration (expected calibration error before and after) or of the loss model (how well it tells losses on rows it didn't see) */
  fit: Record<string, number | null>;
  referenceRows: number; windows: PerformanceWindow[]; outcome: Outcome; notes: string[];
}
