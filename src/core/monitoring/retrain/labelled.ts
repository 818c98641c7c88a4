/** The labelled rows of a log in order of time, as retraining and its back-test take them. For the evaluator's process. */
import { RunyardError } from '../../base/errors';
import type { LogPlace, LogWindow } from '../../domain/log-place';
import { writeColumns } from '../../evaluation/data/columnar';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { OpenOptions, Values } from '../../evaluation/data/types';
import { inputColumns, labelsOf } from '../feedback/log-inputs';
import { labelColumn } from '../feedback/label-column';
import { momentAt } from '../feedback/log-rows';
import { openLabels } from '../feedback/labels';
import { pick } from '../log/pick';
import { resolveLog } from '../log/open';
import { columnsIn } from '../log/place';

/** Oldest first. `times`: ms since the epoch; `labels`: one a row, as text; `inputs`: what the model was asked, by column. */
export interface Labelled { times: Float64Array; labels: string[]; inputs: ReadonlyMap<string, Values>; /** rows of the window without a label */ unlabelled: number }

const NONE: Labelled = { times: new Float64Array(), labels: [], inputs: new Map(), unlabelled: 0 };

/** Rows without a moment are left out; those of one moment stay in the order of the log. Throws bad_input where the log has an input of the label's name; what reading throws. */
export async function readLabelled({ log, window, label }: { log: LogPlace; window: LogWindow; label: string }, place: OpenOptions): Promise<Labelled> {
  const { workspace, temp, signal } = place;
  const found = await resolveLog(log, window, { workspace, temp, signal });
  if (!found) return NONE;
  await using data = await openData(found.data, place).catch((error: unknown) => {
    if (hasNoRows(error)) return null;
    throw error;
  });
  if (!data) return NONE;
  const columns = columnsIn(log, data.columns.map(({ name }) => name));
  const names = inputColumns(log, columns, data);
  if (names.includes(label)) throw new RunyardError('bad_input', `the log has an input called ${label}, which is the label's name`, 'give the label another name');
  const labels = await labelsOf(data, columns, await openLabels(log.labels, place), signal);
  const stored = await data.column(columns.time, signal);
  const moments = Float64Array.from(labels, (_, row) => momentAt(stored, row) ?? NaN);
  const kept = Uint32Array.from(Array.from(labels.keys()).filter((row) => labels[row] != null && !Number.isNaN(moments[row]))).sort((a, b) => (moments[a] ?? 0) - (moments[b] ?? 0) || a - b);
  const inputs = new Map<string, Values>();
  for (const name of names) inputs.set(name, pick(await data.column(name, signal), kept));
  return { times: Float64Array.from(kept, (row) => moments[row] ?? 0), labels: Array.from(kept, (row) => labels[row] ?? ''), inputs, unlabelled: labels.length - kept.length };
}

/** The first row at or after a moment. */
export function firstAt(times: Float64Array, moment: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows `from` to `to` (exclusive) as a Parquet file: the inputs, and the label under its name. */
export async function writeLabelled(file: string, { inputs, labels }: Labelled, { from, to, label }: { from: number; to: number; label: string }): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, at) => from + at);
  const columns = Object.fromEntries([...inputs].map(([name, values]) => [name, pick(values, rows)]));
  // Of all rows, so that the label has one type in every file.
  await writeColumns(file, { ...columns, [label]: pick(labelColumn(labels), rows) });
}
