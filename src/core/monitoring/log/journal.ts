/**
 * The journal of a serving log: `open/<id>.jsonl`, to which a running server appends. Its first line says whose it is and what types its columns have; each other
 * line is a row as JSON. A line without its end was never answered and doesn't count. A journal holds rows of one UTC day, so that it becomes one Parquet file,
 * `date=<day>/<id>-<day>.parquet`: where that is there, the journal is done.
 */
import { copyFile, open, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { RunyardError } from '../../base/errors';
import { name, text } from '../../evaluation/data/duckdb';
import type { Session } from '../../evaluation/data/duckdb';
import { asPattern } from '../../evaluation/data/files';

/** `time`: whole milliseconds since the epoch in the journal, TIMESTAMP in Parquet. */
export const JOURNAL_TYPES = { float: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', string: 'VARCHAR', time: 'BIGINT' } as const;
export type JournalType = keyof typeof JOURNAL_TYPES;
export const journalHeader = z.object({
  runyard: z.literal('serving-journal'), format: z.literal(1), id: z.string().min(1), day: z.iso.date(),
  /** the process that writes it, with when it began, as the operating system counts; and the machine */
  pid: z.number().int(), startTime: z.string().nullable(), host: z.string(),
  columns: z.array(z.tuple([z.string(), z.enum(Object.keys(JOURNAL_TYPES) as [JournalType, ...JournalType[]])])).min(1),
});
export type JournalHeader = z.output<typeof journalHeader>;

export const journalFile = (folder: string, id: string): string => path.join(folder, 'open', `${id}.jsonl`);
export const settledFile = (folder: string, { id, day }: Pick<JournalHeader, 'id' | 'day'>): string => path.join(folder, `date=${day}`, `${id}-${day}.parquet`);

const HEAD = 1 << 20;

/** Null where the first line isn't whole, so that nothing was answered. Throws bad_input where it is no journal's. */
export async function readHeader(file: string): Promise<JournalHeader | null> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    if (end < 0) return null;
    return journalHeader.parse(JSON.parse(buffer.subarray(0, end).toString('utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) throw new RunyardError('bad_input', `${file} doesn't begin as a journal of a serving log`, 'move it out of the folder open/', { cause: error });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Writes a journal's rows to a Parquet file (zstd), in their order; `copy`: where its whole lines are put for it, as somebody may still write to it. Gives the number of rows. */
export async function journalToParquet(session: Session, from: { file: string; header: JournalHeader }, to: { file: string; copy: string }): Promise<number> {
  const { header } = from;
  await copyFile(from.file, to.copy);
  await truncate(to.copy, await wholeLines(to.copy));
  const { size } = await stat(to.copy);
  const types = header.columns.map(([column, type]) => `${text(column)}: ${text(JOURNAL_TYPES[type])}`).join(', ');
  const shown = header.columns.map(([column, type]) => (type === 'time' ? `make_timestamp(${name(column)} * 1000) AS ${name(column)}` : name(column))).join(', ');
  const biggest = Math.min(2 ** 28, Math.max(2 ** 21, size));
  const source = `read_json(${text(asPattern(to.copy))}, format = 'newline_delimited', compression = 'uncompressed', maximum_object_size = ${biggest}, columns = {${types}})`;
  // the first line has none of the columns
  await session.run(`COPY (SELECT ${shown} FROM ${source} WHERE ry_row IS NOT NULL) TO ${text(to.file)} (FORMAT parquet, COMPRESSION zstd)`);
  const [counted] = await session.rows(`SELECT num_rows AS n FROM parquet_file_metadata(${text(asPattern(to.file))})`);
  return Number(counted?.['n'] ?? 0);
}

/** Bytes up to the last line's end. */
async function wholeLines(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    let { size: end } = await handle.stat();
    const part = Buffer.alloc(1 << 16);
    while (end > 0) {
      const from = Math.max(0, end - part.length);
      const { bytesRead } = await handle.read(part, 0, end - from, from);
      const at = part.subarray(0, bytesRead).lastIndexOf(10);
      if (at >= 0) return from + at + 1;
      end = from;
    }
    return 0;
  } finally {
    await handle.close();
  }
}
