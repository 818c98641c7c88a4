/** Which columns of a file of labels say what. Pure. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { LogColumns } from '../../domain/log-place';

/** `pairs`: a column of the file and the log's that it is equal to; `row`: null where the file doesn't say which row of a request. `byRequest`: the pairs are what names the log's rows. */
export interface ImportColumns { label: string; pairs: { file: string; log: string }[]; row: string | null; time: string | null; byRequest: boolean }
export interface ImportAsked { label?: string | undefined; request?: string | undefined; row?: string | undefined; keys?: Record<string, string> | undefined; time?: string | undefined }

const REQUESTS = ['ry_request', 'request', 'request_id', 'requestid', 'id'];
const ROWS = ['ry_row', 'row', 'request_row'];
const TIMES = ['label_time', 'labelled_at', 'labeled_at', 'label_date'];
const LABELS = ['label', 'labels', 'target', 'y', 'y_true', 'truth', 'ground_truth', 'actual', 'outcome', 'class', 'answer', 'response'];

/**
 * What is asked for; else the request by its usual names or the log's own, the label by its usual names or as the only column that is left. `names` of the file,
 * `logNames` of the log. Throws bad_input or not_found naming the option.
 */
export function importColumns(file: string, names: readonly string[], log: { columns: Pick<LogColumns, 'keys' | 'row'>; names: readonly string[] }, asked: ImportAsked): ImportColumns {
  const has = (column: string, option: string): string => known(column, names, `${file} has no column ${column}`, option);
  const pairs = pairsOf(file, names, log, asked);
  for (const { file: own, log: other } of pairs) {
    has(own, '--key or --request');
    known(other, log.names, `the log has no column ${other}`, '--key COLUMN=LOGCOLUMN');
  }
  const row = asked.row !== undefined ? has(asked.row, '--row') : usual(names, ROWS, pairs.map((one) => one.file));
  const time = asked.time !== undefined ? has(asked.time, '--time') : usual(names, TIMES, []);
  const taken = [...pairs.map((one) => one.file), row, time];
  const label = asked.label !== undefined ? has(asked.label, '--label') : guessLabel(file, names.filter((name) => !taken.includes(name)));
  const keys = log.columns.keys;
  return { label, pairs, row: log.columns.row === null ? null : row, time, byRequest: pairs.length === keys.length && pairs.every((one) => keys.includes(one.log)) };
}

function pairsOf(file: string, names: readonly string[], { columns }: { columns: Pick<LogColumns, 'keys'> }, { request, keys }: ImportAsked): ImportColumns['pairs'] {
  if (keys && Object.keys(keys).length > 0) {
    if (request !== undefined) throw new RunyardError('bad_input', '--request and --key both say what names a row', 'keep one of them');
    return Object.entries(keys).map(([own, log]) => ({ file: own, log }));
  }
  const [first = ''] = columns.keys;
  if (request !== undefined) {
    if (columns.keys.length > 1) throw new RunyardError('bad_input', `a row of this log is named by ${columns.keys.join(', ')} together`, `write ${columns.keys.map((key) => `--key COLUMN=${key}`).join(' ')}`);
    return [{ file: request, log: first }];
  }
  if (columns.keys.every((key) => names.includes(key))) return columns.keys.map((key) => ({ file: key, log: key }));
  const found = columns.keys.length === 1 ? usual(names, REQUESTS, []) : null;
  if (found !== null) return [{ file: found, log: first }];
  throw new RunyardError('bad_input', `${file} doesn't say which row of the log a label is for: it has ${names.slice(0, 30).join(', ')}`, 'name the column: --request COLUMN, or --key COLUMN=LOGCOLUMN');
}

function guessLabel(file: string, left: readonly string[]): string {
  const found = usual(left, LABELS, []) ?? (left.length === 1 ? left[0] : undefined);
  if (found !== undefined) return found;
  throw new RunyardError('bad_input', left.length === 0 ? `${file} has no column for the label` : `which column of ${file} is the label: ${left.slice(0, 30).join(', ')}?`, 'name it: --label COLUMN');
}

const usual = (names: readonly string[], words: readonly string[], except: readonly string[]): string | null =>
  words.map((word) => names.find((name) => name.trim().toLowerCase().replaceAll(/[\s-]+/g, '_') === word && !except.includes(name))).find((name) => name !== undefined) ?? null;

function known(column: string, names: readonly string[], what: string, option: string): string {
  if (names.includes(column)) return column;
  const near = nearest(column, names);
  throw new RunyardError('not_found', what, `${near ? `did you mean ${near}?` : `it has ${names.slice(0, 30).join(', ')}`} (${option})`);
}
