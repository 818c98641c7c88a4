import { absoluteErrors, type NumberColumns } from '../metrics/absolute-error';
import { ascending, hasNaN } from '../metrics/order';
import { medianPass, weightedSum } from './passes';
import type { RowFigures } from './resampled';

const names = ['mae', 'mse', 'rmse', 'bias', 'r2', 'explained_variance', 'median_ae', 'mape_sklearn', 'mape_nonzero', 'smape'] as const;
export type NumberFigureName = (typeof names)[number];

/**
 * The figures of a regression, to be resampled by rows. The largest error has its limits in closed form (`largestBounds`).
 * Null where a value is NaN: then every figure is undefined. R² and explained variance are undefined in a resample whose label is constant.
 */
export function numberFiguresToResample({ truth, predicted }: NumberColumns): RowFigures<NumberFigureName> | null {
  const unsorted = absoluteErrors({ truth, predicted });
  if (hasNaN(unsorted)) return null;
  const order = ascending(unsorted);
  const rows = order.length;
  const column = (value: (row: number) => number): Float64Array => {
    const values = new Float64Array(rows);
    for (let at = 0; at < rows; at++) values[at] = value(order[at] ?? 0);
    return values;
  };
  const y = (row: number): number => truth[row] ?? NaN;
  const p = (row: number): number => predicted[row] ?? NaN;
  const absolute = column((row) => unsorted[row] ?? NaN);
  const errors = column((row) => p(row) - y(row));
  const squares = errors.map((error) => error * error);
  // Labels around their mean, so that the spread of a resample keeps its digits.
  let level = 0;
  for (let row = 0; row < rows; row++) level += y(row) / rows;
  const labels = column((row) => y(row) - level);
  const labelSquares = labels.map((label) => label * label);
  const relative = column((row) => (unsorted[row] ?? NaN) / Math.max(Math.abs(y(row)), Number.EPSILON));
  const nonzero = column((row) => (y(row) === 0 ? 0 : (unsorted[row] ?? NaN) / Math.abs(y(row))));
  const counted = column((row) => (y(row) === 0 ? 0 : 1));
  const symmetric = column((row) => (unsorted[row] === 0 ? 0 : (2 * (unsorted[row] ?? NaN)) / (Math.abs(y(row)) + Math.abs(p(row)))));
  const ones = new Float64Array(rows).fill(1);
  const statistic = (weights: Uint16Array): (number | null)[] => {
    const n = weightedSum(ones, weights);
    if (n === 0) return names.map(() => null);
    const mean = (values: Float64Array): number => weightedSum(values, weights) / n;
    const [mse, bias, label] = [mean(squares), mean(errors), mean(labels)];
    const spread = mean(labelSquares) - label * label;
    const share = (part: number): number | null => (spread > 1e-14 * mean(labelSquares) ? 1 - part / spread : null);
    const some = weightedSum(counted, weights);
    return [mean(absolute), mse, Math.sqrt(mse), bias, share(mse), share(mse - bias * bias), medianPass(absolute, weights), mean(relative), some > 0 ? weightedSum(nonzero, weights) / some : null, mean(symmetric)];
  };
  return { names, rows, order, statistic };
}
