/** A CSV body (RFC 4180): a header, then rows. Only an empty field without quotes is missing. */
import { badRequest } from './refusal';

export interface CsvTable { names: string[]; rows: (string | null)[][] }

/** Throws a refusal for a quote that isn't closed, and for rows of another length than the header. */
export function parseCsv(text: string): CsvTable {
  const records = recordsOf(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const [head, ...rows] = records;
  if (!head) throw badRequest('the body is empty: the first line names the columns');
  const names = head.map((name) => name ?? '');
  const odd = rows.findIndex((row) => row.length !== names.length);
  if (odd >= 0) throw badRequest(`row ${odd + 1} of the CSV has ${rows[odd]?.length ?? 0} fields, and the first line names ${names.length} columns`);
  return { names, rows };
}

function recordsOf(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    record.push(value);
    const sign = text[end];
    if (sign === ',') {
      at = end + 1;
      if (at === text.length) record.push(null);
      else continue;
    }
    at = end + (sign === '\r' && text[end + 1] === '\n' ? 2 : 1);
    // a line without anything is no row
    if (!(record.length === 1 && record[0] === null)) records.push(record);
    record = [];
  }
  return records;
}

function plainField(text: string, from: number): { value: string | null; end: number } {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: end === from ? null : text.slice(from, end), end };
}

function quotedField(text: string, from: number): { value: string; end: number } {
  let value = '';
  for (let at = from + 1; ;) {
    const close = text.indexOf('"', at);
    if (close < 0) throw badRequest('a quote in the CSV is not closed');
    value += text.slice(at, close);
    if (text[close + 1] !== '"') {
      const after = text[close + 1];
      if (after !== undefined && after !== ',' && after !== '\n' && after !== '\r') throw badRequest(`after a closing quote in the CSV stands '${after}'`);
      return { value, end: close + 1 };
    }
    value += '"';
    at = close + 2;
  }
}
