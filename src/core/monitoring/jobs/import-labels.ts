/** Labels from a file into a log's folder of labels. */
import { RunyardError } from '../../base/errors';
import type { JobTable } from '../../evaluation/process/jobs';
import { importColumns } from '../feedback/import-columns';
import { matchRows, type Matched } from '../feedback/import-match';
import { numericColumns, openLabelFile, readLabelRows, shown, tell, type LabelRows } from '../feedback/import-rows';
import { writeLabels, type Label } from '../feedback/label-files';
import { openLabels, type Labels } from '../feedback/labels';
import { labelReader, openLogRows, type LogRows } from '../feedback/log-rows';

/**
 * Each row of the file is joined to the log's, or told: without a label or with one that can't be (invalid), said again further down (duplicate: the last
 * counts), dated later than now (future), of a row that no log has (unknown). `joined` counts rows of the file, those whose label is already known among them (`same`, `changed`).
 * Only what is new is written, in a file of its own, whole or not at all: what was there before is never touched. Throws bad_input, not_found for columns that aren't there, refused.
 */
export const importLabels: JobTable['importLabels'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory, log, file, now, by, dryRun } = params;
  if (log.labels === null) throw new RunyardError('refused', 'this log has no place for labels', 'name the model that it is of: model: NAME@ENVIRONMENT');
  const place = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  progress('reading the log', 0, 0);
  await using rows = await openLogRows(log, { from: null, to: null }, place);
  const logNames = rows?.data.columns.map(({ name }) => name) ?? [...log.columns.keys, ...Object.values(params.keys ?? {})];
  progress('reading labels', 0, 0);
  const { data, columns } = await openLabelFile(file, place, (names) => importColumns(file, names, { columns: rows?.columns ?? log.columns, names: logNames }, params));
  await using labelFile = data;
  const read = await readLabelRows(labelFile, columns, { now, numbers: numericColumns(columns.pairs, rows?.data.columns ?? []), signal });
  progress('joining', 0, 0);
  const matched = await matchRows(read.wanted, rows, columns, signal);
  const known = await openLabels(log.labels, place);
  const taken = judge(matched, { rows, known, read });
  if (!dryRun && taken.fresh.length > 0) await writeLabels(log.labels, taken.fresh, { t: now, by });
  return {
    file, rows: read.rows, joined: taken.joined, changed: taken.changed, same: taken.same, duplicates: read.duplicates, invalid: read.invalid, future: read.future,
    unknown: { count: matched.unknown.count + read.nameless.count, first: [...matched.unknown.first, ...read.nameless.first].slice(0, 5) },
    label: columns.label, keys: columns.pairs.map((one) => (one.file === one.log ? one.file : `${one.file}=${one.log}`)), dryRun, notes: notesOf(matched, { rows, read, known }),
  };
};

interface Around { rows: LogRows | null; known: Labels; read: LabelRows }

/** Which labels are new, and how many were known. A file's row whose label can't be is told as invalid. */
function judge({ pairs }: Matched, { rows, known, read }: Around): { joined: number; changed: number; same: number; fresh: Label[] } {
  const reads = rows ? labelReader(rows) : () => null;
  const done = { joined: 0, changed: 0, same: 0, fresh: [] as Label[] };
  for (const { wanted, facts } of pairs) {
    const label = reads(wanted.label);
    if (label === null) {
      tell(read.invalid, `${shown(wanted.key, wanted.row)}: "${wanted.label}" is ${rows?.regression ? 'no number' : `none of the classes ${rows?.classes.slice(0, 8).join(', ') ?? ''}`}`);
      continue;
    }
    const before = facts.map(({ request, row }) => known.imported(request, row)?.label ?? null);
    done.joined++;
    if (before.every((one) => one === label)) done.same++;
    else if (before.some((one) => one !== null && one !== label)) done.changed++;
    for (const [at, { request, row, prediction, version, time }] of facts.entries()) if (before[at] !== label) done.fresh.push({ request, row, label, prediction, version, time, right: rows?.regression || prediction === null ? null : reads(prediction) === label });
  }
  return done;
}

function notesOf({ ambiguous, several }: Matched, { rows, read, known }: Around): string[] {
  const notes = known.unreadable.map(({ file, why }) => `labels that were imported before can't be read: ${file}: ${why}`);
  if (rows === null) notes.push('there is no log yet: nothing can be joined');
  for (const { file, why } of rows?.unreadable ?? []) notes.push(`left out of the log: ${file}: ${why}`);
  if (ambiguous > 0) notes.push(`${ambiguous} of the unknown ${ambiguous === 1 ? 'is of a request' : 'are of requests'} with several rows: say which (--row COLUMN)`);
  if (several > 0) notes.push(`${several} ${several === 1 ? 'label is' : 'labels are'} for more than one row of the log: each of them got it`);
  if (read.duplicates.count > 0) notes.push('of rows that the file has twice the last one counts');
  if (read.future > 0) notes.push('labels that are dated later than now were not taken: is the clock right?');
  return notes;
}
