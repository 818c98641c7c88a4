/** The label of a side of a comparison: a column of its data, or what was imported for the rows of a log. */
import type { LogColumns } from '../../domain/log-place';
import type { Column, Data, Values } from '../../evaluation/data/types';
import { textAt } from '../feedback/keys';
import { labelColumn } from '../feedback/label-column';
import type { Labels } from '../feedback/labels';
import { rowNames } from '../feedback/log-inputs';
import type { Source } from './sources';

/** `labels` stand instead of the column. */
interface Labelled { data: Data; label: string | null; labels?: Values | undefined }
export const labelSource = ({ data, label, labels }: Labelled): Source => (labels ? { values: labels } : { data, column: label ?? '' });
export const labelType = ({ data, label, labels }: Labelled): Column | undefined => (labels ? { name: label ?? '', type: labels.type, stored: '' } : data.columns.find(({ name }) => name === label));

/**
 * The label of each row of an open log: what was imported, else its own column's. Reviews don't count: people are asked about rows that are unusual, so their answers would
 * drift by how the rows were chosen. Undefined where no row has an import: then its own column is all there is. Throws cancelled.
 */
export async function importedLabels({ data, columns }: { data: Data; columns: LogColumns }, labels: Labels, signal: AbortSignal): Promise<Values | undefined> {
  if (labels.size === 0 || columns.keys.length === 0) return undefined;
  const { requests, rows } = await rowNames(data, columns, signal);
  const said = requests.map((request, row) => (request === null ? null : (labels.imported(request, rows[row] ?? 0)?.label ?? null)));
  if (said.every((label) => label === null)) return undefined;
  const own = columns.label === null || !data.columns.some(({ name }) => name === columns.label) ? null : await data.column(columns.label, signal);
  return labelColumn(own ? said.map((label, row) => label ?? textAt(own, row)) : said);
}

/** Imports are kept as texts: numbers are whole ones, or numbers with a fraction, as those of the other side are. */
export function alike(labels: Values, type: string | undefined): Values {
  if (labels.type === 'int' && type === 'float') return { type: 'float', values: labels.values, missing: labels.missing };
  if (labels.type !== 'float' || type !== 'int') return labels;
  return labels.values.every((value) => Number.isNaN(value) || Number.isInteger(value)) ? { ...labels, type: 'int' } : labels;
}
