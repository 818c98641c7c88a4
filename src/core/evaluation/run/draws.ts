/** What one thread is asked to draw, as plain arrays that another thread can be handed: replicates of the figures of some columns. */
import { calibrationFiguresToResample, type CalibrationCounts } from '../intervals/calibration-cells';
import { labelFiguresToResample } from '../intervals/label-figures';
import { labelPairFigures, type LabelPair } from '../intervals/label-pair';
import { littleReplicates } from '../intervals/little';
import { numberFiguresToResample } from '../intervals/number-figures';
import { paired, replicatesOf, type CellFigures, type RowFigures } from '../intervals/resampled';
import { binaryFiguresToResample, multiclassFiguresToResample } from '../intervals/score-figures';
import { confusionOf } from '../metrics/confusion';

export type RowColumns =
  | { kind: 'binary'; truth: Int32Array; scores: Float64Array; positive: number; probabilities: boolean; bins: readonly number[] }
  | { kind: 'multiclass'; truth: Int32Array; probabilities: Float64Array; k: number; bins: readonly number[] }
  | { kind: 'numbers'; truth: Float64Array; predicted: Float64Array };
export type DrawColumns =
  | RowColumns
  | { kind: 'pair'; baseline: RowColumns; candidate: RowColumns }
  | { kind: 'labels'; matrix: Float64Array; outside: Float64Array; costs?: Float64Array | null }
  | { kind: 'labelPair'; pair: LabelPair }
  | { kind: 'calibration'; of: 'top' | 'pos'; counts: CalibrationCounts; bins: readonly number[] };

/** `total`: the rows that these few stand for (`littleReplicates`); null: all rows are here. */
export interface Draw { columns: DrawColumns; total: number | null; seed: number; from: number; to: number }

/** Null where the figures are undefined on these rows as they are: a NaN among them, or none. */
export function readyFor(columns: DrawColumns): RowFigures | CellFigures | null {
  if (columns.kind === 'labels') return labelFiguresToResample(confusionOf(columns.matrix, columns.outside), columns.costs);
  if (columns.kind === 'labelPair') return labelPairFigures(columns.pair);
  if (columns.kind === 'calibration') return calibrationFiguresToResample(columns.counts, columns.of, columns.bins);
  if (columns.kind !== 'pair') return rowsReady(columns);
  const [baseline, candidate] = [rowsReady(columns.baseline), rowsReady(columns.candidate)];
  return baseline && candidate && paired(baseline, candidate);
}

function rowsReady(columns: RowColumns): RowFigures | null {
  if (columns.kind === 'numbers') return columns.truth.length === 0 ? null : numberFiguresToResample(columns);
  if (columns.truth.length === 0) return null;
  if (columns.kind === 'multiclass') return multiclassFiguresToResample(columns, { bins: columns.bins });
  return binaryFiguresToResample(columns, { bins: columns.bins, probabilities: columns.probabilities });
}

/** One column of replicates a figure; none where the figures are undefined. */
export function drawn({ columns, total, ...draws }: Draw): Float64Array[] {
  const ready = readyFor(columns);
  if (!ready) return [];
  return total !== null && 'rows' in ready ? littleReplicates(ready, { total, ...draws }) : replicatesOf(ready, draws);
}

/** About how long it takes, in row visits: what decides whether other threads are worth their start, and how the work is shared out. */
export function costOf({ columns, from, to }: Draw): number {
  const rows = (one: RowColumns): number => one.truth.length * (one.kind === 'multiclass' ? one.k + 2 : one.kind === 'numbers' ? 6 : 1);
  const each = columns.kind === 'pair' ? rows(columns.baseline) + rows(columns.candidate)
    : columns.kind === 'labels' ? 20 * columns.matrix.length + 500
      : columns.kind === 'labelPair' ? 10 * columns.pair.counts.length + 1000
        : columns.kind === 'calibration' ? 10 * columns.counts.counts.length : rows(columns);
  return each * (to - from);
}
