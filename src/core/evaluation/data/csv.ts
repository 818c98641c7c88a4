/** CSV and TSV files as a relation of texts. Only an empty field without quotes is missing. */
import { RunyardError } from '../../base/errors';
import { firstRecord, lineOfRow, notUtf8, separatorOf } from './csv-text';
import { text, texts } from './duckdb';
import type { Session } from './duckdb';
import { asPattern } from './files';
import type { Relation } from './relation';

const LONGEST_LINE = 2_000_000;

/** All files have one header. Throws bad_input naming the file and the column or line at fault. */
export async function csvRelation(session: Session, files: readonly string[], { format, memory }: { format: 'csv' | 'tsv'; memory: number | undefined }): Promise<Relation> {
  const [first = ''] = files;
  const separator = format === 'tsv' ? '\t' : await separatorOf(first);
  const header = await headerOf(first, separator);
  for (const file of files.slice(1)) sameHeader({ file: first, header }, { file, header: await headerOf(file, separator) });
  // A buffer is 32 MB unless told otherwise, and there are several.
  const small = memory !== undefined && memory < 512 * 2 ** 20 ? `, buffer_size = ${Math.max(LONGEST_LINE, Math.floor(memory / 16))}, maximum_line_size = ${LONGEST_LINE}` : '';
  const columns = `{${header.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ')}}`;
  const source = (list: readonly string[]): string =>
    `read_csv(${texts(list.map(asPattern))}, auto_detect = false, header = true, delim = ${text(separator)}, quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false${small}, columns = ${columns})`;
  return {
    columns: header.map((name, at) => ({ name, ref: `c${at}`, stored: 'VARCHAR', found: 'all' })),
    from: source(files),
    rowNumber: null,
    locate: async (row) => {
      let before = 0;
      for (const file of files) {
        const rows = files.length === 1 ? Infinity : Number((await session.rows(`SELECT count(*) AS n FROM ${source([file])}`))[0]?.['n']);
        if (row < before + rows) {
          const line = await lineOfRow(file, separator, row - before);
          return line === null ? file : `${file}, line ${line}`;
        }
        before += rows;
      }
      return first;
    },
    explain: (message) => explain(message, first),
  };
}

async function headerOf(file: string, separator: string): Promise<string[]> {
  const header = await firstRecord(file, separator);
  if (header.length === 0) throw new RunyardError('bad_input', `${file} is empty: there are no rows`, 'name a file that has a header and rows');
  const nameless = header.findIndex((one) => one === '');
  const names = header.map((one, at) => (at === nameless && at === 0 && header.indexOf('', 1) < 0 ? 'Unnamed: 0' : one));
  if (nameless > 0 || header.indexOf('', 1) > 0) throw new RunyardError('bad_input', `${file}, line 1: column ${Math.max(nameless, header.indexOf('', 1)) + 1} has no name`, 'give each column a name in the first line');
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined) throw new RunyardError('bad_input', `${file}, line 1: two columns are called ${twice}`, 'give each column a name of its own');
  return names;
}

function sameHeader(one: { file: string; header: string[] }, other: { file: string; header: string[] }): void {
  const extra = other.header.find((column) => !one.header.includes(column));
  const lost = one.header.find((column) => !other.header.includes(column));
  const hint = 'name files with the same columns in the same order';
  if (lost !== undefined) throw new RunyardError('bad_input', `${other.file} lacks column ${lost}, which ${one.file} has`, hint);
  if (extra !== undefined) throw new RunyardError('bad_input', `${other.file} has a column ${extra} that ${one.file} lacks`, hint);
  const moved = one.header.findIndex((column, at) => column !== other.header[at]);
  if (moved >= 0) throw new RunyardError('bad_input', `${other.file}: column ${moved + 1} is ${other.header[moved] ?? ''}, in ${one.file} it is ${one.header[moved] ?? ''}`, hint);
}

/** DuckDB's long report in one line. */
function explain(message: string, first: string): RunyardError | null {
  if (!/CSV Error|Invalid Input Error|unicode/i.test(message)) return null;
  const [said = ''] = message.split('Possible ');
  const line = /Line: (\d+)/.exec(said)?.[1];
  const file = /^\s*file\s*=\s*(.+)$/m.exec(message)?.[1]?.trim() ?? first;
  if (/unicode|utf-?8|encoding/i.test(said)) return notUtf8(file, new Error(message), line);
  const counted = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  const place = `${file}${line === undefined ? '' : `, line ${line}`}`;
  if (counted) return new RunyardError('bad_input', `${place}: ${counted[2] ?? ''} fields, the header has ${counted[1] ?? ''}`, 'mend the line; a text with the separator or a line break in it belongs in quotes');
  if (/invalid state/i.test(said)) return new RunyardError('bad_input', `${place}: its lines end in different ways (\\n and \\r\\n), or a quote is where none may be`, 'save it with one kind of line end');
  if (/quote/i.test(said)) return new RunyardError('bad_input', `${place}: a quoted text does not end, or goes on after its quotes`, 'mend the line; quotes within a quoted text are written twice');
  if (/Maximum line size/i.test(message)) return new RunyardError('bad_input', `${place}: a line of more than 2 MB`, 'see whether a quote is left open');
  return new RunyardError('bad_input', `${place}: ${message.split('\n').find((one) => one.trim() !== '' && !/^(Invalid Input Error: )?CSV Error/.test(one)) ?? message}`, 'mend the file');
}
