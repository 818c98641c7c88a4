/** Parquet files as a relation that is read where it lies. */
import { RunyardError } from '../../base/errors';
import { name, text, texts } from './duckdb';
import type { Session } from './duckdb';
import { asPattern } from './files';
import { storedType } from './fit';
import type { RawColumn, Relation } from './relation';

interface Described { name: string; stored: string }

/** All with the same names, unless `union`: what a file lacks is then missing in its rows. Whole numbers in one file and floats in another are floats; otherwise types have to agree. */
export async function parquetRelation(session: Session, files: readonly string[], union = false): Promise<Relation> {
  const described = new Map<string, Described[]>();
  for (const file of files) described.set(file, await describe(session, file));
  const first = described.get(files[0] ?? '') ?? [];
  let mixed = false;
  for (const [file, columns] of described) mixed = compare({ file: files[0] ?? '', columns: first }, { file, columns }, union) || mixed;
  const list = texts(files.map(asPattern));
  const source = `read_parquet(${list}${mixed ? ', union_by_name = true' : ''})`;
  const columns: Described[] = mixed ? await describeSource(session, source) : first;
  const offsets = await rowOffsets(session, files);
  return {
    columns: columns.map((one): RawColumn => ({ name: one.name, ref: name(one.name), stored: one.stored, found: 'none' })),
    from: source,
    rowNumber: files.length === 1 ? 'file_row_number' : `(file_row_number + [${offsets.join(', ')}][CAST(file_index AS BIGINT) + 1])`,
    locate: (row) => {
      let at = 0;
      while (at + 1 < offsets.length && (offsets[at + 1] ?? Infinity) <= row) at++;
      return Promise.resolve(`${files[at] ?? ''}, row ${row - (offsets[at] ?? 0) + 1}`);
    },
    explain: () => null,
  };
}

async function describe(session: Session, file: string): Promise<Described[]> {
  try {
    return await describeSource(session, `read_parquet(${text(asPattern(file))})`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new RunyardError('bad_input', `${file} is no Parquet file that can be read: ${said.split('\n')[0] ?? ''}`, 'write it again, or give its format', { cause: error });
  }
}

async function describeSource(session: Session, source: string): Promise<Described[]> {
  return (await session.rows(`DESCRIBE SELECT * FROM ${source}`)).map((one) => ({ name: String(one['column_name']), stored: String(one['column_type']) }));
}

/** Whether types differ in a way that can be bridged. Throws where columns don't agree. */
function compare(one: { file: string; columns: Described[] }, other: { file: string; columns: Described[] }, union: boolean): boolean {
  const here = new Map(other.columns.map((column) => [column.name, column]));
  const there = new Set(one.columns.map((column) => column.name));
  const extra = other.columns.find((column) => !there.has(column.name));
  if (extra && !union) throw new RunyardError('bad_input', `${other.file} has a column ${extra.name} that ${one.file} lacks`, 'name files with the same columns');
  let mixed = extra !== undefined || one.columns.some((column, at) => column.name !== other.columns[at]?.name);
  for (const column of one.columns) {
    const twin = here.get(column.name);
    if (!twin && union) continue;
    if (!twin) throw new RunyardError('bad_input', `${other.file} lacks column ${column.name}, which ${one.file} has`, 'name files with the same columns');
    if (twin.stored === column.stored) continue;
    const types = [storedType(column.stored), storedType(twin.stored)];
    const numbers = types.every((type) => type === 'int' || type === 'float');
    if (!numbers && !(types[0] === types[1] && types[0] !== 'other')) throw new RunyardError('bad_input', `${other.file}, column ${column.name}: it is ${twin.stored} there and ${column.stored} in ${one.file}`, 'write the files with the same types');
    mixed = true;
  }
  return mixed;
}

async function rowOffsets(session: Session, files: readonly string[]): Promise<number[]> {
  let sum = 0;
  const offsets: number[] = [];
  for (const file of files) {
    offsets.push(sum);
    sum += Number((await session.rows(`SELECT num_rows AS n FROM parquet_file_metadata(${text(asPattern(file))})`))[0]?.['n'] ?? 0);
  }
  return offsets;
}
