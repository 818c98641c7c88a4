/** Which files a data set is made of, what they are, and the digest of what they hold. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { RunyardError, systemCode } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { text } from './duckdb';
import type { Session } from './duckdb';
import { windowKey } from './window';

export type Format = NonNullable<DataSpec['format']>;
export interface FoundFiles { files: string[]; format: Format; bytes: number; /** newest, ms since the epoch */ changed: number }

const ENDINGS: Record<string, Format> = {
  csv: 'csv', tsv: 'tsv', tab: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl', json: 'jsonl', parquet: 'parquet', pq: 'parquet', pqt: 'parquet',
  duckdb: 'duckdb', ddb: 'duckdb', sqlite: 'sqlite', sqlite3: 'sqlite', db3: 'sqlite', txt: 'csv',
};

/** The files, each once, sorted by path; globs are made out by DuckDB. Throws not_found where there is none, bad_input where they aren't of one kind. */
export async function findFiles(session: Session, spec: DataSpec, workspace: string): Promise<FoundFiles> {
  const found = new Set<string>();
  for (const one of spec.files) for (const file of await expand(session, one, workspace)) found.add(file);
  const files = [...found].sort();
  let [bytes, changed] = [0, 0];
  const formats = new Map<Format, string>();
  for (const file of files) {
    const facts = await stat(file);
    bytes += facts.size;
    changed = Math.max(changed, facts.mtimeMs);
    const format = spec.format ?? (await formatOf(file));
    if (!formats.has(format)) formats.set(format, file);
  }
  const [first, second] = [...formats];
  if (first && second) throw new RunyardError('bad_input', `${first[1]} is ${first[0]} and ${second[1]} is ${second[0]}: a data set has files of one format`, 'name files of one format');
  const format = first?.[0] ?? 'csv';
  if (files.length > 1 && (format === 'duckdb' || format === 'sqlite')) throw new RunyardError('bad_input', `${files.length} databases are named: a data set is one table of one file`, 'name one file');
  return { files, format, bytes, changed: Math.round(changed) };
}

async function expand(session: Session, one: string, workspace: string): Promise<string[]> {
  const wanted = path.resolve(workspace, one);
  if (await isFile(wanted)) return [wanted];
  if (!/[*?[]/.test(one)) throw new RunyardError('not_found', `there is no file ${wanted}`, `look at its path; relative ones count from ${workspace}`);
  const matched = (await session.rows(`SELECT file FROM glob(${text(wanted)})`)).map(({ file }) => path.resolve(String(file)));
  const files: string[] = [];
  for (const file of matched) if (await isFile(file)) files.push(file);
  if (files.length === 0) throw new RunyardError('not_found', `no file matches ${wanted}`, 'look at the pattern; ** stands for any number of folders');
  return files;
}

async function isFile(file: string): Promise<boolean> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) throw new RunyardError('bad_input', `${file} is a folder`, `name its files, such as ${path.join(file, '*.parquet')}`);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** By the ending (one of compression aside), else by how the file begins. */
async function formatOf(file: string): Promise<Format> {
  const ending = path.extname(file.replace(/\.(gz|zst)$/i, '')).slice(1).toLowerCase();
  const known = ENDINGS[ending];
  if (known) return known;
  const head = await readHead(file, 16);
  if (head.subarray(0, 15).toString('latin1') === 'SQLite format 3') return 'sqlite';
  if (head.subarray(8, 12).toString('latin1') === 'DUCK') return 'duckdb';
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  throw new RunyardError('bad_input', `${file}: nothing tells its format`, 'give format: csv, tsv, jsonl, parquet, duckdb or sqlite');
}

/** The first `bytes` bytes, or as many as there are. */
export async function readHead(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** SHA-256 over the bytes of the files in their order and over how they are read; names don't count, so a copy elsewhere is the same data. */
export async function digestOf(spec: DataSpec, { files, format }: FoundFiles, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const part = Buffer.alloc(1 << 20);
  for (const file of [...files, ...(await journals(files, format))]) {
    await using handle = await open(file, 'r');
    let size = 0;
    for (;;) {
      const { bytesRead } = await handle.read(part, 0, part.length);
      refuseStopped(signal);
      if (bytesRead === 0) break;
      hash.update(part.subarray(0, bytesRead));
      size += bytesRead;
    }
    hash.update(`\u0000${size}\u0000`);
  }
  return hash.update(JSON.stringify([format, spec.table ?? null, Object.entries(spec.types).sort(([a], [b]) => (a < b ? -1 : 1)), ...partOf(spec)])).digest('hex');
}

/** Nothing where all rows are asked for: their digest is older than windows. */
const partOf = ({ where, window }: DataSpec): unknown[] => (where === undefined && window === undefined ? [] : [where ?? null, window ? windowKey(window) : null]);

/** What a database wrote beside its file and belongs to it. */
async function journals(files: readonly string[], format: Format): Promise<string[]> {
  if (format !== 'sqlite' && format !== 'duckdb') return [];
  const beside = files.map((file) => `${file}${format === 'sqlite' ? '-wal' : '.wal'}`);
  const there: string[] = [];
  for (const file of beside) if (await isFile(file)) there.push(file);
  return there;
}

/** A path as DuckDB's readers take it: they would see a pattern in it. */
export const asPattern = (file: string): string => file.replace(/[[*?]/g, (sign) => `[${sign}]`);
