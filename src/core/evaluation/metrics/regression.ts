/** All regression figures of a set of rows in one record, under the names that reference files use. */
import { absoluteErrors, maxError, mean, median, type NumberColumns } from './absolute-error';
import { percentageErrors, type PercentageErrors } from './percentage-error';
import { squaredErrorMetrics, type SquaredErrorMetrics } from './squared-error';
import { meanBounds } from '../intervals/mean';
import type { Bounds } from '../intervals/interval';

export interface RegressionFigures extends SquaredErrorMetrics, PercentageErrors {
  n: number; mae: number | null; mae_t95: Bounds | null; median_ae: number | null; max_error: number | null;
}

/** Null is undefined: no rows, a constant label, a NaN. `mae_t95` is not given for weighted rows: its n would be wrong. */
export function regressionFigures(columns: NumberColumns): RegressionFigures {
  const errors = absoluteErrors(columns);
  return {
    n: columns.truth.length, mae: mean(errors, columns.weights), mae_t95: columns.weights ? null : meanBounds(errors),
    ...squaredErrorMetrics(columns), ...percentageErrors(columns), median_ae: median(errors, columns.weights), max_error: maxError(errors, columns.weights),
  };
}
