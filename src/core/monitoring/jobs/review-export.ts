/** Reviewed rows as an evaluation set's next version. */
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { writeColumns } from '../../evaluation/data/columnar';
import { createDatabase, name, text } from '../../evaluation/data/duckdb';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';
import type { JobTable } from '../../evaluation/process/jobs';
import { labelColumn } from '../feedback/label-column';
import { rowKey, textAt } from '../feedback/keys';
import { openLabels } from '../feedback/labels';
import { inputColumns, rowNames } from '../feedback/log-inputs';
import { openLogRows } from '../feedback/log-rows';
import { joined, labelName, labelsLike, NAMES, timeColumns } from '../review/export-columns';
import { settle, type Settled } from '../review/settle';
import { digestOf, pick } from '../log/pick';

/**
 * The rows of the version before (where one is named), and behind them those that were reviewed since, in its columns and with the label as it writes it; `ry_request` and `ry_row` say which rows of the log
 * they are, so that none comes twice. The file is there whole or not at all, and may be the one before itself. Throws refused where no reviewed row can be added and there is nothing before, bad_input
 * where the label's column can't be told.
 */
export const reviewExport: JobTable['reviewExport'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory, log, previous, disagreement, sources } = params;
  const place: OpenOptions = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  const file = path.resolve(workspace, params.file);
  if (!/\.parquet$/i.test(file)) throw new RunyardError('bad_input', `${params.file} is no Parquet file's name`, 'give a name that ends in .parquet');
  progress('reading the log', 0, 0);
  await using rows = await openLogRows(log, { from: null, to: null }, place);
  const { rows: settled, leftOut } = settle(await openLabels(log.labels, place), { disagreement, sources });
  await using before = previous === undefined ? null : await openData({ files: [previous], types: {} }, place);
  const inputs = rows ? inputColumns(log, rows.columns, rows.data) : [];
  const kept = before ? await namesIn(before, signal) : new Map<string, number>();
  const fresh = settled.filter(({ request, row }) => !kept.has(rowKey(request, row)));
  const found = rows ? await places(rows.data, rows.columns, { wanted: fresh, signal }) : [];
  leftOut.unknown += fresh.length - found.length;
  if (found.length === 0 && !before) throw new RunyardError('refused', 'no reviewed row has an answer: there is nothing to write', leftOut.unsure + leftOut.unknown + leftOut.disagreement > 0 ? 'say what is right of those that are wrong, or take the majority where reviewers differ' : 'review some rows first');
  const label = labelName(before?.columns.map((column) => column.name) ?? null, inputs, params.label);
  progress('writing rows', 0, 0);
  const at = found.map((one) => one.at);
  const input = async (column: string): Promise<Values | null> => (rows && inputs.includes(column) ? pick(await rows.data.column(column, signal), at) : null);
  const written: Record<string, Values> = {};
  const labels = found.map((one) => one.settled.label);
  for (const column of before ? before.columns.map((one) => one.name) : [...inputs, label]) {
    if (Object.values<string>(NAMES).includes(column)) continue;
    const old = before && await before.column(column, signal);
    const added = column === label ? (old ? labelsLike(old, labels) : labelColumn(labels)) : await input(column);
    written[column] = old ? joined(old, added, at.length) : added ?? labelColumn(labels.map(() => null));
  }
  const names = await namesColumns(before, found.map((one) => one.settled), signal);
  await write(file, { ...written, ...names }, { place, before, log: rows?.data ?? null });
  const lost = before ? inputs.filter((column) => !before.columns.some((one) => one.name === column)) : [];
  const unfilled = before ? before.columns.map((one) => one.name).filter((column) => column !== label && !inputs.includes(column) && !Object.values<string>(NAMES).includes(column)) : [];
  const again = settled.length - fresh.length;
  return {
    file, rows: (before?.rows ?? 0) + found.length, previous: before?.rows ?? 0, added: found.length, leftOut, digest: await digestOf(file, place), sources: countOf(found.map((one) => one.settled.source ?? 'by itself')),
    notes: [
      ...(lost.length > 0 ? [`columns of the log that the version before doesn't have were left out: ${lost.join(', ')}`] : []),
      ...(unfilled.length > 0 && found.length > 0 ? [`the log has no ${unfilled.join(', ')}: missing in the rows that were added`] : []),
      ...(again > 0 ? [`${again} reviewed ${again === 1 ? 'row is' : 'rows are'} in the version before already`] : []),
    ],
  };
};

