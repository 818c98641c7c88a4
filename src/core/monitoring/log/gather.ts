/** The Parquet files in which a window of a log lies: those that can be read, and why others can't. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describeError, systemCode } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { texts } from '../../evaluation/data/duckdb';
import type { Session } from '../../evaluation/data/duckdb';
import { asPattern, findFiles } from '../../evaluation/data/files';
import { openData } from '../../evaluation/data/open';
import { writeColumns } from '../../evaluation/data/columnar';
import type { Values } from '../../evaluation/data/types';
import type { LogPlace, LogWindow } from '../../domain/log-place';
import { RunyardError } from '../../base/errors';
import { dayWithin, servingFiles } from './files';
import { journalToParquet, readHeader } from './journal';

export interface LogOptions { workspace: string; /** a folder for what is made; removed by the caller */ temp: string; signal?: AbortSignal | undefined }
export interface Unreadable { file: string; why: string }
/** `parquet`: with what each file's columns are, in one text; `other`: files of another format, which are read as they are. */
export interface Gathered { parquet: { file: string; schema: string }[]; other: string[]; unreadable: Unreadable[] }

/** Null where there is no file at all. `later`: files of later days too. */
export async function gather(session: Session, log: LogPlace, window: LogWindow, options: LogOptions & { later?: boolean }): Promise<Gathered | null> {
  if (log.kind === 'files') return gatherFiles(session, log, options);
  const reach = options.later ? { ...window, to: null } : window;
  const { files, unreadable } = await servingParquet(session, log.folder, { ...options, wanted: (day) => dayWithin(day, reach) });
  if (files.length + unreadable.length === 0) return null;
  const read = await readable(session, files, log.columns.time);
  return { parquet: read.parquet, other: [], unreadable: [...unreadable, ...read.unreadable] };
}

async function gatherFiles(session: Session, { data, columns }: LogPlace & { kind: 'files' }, { workspace }: LogOptions): Promise<Gathered | null> {
  try {
    const { files, format } = await findFiles(session, data, workspace);
    if (format !== 'parquet') return { parquet: [], other: files, unreadable: [] };
    return { ...await readable(session, files, columns.time), other: [] };
  } catch (error) {
    if (error instanceof RunyardError && error.code === 'not_found') return null;
    throw error;
  }
}

interface Serving extends LogOptions { wanted(day: string): boolean }

/** Journals become Parquet under `temp`; where one is settled while it is looked at, all is looked at again. */
async function servingParquet(session: Session, folder: string, { temp, signal, wanted }: Serving): Promise<{ files: string[]; unreadable: Unreadable[] }> {
  for (let attempt = 0; ; attempt++) {
    refuseStopped(signal);
    const { journals, parquet } = await servingFiles(folder, wanted);
    const files = parquet.map(({ file }) => file);
    const unreadable: Unreadable[] = [];
    try {
      for (const journal of journals) {
        const made = await fromJournal(session, journal, { temp, wanted }).catch((error: unknown) => {
          if (systemCode(error) === 'ENOENT') throw error;
          unreadable.push({ file: journal, why: oneLine(error) });
          return null;
        });
        if (made !== null) files.push(made);
      }
      return { files, unreadable };
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || attempt >= 10) throw error;
    }
  }
}

async function fromJournal(session: Session, journal: string, { temp, wanted }: Pick<Serving, 'temp' | 'wanted'>): Promise<string | null> {
  const header = await readHeader(journal);
  if (header === null || !wanted(header.day)) return null;
  const folder = path.join(temp, `journal-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${header.id}.parquet`);
  return await journalToParquet(session, { file: journal, header }, { file, copy: path.join(folder, 'rows.jsonl') }) > 0 ? file : null;
}

/** All footers at once; only where one of them can't be read, each by itself. */
async function readable(session: Session, files: readonly string[], time: string): Promise<Pick<Gathered, 'parquet' | 'unreadable'>> {
  const found: Gathered['parquet'] = [];
  const unreadable: Unreadable[] = [];
  const take = (schemas: ReadonlyMap<string, string[]>): void => {
    for (const [file, columns] of schemas) {
      if (columns.some((column) => column.startsWith(`${time}\u0000`))) found.push({ file, schema: columns.join('\u0001') });
      else unreadable.push({ file, why: `it has no column ${time}` });
    }
  };
  try {
    take(await schemasOf(session, files));
  } catch {
    for (const file of files) {
      try {
        take(await schemasOf(session, [file]));
      } catch (error) {
        unreadable.push({ file, why: oneLine(error) });
      }
    }
  }
  return { parquet: found, unreadable };
}

/** By file: its columns, each with its type. */
async function schemasOf(session: Session, files: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (files.length === 0) return found;
  const byPattern = new Map(files.map((file) => [asPattern(file), file]));
  for (const row of await session.rows(`SELECT file_name, name, type, converted_type, logical_type, num_children FROM parquet_schema(${texts([...byPattern.keys()])})`)) {
    const file = String(row['file_name']);
    const columns = found.get(file) ?? [];
    found.set(file, columns);
    if (row['num_children'] !== null && columns.length === 0 && row['type'] === null) continue;
    columns.push([row['name'], row['type'], row['converted_type'], row['logical_type']].map(String).join('\u0000'));
  }
  return found;
}

const oneLine = (error: unknown): string => (describeError(error).split('\n')[0] ?? '').replace(/^(IO|Invalid Input|Binder) Error: /, '');

/** Files of another format as one Parquet file with these columns only; null where there are no rows. */
export async function asParquet(log: LogPlace & { kind: 'files' }, columns: readonly string[], options: LogOptions): Promise<string | null> {
  const { workspace, temp, signal } = options;
  await using data = await openData(log.data, { workspace, temp, signal });
  const values: Record<string, Values> = {};
  for (const column of columns) if (data.columns.some(({ name }) => name === column)) values[column] = await data.column(column, signal);
  const file = path.join(temp, `log-${randomBytes(6).toString('hex')}.parquet`);
  await writeColumns(file, values);
  return file;
}

/** What stands after FROM for files that may differ in their columns. */
export const unionOf = (files: readonly string[]): string => `read_parquet(${texts(files.map(asPattern))}, union_by_name = true, hive_partitioning = false)`;
/** Names with DuckDB's types. */
export async function describe(session: Session, source: string): Promise<Map<string, string>> {
  return new Map((await session.rows(`DESCRIBE SELECT * FROM ${source}`)).map((row) => [String(row['column_name']), String(row['column_type'])]));
}
