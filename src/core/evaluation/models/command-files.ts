/** Rows in a file and predictions in another, for a program that has `{rows}` and `{predictions}` among its arguments. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { readColumns, writeColumns } from '../data/columnar';
import { openData } from '../data/open';
import type { Values } from '../data/types';
import { failure, type Answer } from './answers';
import type { Attempt } from './attempts';
import { startChild, type ChildOptions } from './child';

const PLACEHOLDER = /\{(rows|predictions)(?:\.(parquet|csv))?\}/g;
export const namesFiles = (command: readonly string[]): boolean => command.some((word) => word.match(PLACEHOLDER));

export interface FileOptions extends ChildOptions { name: string; temp: string; /** of the rows' column with their ids: 'id', unless a column of the data is called that */ idColumn: string }

/** Starts the program over these rows and reads what it wrote. Throws bad_input where it ended well and wrote no predictions, or not one for each row. */
export async function askByFiles(options: FileOptions, columns: Readonly<Record<string, Values>>, signal?: AbortSignal): Promise<Attempt> {
  const { name, command, temp, idColumn } = options;
  const rows = Object.values(columns)[0]?.values.length ?? 0;
  const folder = join(temp, `command-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    const files = new Map<string, string>();
    const filled = command.map((word) => word.replace(PLACEHOLDER, (_, which: string, format: string | undefined) => {
      const file = join(folder, `${which}.${format ?? 'parquet'}`);
      files.set(which, file);
      return file;
    }));
    const given = files.get('rows');
    if (given?.endsWith('.csv')) await writeCsv(given, columns);
    else if (given) await writeColumns(given, columns);
    const child = startChild({ ...options, command: filled });
    const stop = (): void => child.kill();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    child.process.stdin.end();
    child.process.stdout.resume();
    const ending = await child.ended.finally(() => signal?.removeEventListener('abort', stop));
    refuseStopped(signal, 'the evaluation was cancelled');
    if (ending.code !== 0 || ending.signal) return { answers: [], crash: ending };
    const wanted = files.get('predictions') ?? '';
    if (!existsSync(wanted)) throw new RunyardError('bad_input', `${name} ended and wrote no predictions`, 'have it write the file that {predictions} stands for among its arguments');
    const answers = await readAnswers(wanted, { workspace: folder, temp: folder, idColumn });
    if (answers.length !== rows && answers.some(({ id }) => id === undefined)) {
      throw new RunyardError('bad_input', `${name} wrote ${answers.length} predictions for ${rows} rows`, `write one for each row, in their order, or a column ${idColumn} that says which they are of`);
    }
    return { answers, crash: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Reading { workspace: string; temp: string; idColumn: string }

/** Columns `label` or `prediction`, `score`, `p_<class>`, and the id if it is there. */
async function readAnswers(file: string, { workspace, temp, idColumn }: Reading): Promise<Answer[]> {
  const { rows, columns } = file.endsWith('.csv') ? await readCsv(file, workspace, temp) : await readColumns(file);
  const label = columns['label'] ?? columns['prediction'];
  const score = columns['score'];
  const shares = Object.entries(columns).filter(([name]) => name.startsWith('p_')).map(([name, values]) => ({ name: name.slice(2), values }));
  const ids = columns[idColumn];
  if (!label && !score && shares.length === 0) throw new RunyardError('bad_input', `the predictions have no column label, score or p_<class>: they have ${Object.keys(columns).join(', ')}`, 'call them so: label or prediction, score, p_<class> for each class');
  return Array.from({ length: rows }, (_, row): Answer => {
    const gone = [label, score, ...shares.map(({ values }) => values)].some((values) => values?.missing?.[row]);
    const about = ids ? { id: textOf(ids, row) } : {};
    if (gone) return { ...failure('the command\'s prediction is missing'), ...about };
    const number = label && label.type !== 'string' ? Number(label.values[row]) : null;
    return {
      ...about, label: label ? textOf(label, row) : null, number: number !== null && label?.type !== 'bool' ? number : null, score: score ? Number(score.values[row]) : null,
      probabilities: shares.length > 0 ? Object.fromEntries(shares.map(({ name, values }) => [name, Number(values.values[row])])) : null,
    };
  });
}

async function readCsv(file: string, workspace: string, temp: string): Promise<{ rows: number; columns: Record<string, Values> }> {
  await using data = await openData({ files: [file], format: 'csv', types: {} }, { workspace, temp });
  const columns: Record<string, Values> = {};
  for (const { name } of data.columns) columns[name] = await data.column(name);
  return { rows: data.rows, columns };
}

function textOf(values: Values, row: number): string {
  if (values.type === 'bool') return values.values[row] ? 'True' : 'False';
  return String(values.type === 'int' && values.big ? values.big[row] : values.values[row]);
}

/** RFC 4180: what is missing is an empty unquoted field, an empty text is quoted. */
async function writeCsv(file: string, columns: Readonly<Record<string, Values>>): Promise<void> {
  const all = Object.values(columns);
  const rows = all[0]?.values.length ?? 0;
  const quoted = (text: string): string => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  await using out = await open(file, 'w');
  await out.write(`${Object.keys(columns).map(quoted).join(',')}\n`);
  for (let from = 0; from < rows; from += 4096) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(from + 4096, rows); row++) lines.push(all.map((values) => (values.missing?.[row] ? '' : quoted(textOf(values, row)))).join(','));
    await out.write(`${lines.join('\n')}\n`);
  }
}
