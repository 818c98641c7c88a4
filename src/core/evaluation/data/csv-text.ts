/** CSV as text (RFC 4180): its first record, its separator, and the line on which a record begins. Rows themselves are read by DuckDB. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RunyardError } from '../../base/errors';

export interface CsvRecord { fields: string[]; /** from 1 */ line: number }
const SEPARATORS = [',', ';', '\t', '|'];

/** Records of a file one by one. Throws bad_input where it is not UTF-8. */
export async function* csvRecords(file: string, separator: string): AsyncGenerator<CsvRecord> {
  let [field, quoted, closing, line, start, began, last] = ['', false, false, 1, 1, false, ''];
  let fields: string[] = [];
  for await (const part of csvText(file)) {
    for (const sign of part) {
      const second = sign === '\n' && last === '\r';
      last = sign;
      const end = sign === '\n' || sign === '\r';
      if (end && !second) line++;
      if (quoted && !(closing && sign !== '"')) {
        if (sign !== '"') field += sign;
        else if (closing) [field, closing] = [`${field}"`, false];
        else closing = true;
        continue;
      }
      [quoted, closing] = [false, false];
      if (sign === '"' && field === '') [quoted, began] = [true, true];
      else if (sign === separator) [fields, field, began] = [[...fields, field], '', true];
      else if (second) start = line;
      else if (end) {
        if (began || field !== '') yield { fields: [...fields, field], line: start };
        [fields, field, began, start] = [[], '', false, line];
      } else field += sign;
    }
  }
  if (began || field !== '') yield { fields: [...fields, field], line: start };
}

/** A file's bytes, unpacked where its name ends in .gz. */
export function openBytes(file: string): { source: Readable; close(): void } {
  const bytes = createReadStream(file, { highWaterMark: 1 << 16 });
  return { source: /\.gz$/i.test(file) ? bytes.pipe(createGunzip()) : bytes, close: () => void bytes.destroy() };
}

/** Without its byte order mark. */
async function* csvText(file: string): AsyncGenerator<string> {
  const { source, close } = openBytes(file);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [line, last]: [number, Buffer] = [1, Buffer.alloc(0)];
  try {
    for await (const part of source as AsyncIterable<Buffer>) {
      last = part;
      const text = decoder.decode(part, { stream: true });
      yield text;
      line += text.split('\n').length - 1;
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw notUtf8(file, error, line + Math.max(0, badLine(last)));
    throw error;
  } finally {
    close();
  }
}

function badLine(part: Buffer): number {
  return part.toString('latin1').split('\n').findIndex((one) => Buffer.from(one, 'latin1').toString().includes('\ufffd'));
}

export function notUtf8(file: string, cause: unknown, line?: string | number): RunyardError {
  return new RunyardError('bad_input', `${file}${line === undefined ? '' : `, line ${line}`}: it is not UTF-8`, 'save it as UTF-8 (it may be Latin-1 or UTF-16)', { cause });
}

/** The sign that divides the first records into the same number of fields, the more the better; a comma where nothing does. */
export async function separatorOf(file: string): Promise<string> {
  let best = { sign: ',', fields: 1 };
  for (const sign of SEPARATORS) {
    const counts: number[] = [];
    for await (const { fields } of csvRecords(file, sign)) if (counts.push(fields.length) === 20) break;
    const [first = 1] = counts;
    if (first > best.fields && counts.every((count) => count === first)) best = { sign, fields: first };
  }
  return best.sign;
}

export async function firstRecord(file: string, separator: string): Promise<string[]> {
  for await (const { fields } of csvRecords(file, separator)) return fields;
  return [];
}

/** The line on which the row begins, the first after the header being row 0; null where there is none. */
export async function lineOfRow(file: string, separator: string, row: number): Promise<number | null> {
  let at = -1;
  for await (const { line } of csvRecords(file, separator)) if (at++ === row) return line;
  return null;
}
