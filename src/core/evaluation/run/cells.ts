/** Rows by their cell of probability: what calibration of every slice is counted from. */
import { confidenceCells, type CalibrationCounts, type ConfidenceCells } from '../intervals/calibration-cells';
import { positiveConfidence, topConfidence } from '../metrics/calibration';
import type { Prepared } from './prepared';

export interface Cells { top: ConfidenceCells; pos: ConfidenceCells | null }
/** Of some rows. */
export interface CellCounts { top: CalibrationCounts; pos: CalibrationCounts | null }

/** Made once for all slices. Null without probabilities. */
export function cellsOf({ truth, probabilities, scores, positive, classes }: Prepared, bins: readonly number[]): Cells | null {
  if (!probabilities) return null;
  const k = classes.length;
  return { top: confidenceCells(topConfidence({ truth, probabilities, k }), bins), pos: positive !== null && scores ? confidenceCells(positiveConfidence({ truth, scores, positive }), bins) : null };
}
