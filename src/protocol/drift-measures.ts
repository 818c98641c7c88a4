/** What of a column's drift is shown as a number: its measures by the reference files' names, with what people call them. Pure. */
import type { ColumnDrift, DriftDoc, DriftTest } from './drift';
import type { Outcome } from './evaluation/result';

/** `path` into the column's figures. `test`: whose limit it is held against; null: no verdict rests on it alone. `about`: one sentence. */
export interface Measure { id: string; title: string; path: string; of: 'numeric' | 'categorical' | 'both'; test: DriftTest['what'] | null; about: string }

export const MEASURES: readonly Measure[] = [
  { id: 'psi', title: 'PSI', path: 'psi', of: 'both', test: 'distribution', about: 'Population stability index over the reference\u2019s deciles, or over the categories. The verdict\u2019s effect is what is above noise.' },
  { id: 'ks', title: 'Kolmogorov-Smirnov', path: 'ks.statistic', of: 'numeric', test: null, about: 'The largest gap between the two cumulative distributions, 0 to 1. Its p-value is the verdict\u2019s significance.' },
  { id: 'wasserstein_norm', title: 'Wasserstein, in std', path: 'wasserstein_norm', of: 'numeric', test: null, about: 'How far values moved on the mean, in standard deviations of the reference.' },
  { id: 'wasserstein', title: 'Wasserstein', path: 'wasserstein', of: 'numeric', test: null, about: 'How far values moved on the mean, in the column\u2019s own unit.' },
  { id: 'mean_shift', title: 'Mean shift, in std', path: 'mean_shift_in_reference_std', of: 'numeric', test: null, about: 'Current mean minus the reference\u2019s, in standard deviations of the reference.' },
  { id: 'chi2', title: 'Chi-square', path: 'chi2.statistic', of: 'categorical', test: null, about: 'Of both sides\u2019 counts. Its p-value is the verdict\u2019s significance.' },
  { id: 'tv', title: 'Total variation', path: 'tv', of: 'categorical', test: null, about: 'Share of the rows that would have to change their category, 0 to 1.' },
  { id: 'linf', title: 'L-infinity', path: 'linf', of: 'categorical', test: null, about: 'The largest change of one category\u2019s share, 0 to 1.' },
  { id: 'js', title: 'Jensen-Shannon', path: 'js_distance', of: 'both', test: null, about: 'Distance between the two distributions over the bins, base 2, 0 to 1.' },
  { id: 'hellinger', title: 'Hellinger', path: 'hellinger', of: 'both', test: null, about: 'Distance between the two distributions over the bins, 0 to 1.' },
  { id: 'missing', title: 'Missing share, change', path: 'missing.rate_change', of: 'both', test: 'missing', about: 'Share of missing values, current minus reference.' },
  { id: 'unseen', title: 'Share in new categories', path: 'unseen.share_of_current', of: 'categorical', test: 'unseen', about: 'Share of the current rows in categories that the reference has none of.' },
  { id: 'range', title: 'Share out of range', path: 'outside.share', of: 'numeric', test: 'range', about: 'Share of the current rows below the reference\u2019s least or above its largest value.' },
];

export const measuresOf = (type: ColumnDrift['type']): Measure[] => MEASURES.filter((one) => one.of === 'both' || one.of === type);

/** Null where it is undefined or there is none. */
export function figureOf(figures: Readonly<Record<string, unknown>>, path: string): number | null {
  let at: unknown = figures;
  for (const part of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}

/** Effect over limit of the test that is furthest beyond; 1: at its limit. Null where nothing could be measured. */
export function largestRatio({ tests }: Pick<ColumnDrift, 'tests'>): number | null {
  const ratios = tests.flatMap(({ effect, limit }) => (effect === null || !(limit > 0) ? [] : [effect / limit]));
  return ratios.length > 0 ? Math.max(...ratios) : null;
}

/** A column of either kind by its name: inputs first, then what the model said, then the label. */
export const columnIn = ({ columns, predictions, label }: Pick<DriftDoc, 'columns' | 'predictions' | 'label'>, name: string): ColumnDrift | null =>
  columns[name] ?? predictions[name] ?? (label?.name === name ? label : null);

export const everyColumn = ({ columns, predictions, label }: Pick<DriftDoc, 'columns' | 'predictions' | 'label'>): ColumnDrift[] => [...Object.values(columns), ...Object.values(predictions), ...(label ? [label] : [])];

/** A cell of the heat map. */
export interface DriftCell { ratio: number | null; outcome: Outcome; harm: number | null; psi: number | null; type: string; role: string }
export const cellOf = (column: ColumnDrift): DriftCell => ({ ratio: largestRatio(column), outcome: column.outcome, harm: column.harm ?? null, psi: figureOf(column.figures, 'psi'), type: column.type, role: column.role });
