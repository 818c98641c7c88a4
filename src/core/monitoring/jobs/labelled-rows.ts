/** Rows of a window of a log with their labels, as a data set: what a retraining reads. */
import { RunyardError } from '../../base/errors';
import { writeColumns } from '../../evaluation/data/columnar';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';
import type { JobTable } from '../../evaluation/process/jobs';
import { labelColumn } from '../feedback/label-column';
import { openLabels } from '../feedback/labels';
import { inputColumns, labelsOf } from '../feedback/log-inputs';
import { resolveLog } from '../log/open';
import { columnsIn } from '../log/place';

/** Only rows with a label unless `all`. Without a row nothing is written, and the digest is ''. Throws bad_input where the log has an input of the label's name. */
export const labelledRows: JobTable['labelledRows'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory, log, window, label, file, all = false } = params;
  const place: OpenOptions = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading the log', 0, 0);
  const none = { rows: 0, labelled: 0, digest: '' };
  const found = await resolveLog(log, window, { workspace, temp, signal });
  if (!found) return none;
  await using data = await openData(found.data, place).catch((error: unknown) => {
    if (hasNoRows(error)) return null;
    throw error;
  });
  if (!data) return none;
  const columns = columnsIn(log, data.columns.map(({ name }) => name));
  const inputs = inputColumns(log, columns, data);
  if (inputs.includes(label)) throw new RunyardError('bad_input', `the log has an input called ${label}, which is the label's name`, 'give the label another name');
  const labels = await labelsOf(data, columns, await openLabels(log.labels, place), signal);
  const kept = Uint32Array.from(labels.flatMap((label, row) => (all || label !== null ? [row] : [])));
  if (kept.length === 0) return none;
  const written: Record<string, Values> = {};
  for (const [at, name] of inputs.entries()) {
    progress('writing rows', at, inputs.length);
    written[name] = pick(await data.column(name, signal), kept);
  }
  written[label] = labelColumn(Array.from(kept, (row) => labels[row] ?? null));
  await writeColumns(file, written);
  return { rows: kept.length, labelled: labels.reduce((sum, one) => sum + (one === null ? 0 : 1), 0), digest: await digestOf(file, place) };
};

/** As evaluations know it. */
export async function digestOf(file: string, place: OpenOptions): Promise<string> {
  await using data: Data = await openData({ files: [file], types: {} }, place);
  return data.digest;
}

/** Some rows of a column. */
export function pick(column: Values, rows: ArrayLike<number>): Values {
  const at = (place: number): number => rows[place] ?? 0;
  const missing = column.missing && Uint8Array.from(rows, (row) => column.missing?.[row] ?? 0);
  switch (column.type) {
    case 'float': return { type: 'float', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), missing };
    case 'int': return { type: 'int', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), ...(column.big && { big: BigInt64Array.from({ length: rows.length }, (_, place) => column.big?.[at(place)] ?? 0n) }), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(rows, (row) => column.values[row] ?? 0), missing };
    default: return { type: column.type, values: Array.from(rows, (row) => column.values[row] ?? ''), missing };
  }
}
