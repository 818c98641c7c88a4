/** Opens data sets: finds the files, gives their columns types, and closes the database around them to everything else. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import path from 'node:path';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { RunyardError } from '../../base/errors';
import { bind } from './bind';
import type { Bound } from './bind';
import { csvRelation } from './csv';
import { createDatabase, DuckdbError, texts } from './duckdb';
import type { Database, Session } from './duckdb';
import { asPattern, digestOf, findFiles } from './files';
import type { FoundFiles } from './files';
import { jsonlRelation } from './jsonl';
import { narrow } from './narrow';
import { opened } from './opened';
import { parquetRelation } from './parquet';
import type { Relation } from './relation';
import { duckdbRelation, sqliteRelation } from './tables';
import type { Data, OpenOptions } from './types';

/**
 * Rows come in the order of the files, which are sorted by path, and of the rows in them. Texts (CSV, TSV, JSONL) and tables are read once into a
 * database of ours under `temp`, which goes when the data are closed; Parquet stays where it is. With a window or predicate there are only its rows. Throws not_found
 * for a missing file, bad_input naming file, line or row, column and cell for what can't be read, or an empty window (its cause is NoRows); cancelled.
 */
export async function openData(spec: DataSpec, options: OpenOptions): Promise<Data> {
  const folder = path.join(options.temp, `data-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  let database: Database | null = null;
  const close = async (): Promise<void> => {
    database?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    database = await createDatabase({ file: path.join(folder, `${path.basename(folder)}.duckdb`), memory: options.memory ?? usualMemory(), temp: folder });
    const { found, bound } = await database.use((session) => load(session, spec, options), options.signal);
    const digest = await digestOf(spec, found, options.signal);
    return opened({ spec, found, bound, digest, database, close });
  } catch (error) {
    await close();
    throw error instanceof DuckdbError ? new RunyardError('bad_input', `${spec.files.join(', ')}: ${error.message.split('\n')[0] ?? ''}`, 'see whether the files are whole', { cause: error }) : error;
  }
}

/** A quarter of the machine's, 512 MB to 4 GB: an editor runs beside it. */
const usualMemory = (): number => Math.min(4 * 2 ** 30, Math.max(2 ** 29, Math.floor(totalmem() / 4)));

async function load(session: Session, spec: DataSpec, options: OpenOptions): Promise<{ found: FoundFiles; bound: Bound }> {
  await session.run("SET GLOBAL TimeZone = 'UTC'");
  const found = await findFiles(session, spec, options.workspace);
  const relation = await relationOf(session, spec, { found, options });
  await lock(session, found.files);
  try {
    const bound = await narrow(session, { relation, bound: await bind(session, relation, spec.types) }, spec);
    await relation.done?.(session);
    return { found, bound };
  } catch (error) {
    throw (error instanceof DuckdbError ? relation.explain(error.message) : null) ?? error;
  }
}

async function relationOf(session: Session, { table, union }: DataSpec, { found: { files, format }, options: { memory, signal } }: { found: FoundFiles; options: OpenOptions }): Promise<Relation> {
  const [first = ''] = files;
  if (table !== undefined && format !== 'duckdb' && format !== 'sqlite') throw new RunyardError('bad_input', `a table is named (${table}), and ${first} is ${format}`, 'leave table out, or name a DuckDB or SQLite file');
  switch (format) {
    case 'csv': case 'tsv': return await csvRelation(session, files, { format, memory });
    case 'parquet': return await parquetRelation(session, files, union);
    case 'jsonl': return await jsonlRelation(session, files, memory);
    case 'duckdb': return await duckdbRelation(session, first, table);
    case 'sqlite': return await sqliteRelation(session, first, { table, signal });
  }
}

/** From here on nothing but these files can be read, whatever a predicate says, and nobody can undo it. */
async function lock(session: Session, files: readonly string[]): Promise<void> {
  await session.run(`SET GLOBAL allowed_paths = ${texts([...files, ...files.map(asPattern).filter((one, at) => one !== files[at])])}`);
  await session.run('SET GLOBAL enable_external_access = false');
  await session.run('SET GLOBAL lock_configuration = true');
}
