/** Rows of a file of labels, read and told apart before the log is looked at. */
import { openData } from '../../evaluation/data/open';
import type { Column, Data, OpenOptions, Values } from '../../evaluation/data/types';
import { keyAt, rowKey, textAt } from './keys';
import { momentAt } from './log-rows';
import type { ImportColumns } from './import-columns';

/** `row` null: the file doesn't say. `at`: 0-based row of the file. */
export interface Wanted { at: number; key: string; row: number | null; label: string }
/** `wanted`: one a key and row, the last. The others are counted, with the first of them as people find them. */
export interface LabelRows { rows: number; wanted: Wanted[]; duplicates: Told; invalid: Told; nameless: Told; future: number }
export interface Told { count: number; first: string[] }

const FIRST = 5;
export const told = (): Told => ({ count: 0, first: [] });
export function tell(into: Told, text: string): void {
  into.count++;
  if (into.first.length < FIRST) into.first.push(text);
}

/** With keys and labels as texts, so that 007 stays 007. What is no number in a key that the log has as a number is left as it is. */
export async function openLabelFile(file: string, options: OpenOptions, columnsOf: (names: readonly string[]) => ImportColumns): Promise<{ data: Data; columns: ImportColumns }> {
  const first = await openData({ files: [file], types: {} }, options);
  const columns = await either(first, () => columnsOf(first.columns.map(({ name }) => name)));
  const texts = [...columns.pairs.map((one) => one.file), columns.label];
  const read = first.columns.filter(({ name, type }) => texts.includes(name) && type !== 'string');
  if (!/\.(csv|tsv)(\.gz)?$/i.test(file) || read.length === 0) return { data: first, columns };
  await first[Symbol.asyncDispose]();
  return { data: await openData({ files: [file], types: Object.fromEntries(texts.map((name) => [name, 'string' as const])) }, options), columns };
}

async function either<T>(data: Data, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
}

/** `now` in ms: what is dated later isn't taken. `numbers`: columns of the file that the log has as numbers: 5.0 is 5 there. */
export async function readLabelRows(data: Data, { label, pairs, row, time }: ImportColumns, { now, numbers, signal }: { now: number; numbers: readonly string[]; signal: AbortSignal }): Promise<LabelRows> {
  const found: LabelRows = { rows: data.rows, wanted: [], duplicates: told(), invalid: told(), nameless: told(), future: 0 };
  const last = new Map<string, Wanted>();
  const names = [...new Set([...pairs.map((one) => one.file), label, ...[row, time].filter((name) => name !== null)])];
  for await (const { from, count, columns } of data.read({ columns: names, signal })) {
    const of = (name: string): Values => columns[name] as Values;
    const keys = pairs.map((one) => (numbers.includes(one.file) ? plain(of(one.file)) : of(one.file)));
    for (let i = 0; i < count; i++) {
      const key = keyAt(keys, i);
      const text = textAt(of(label), i)?.trim() ?? '';
      const which = row === null ? null : rowAt(of(row), i);
      if (key === null || which === undefined) tell(found.nameless, `row ${from + i + 1}`);
      else if (text === '') tell(found.invalid, `row ${from + i + 1}: no label`);
      else if (time !== null && (momentAt(of(time), i) ?? 0) > now) found.future++;
      else {
        const same = rowKey(key, which ?? -1);
        if (last.has(same)) tell(found.duplicates, shown(key, which));
        last.set(same, { at: from + i, key, row: which, label: text });
      }
    }
  }
  found.wanted = [...last.values()];
  return found;
}

export const shown = (key: string, row: number | null): string => `${key}${row === null || row === 0 ? '' : ` row ${row}`}`;

function rowAt(values: Values, at: number): number | undefined {
  const value = values.missing?.[at] ? NaN : Number(values.values[at]);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** Numbers as the log's own column gives them. */
function plain(column: Values): Values {
  if (column.type !== 'string') return column;
  return { ...column, values: column.values.map((value) => (value.trim() !== '' && Number.isFinite(Number(value)) && Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER ? String(Number(value)) : value.trim())) };
}

export const numericColumns = (pairs: ImportColumns['pairs'], log: readonly Column[]): string[] =>
  pairs.filter((pair) => log.some(({ name, type }) => name === pair.log && (type === 'int' || type === 'float'))).map((pair) => pair.file);
