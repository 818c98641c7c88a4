/** A window of a log as a data set that evaluation can open. */
import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createDatabase, name, text } from '../../evaluation/data/duckdb';
import type { Session } from '../../evaluation/data/duckdb';
import type { LogColumns, LogPlace, LogWindow } from '../../domain/log-place';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { describe, gather, unionOf, type Gathered, type LogOptions, type Unreadable } from './gather';
import { momentOf, withinWindow } from './moment';
import { columnsIn } from './place';

/** `columns`: what of the log's columns the files have, of a serving log with its probabilities; `names`: all columns of the data. `files`: where the rows come from, as a person knows them. */
export interface ResolvedLog { data: DataSpec; unreadable: Unreadable[]; columns: LogColumns; names: string[]; files: string[] }

const ROLES = ['live', 'canary'] as const;
/** With more files it is faster to read them all into one first. */
const MOST_FILES = 200;

/**
 * Rows of a window, with `data.window` and `data.where` set; what roles it may have is told by the window (live and canary unless said). Files that can't be read are
 * left out and named. Where the files differ in their columns, they are put into one under `temp`, with all of them. Null where there is no file that can be read:
 * a window may also be empty, with files.
 */
export async function resolveLog(log: LogPlace, window: LogWindow, options: LogOptions): Promise<ResolvedLog | null> {
  const database = await createDatabase({ temp: options.temp });
  try {
    return await database.use(async (session) => {
      await session.run("SET GLOBAL TimeZone = 'UTC'");
      const found = await gather(session, log, window, options);
      if (found === null || found.parquet.length + found.other.length === 0) return null;
      return found.other.length > 0 ? asItIs(log as LogPlace & { kind: 'files' }, window, found) : await fromParquet(session, { log, window, found }, options);
    }, options.signal);
  } finally {
    database.close();
  }
}

function asItIs(log: LogPlace & { kind: 'files' }, window: LogWindow, { other, unreadable }: Gathered): ResolvedLog {
  return { data: windowed(log.data, log.columns, window), unreadable, columns: log.columns, names: [], files: other };
}

async function fromParquet(session: Session, { log, window, found }: { log: LogPlace; window: LogWindow; found: Gathered }, { temp }: LogOptions): Promise<ResolvedLog> {
  const files = found.parquet.map(({ file }) => file);
  const described = await describe(session, unionOf(files));
  const names = [...described.keys()];
  const columns = columnsIn(log, names);
  const known = log.kind === 'files' ? log.data : { files: [], types: {} };
  const alike = new Set(found.parquet.map(({ schema }) => schema)).size === 1;
  const read = !alike || files.length > MOST_FILES ? [await together(session, files, { temp, where: withinWindow(momentOf(columns.time, described.get(columns.time) ?? ''), window) })]
    : log.kind === 'serving' ? await linked(files, temp) : files;
  return { data: windowed({ ...known, files: read, format: 'parquet' }, columns, window), unreadable: found.unreadable, columns, names, files };
}

async function together(session: Session, files: readonly string[], { temp, where }: { temp: string; where: string }): Promise<string> {
  const file = path.join(temp, `log-${randomBytes(6).toString('hex')}.parquet`);
  await session.run(`COPY (SELECT * FROM ${unionOf(files)} WHERE ${where}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd)`);
  return file;
}

/** Under other names, so that `date=...` isn't read as a column; and so that they stay while they are read, whoever removes old ones meanwhile. */
async function linked(files: readonly string[], temp: string): Promise<string[]> {
  const folder = path.join(temp, `log-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  return Promise.all(files.map(async (file, at) => {
    const other = path.join(folder, `${String(at).padStart(5, '0')}.parquet`);
    // a hard link where the file system has them
    await link(file, other).catch(() => copyFile(file, other));
    return other;
  }));
}

function windowed(data: DataSpec, columns: LogColumns, window: LogWindow): DataSpec {
  const { from, to, weekdays, hours, version, roles = ROLES } = window;
  const conditions = [
    ...(data.where === undefined ? [] : [`(${data.where})`]),
    ...(columns.role === null ? [] : [`coalesce(${name(columns.role)}, 'live') IN (${roles.map(text).join(', ')})`]),
    ...(version === undefined || columns.version === null ? [] : [`${name(columns.version)} = ${version}`]),
  ];
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    ...data, ...(conditions.length > 0 && { where: conditions.join(' AND ') }),
    window: { column: columns.time, ...(from !== null && { from: iso(from) }), ...(to !== null && { to: iso(to) }), ...(weekdays && { weekdays }), ...(hours && { hours }) },
  };
}
