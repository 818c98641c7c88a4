/** What a log has of what a model was asked, and the label of each row. */
import type { Data, Values } from '../../evaluation/data/types';
import type { LogColumns, LogPlace } from '../../domain/log-place';
import { isServingColumn } from '../log/place';
import { keyAt, textAt } from './keys';
import type { Labels } from './labels';

/** Columns that aren't about serving: neither names nor times nor versions of rows, nor what was answered, nor the label. */
export function inputColumns({ kind }: LogPlace, columns: LogColumns, data: Pick<Data, 'columns'>): string[] {
  const { keys, time, row, version, role, latency, rules, prediction, probabilities, label } = columns;
  const about = new Set([...keys, time, row, version, role, latency, rules, prediction, label, ...(probabilities === null ? [] : typeof probabilities === 'string' ? [probabilities] : Object.values(probabilities))]);
  return data.columns.map(({ name }) => name).filter((name) => !about.has(name) && !(kind === 'serving' && isServingColumn(name)));
}

/** What names each row of an open log: its request, and its row in it. */
export async function rowNames(data: Data, { keys, row }: LogColumns, signal?: AbortSignal): Promise<{ requests: (string | null)[]; rows: Int32Array }> {
  const requests = new Array<string | null>(data.rows).fill(null);
  const rows = new Int32Array(data.rows);
  for await (const { from, count, columns } of data.read({ columns: [...new Set([...keys, ...(row === null ? [] : [row])])], signal })) {
    const own = keys.map((key) => columns[key] as Values);
    const which = row === null ? null : (columns[row] as Values);
    for (let i = 0; i < count; i++) {
      requests[from + i] = keyAt(own, i);
      const at = which && !which.missing?.[i] ? Number(which.values[i]) : 0;
      rows[from + i] = Number.isInteger(at) && at >= 0 ? at : 0;
    }
  }
  return { requests, rows };
}

/** The label of each row of an open log: feedback, else the log's own column of labels. */
export async function labelsOf(data: Data, columns: LogColumns, labels: Labels, signal?: AbortSignal): Promise<(string | null)[]> {
  const own = columns.label === null ? null : await data.column(columns.label, signal);
  const said = columns.keys.length === 0 || labels.size === 0 ? null : await rowNames(data, columns, signal).then(({ requests, rows }) => labels.labelsFor(requests, rows));
  return Array.from({ length: data.rows }, (_, row) => said?.[row] ?? (own && textAt(own, row)));
}
