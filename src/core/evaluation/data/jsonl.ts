/** JSON lines (or one array of objects) as a relation. A key that a row lacks, or null, is missing. */
import { createInterface } from 'node:readline';
import { RunyardError } from '../../base/errors';
import { openBytes } from './csv-text';
import { DuckdbError, name, text, texts } from './duckdb';
import type { Session } from './duckdb';
import { asPattern, readHead } from './files';
import type { RawColumn, Relation } from './relation';

/** Columns are all keys of all rows in the order in which they come. Texts stay texts, but for columns of dates; where kinds are mixed all are texts. */
export async function jsonlRelation(session: Session, files: readonly string[], memory: number | undefined): Promise<Relation> {
  const [first = ''] = files;
  const array = (await readHead(first, 1024)).toString().trimStart().startsWith('[');
  // A buffer holds two of the longest objects, which may be 16 MB unless told otherwise.
  const small = memory !== undefined && memory < 512 * 2 ** 20 ? `maximum_object_size = ${Math.max(1_000_000, Math.floor(memory / 32))}, ` : '';
  const source = (options: string, list: readonly string[] = files): string => `read_json(${texts(list.map(asPattern))}, format = '${array ? 'array' : 'newline_delimited'}', records = true, ${small}${options})`;
  const described = await describe(session, source('sample_size = -1, union_by_name = true'), files);
  const stored = described.map((one) => ({ name: one.name, ...readAs(one.stored) }));
  const struct = `{${stored.map((one) => `${text(one.name)}: ${text(one.stored)}`).join(', ')}}`;
  return {
    columns: stored.map((one): RawColumn => ({ name: one.name, ref: name(one.name), stored: one.stored, found: one.found })),
    from: source(`columns = ${struct}`), rowNumber: null,
    locate: async (row) => {
      let before = 0;
      for (const file of files) {
        const rows = files.length === 1 ? Infinity : Number((await session.rows(`SELECT count(*) AS n FROM ${source(`columns = ${struct}`, [file])}`))[0]?.['n']);
        if (row < before + rows) return array ? `${file}, object ${row - before + 1}` : `${file}, line ${(await lineOf(file, row - before)) ?? 1}`;
        before += rows;
      }
      return first;
    },
    explain: (message) => (/JSON/.test(message) ? new RunyardError('bad_input', plain(message), 'mend the line') : null),
  };
}

async function describe(session: Session, source: string, files: readonly string[]): Promise<{ name: string; stored: string }[]> {
  try {
    return (await session.rows(`DESCRIBE SELECT * FROM ${source}`)).map((one) => ({ name: String(one['column_name']), stored: String(one['column_type']) }));
  } catch (error) {
    if (!(error instanceof DuckdbError)) throw error;
    const [first = ''] = files;
    if (/non-record/.test(error.message)) {
      const empty = (await readHead(first, 64)).toString().trim() === '';
      throw new RunyardError('bad_input', empty ? `${first} is empty: there are no rows` : `${first}: its lines are not objects`, 'write one object a line, {"column": value, ...}', { cause: error });
    }
    throw (await firstBad(files)) ?? new RunyardError('bad_input', plain(error.message), 'write one object a line, {"column": value, ...}', { cause: error });
  }
}

/** DuckDB would read texts as times and the like; whether they are dates is seen from all of them. */
function readAs(stored: string): { stored: string; found: RawColumn['found'] } {
  if (/^(DATE|TIMESTAMP.*)$/.test(stored)) return { stored: 'VARCHAR', found: 'dates' };
  return { stored: /^(TIME|TIME WITH TIME ZONE|UUID)$/.test(stored) ? 'VARCHAR' : stored, found: 'none' };
}

/** The first line that is no JSON: DuckDB counts lines its own way. */
async function firstBad(files: readonly string[]): Promise<RunyardError | null> {
  for (const file of files) {
    let at = 0;
    for await (const line of linesOf(file)) {
      at++;
      if (line.trim() === '') continue;
      const fault = faultOf(line);
      if (fault !== null) return new RunyardError('bad_input', `${file}, line ${at}: ${fault}`, 'write one object a line, {"column": value, ...}, in UTF-8');
    }
  }
  return null;
}

function faultOf(line: string): string | null {
  if (line.startsWith('\ufeff')) return 'it begins with a byte order mark';
  if (line.includes('\ufffd')) return 'it is not UTF-8';
  try {
    // Python writes NaN and Infinity, which DuckDB takes.
    JSON.parse(line.replaceAll(/(?<=[:,[]\s*)-?(NaN|Infinity)(?=\s*[,}\]])/g, 'null'));
    return null;
  } catch (error) {
    return `it is no JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const linesOf = (file: string): AsyncIterable<string> => createInterface({ input: openBytes(file).source, crlfDelay: Infinity });

async function lineOf(file: string, row: number): Promise<number | null> {
  let [at, seen] = [0, -1];
  for await (const line of linesOf(file)) {
    at++;
    if (line.trim() !== '' && ++seen === row) return at;
  }
  return null;
}

const plain = (message: string): string => (message.split('\n')[0] ?? message).replace(/^[\w ]+ Error: /, '').replace(/ in line (\d+)/, (_, line: string) => ` near line ${line}`);