/** By key, the place of each row of a version that came from reviews. */
async function namesIn(data: Data, signal: AbortSignal): Promise<Map<string, number>> {
  if (!data.columns.some((column) => column.name === NAMES.request)) return new Map();
  const requests = await data.column(NAMES.request, signal);
  const rows = data.columns.some((column) => column.name === NAMES.row) ? await data.column(NAMES.row, signal) : null;
  const found = new Map<string, number>();
  for (let at = 0; at < data.rows; at++) {
    const request = textAt(requests, at);
    if (request !== null) found.set(rowKey(request, rows && !rows.missing?.[at] ? Number(rows.values[at]) : 0), at);
  }
  return found;
}

async function places(data: Data, columns: Parameters<typeof rowNames>[1], { wanted, signal }: { wanted: readonly Settled[]; signal: AbortSignal }): Promise<{ at: number; settled: Settled }[]> {
  const { requests, rows } = await rowNames(data, columns, signal);
  const byKey = new Map(requests.map((request, at) => [request === null ? '' : rowKey(request, rows[at] ?? 0), at]));
  return wanted.flatMap((settled) => {
    const at = byKey.get(rowKey(settled.request, settled.row));
    return at === undefined ? [] : [{ at, settled }];
  });
}

async function namesColumns(before: Data | null, added: readonly Settled[], signal: AbortSignal): Promise<Record<string, Values>> {
  const requests: Values = { type: 'string', values: added.map(({ request }) => request), missing: null };
  const rows: Values = { type: 'int', values: Float64Array.from(added, ({ row }) => row), missing: null };
  if (!before) return { [NAMES.request]: requests, [NAMES.row]: rows };
  const old = async (column: string, type: 'string' | 'int'): Promise<Values> => {
    if (before.columns.some((one) => one.name === column)) return before.column(column, signal);
    const missing = new Uint8Array(before.rows).fill(1);
    return type === 'int' ? { type, values: new Float64Array(before.rows).fill(NaN), missing } : { type, values: new Array<string>(before.rows).fill(''), missing };
  };
  return { [NAMES.request]: joined(await old(NAMES.request, 'string'), requests, added.length), [NAMES.row]: joined(await old(NAMES.row, 'int'), rows, added.length) };
}

interface Writing { place: OpenOptions; before: Data | null; log: Data | null }

/** Days and moments keep their types. */
async function write(file: string, columns: Record<string, Values>, { place, before, log }: Writing): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const times = timeColumns((before ?? log)?.columns ?? [], columns);
  const beside = `${file}.part`;
  try {
    await writeColumns(beside, columns);
    if (times.length > 0) await retyped(beside, times, place);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function retyped(file: string, times: ReturnType<typeof timeColumns>, { temp }: OpenOptions): Promise<void> {
  const again = `${file}2`;
  const database = await createDatabase({ temp });
  try {
    await database.use((session) => session.run(`COPY (SELECT * REPLACE (${times.map((one) => `CAST(${name(one.name)} AS ${one.sql}) AS ${name(one.name)}`).join(', ')}) FROM read_parquet(${text(file)})) TO ${text(again)} (FORMAT parquet, COMPRESSION zstd)`));
    await rename(again, file);
  } finally {
    database.close();
    await rm(again, { force: true });
  }
}

function countOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
