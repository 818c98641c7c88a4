/** Texts, tables, times and figures as a card has them. Pure. */
import { figureAt, type FigureSet, type Interval } from '../../../protocol/evaluation/result';

/** A name or a sentence of a person's as the text it is, in one line: nothing in it is Markdown, HTML, or one of our comments. */
export function escapeText(text: string): string {
  return text
    // Also what would turn the reading direction of the rest of the line.
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/g, ' ')
    .trim()
    .replace(/[\\`*[\]|~$>]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;');
}

/** Short enough for a cell. */
export const cut = (text: string, most: number): string => ([...text].length <= most ? text : `${[...text].slice(0, most - 1).join('')}\u2026`);

/** As code: for digests, commands, and what is typed. */
export function code(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
  // In a table's cell a bar ends the cell even within code; a comment's beginning is none of ours.
  return /[`|<]/.test(line) || line === '' ? escapeText(line) : `\`${line}\``;
}

export interface Column { title: string; right?: boolean }

/** Columns in line in the source, too. The cells are Markdown already. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) => Math.max(3, width(title), ...rows.map((row) => width(row[at] ?? ''))));
  const line = (cells: readonly string[]): string => `| ${columns.map(({ right }, at) => pad(cells[at] ?? '', widths[at] ?? 0, right === true)).join(' | ')} |`;
  const rule = `| ${columns.map(({ right }, at) => `${'-'.repeat((widths[at] ?? 3) - (right ? 1 : 0))}${right ? ':' : ''}`).join(' | ')} |`;
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line)].join('\n');
}
const width = (text: string): number => [...text].length;
const pad = (text: string, to: number, right: boolean): string => (right ? ' '.repeat(to - width(text)) + text : text + ' '.repeat(to - width(text)));

/** A moment (ms since the epoch) as ISO 8601 in UTC, to the second. */
export function moment(t: number): string {
  const date = new Date(t);
  return Number.isNaN(date.getTime()) ? 'at an unknown time' : `${date.toISOString().slice(0, 19)}Z`;
}
export const day = (t: number): string => moment(t).slice(0, 10);

/** "812 B", "12.3 kB": powers of 1,000. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power] ?? 'B'}`;
}

export const counted = (n: number, word: string, plural = `${word}s`): string => `${grouped(n)} ${n === 1 ? word : plural}`;
/** 12000 as '12,000'. */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

const minus = (text: string): string => text.replace(/-/g, '\u2212');
/** Decimals with which half of an interval has two digits: what is beyond is noise. */
const decimalsOf = (low: number, high: number): number => Math.min(8, Math.max(0, 1 - Math.floor(Math.log10((high - low) / 2))));

/** At most four digits that say something; whole numbers as they are. */
export function number(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return 'undefined';
  const amount = Math.abs(value);
  if (Number.isInteger(value) && amount < 1e9) return minus(grouped(value));
  return minus(amount >= 1e9 || amount < 1e-4 ? value.toExponential(2) : String(Number(value.toPrecision(4))));
}

type Limits = Pick<Interval, 'low' | 'high'>;
const isWide = (limits: Limits | null | undefined): limits is Limits => limits != null && Number.isFinite(limits.low) && Number.isFinite(limits.high) && limits.high > limits.low && limits.high - limits.low > 1e-7 && Math.abs(limits.high) < 1e9;

/** '0.922' and '0.884 to 0.948', with as many digits as the interval lets them have; the second is '' where there is none. */
export function pair(value: number | null, limits: Limits | null | undefined): [value: string, interval: string] {
  if (value === null || !isWide(limits)) return [number(value), limits && Number.isFinite(limits.low) && Number.isFinite(limits.high) ? `${number(limits.low)} to ${number(limits.high)}` : ''];
  const decimals = decimalsOf(limits.low, limits.high);
  const text = (one: number): string => minus(one.toFixed(decimals));
  return [text(value), `${text(limits.low)} to ${text(limits.high)}`];
}

/** The two as cells of a table: what is undefined is a dash there. */
export const cells = (value: number | null, limits: Limits | null | undefined): [value: string, interval: string] => (value === null ? ['\u2013', ''] : pair(value, limits));

/** '0.922 (0.884 to 0.948)'. */
export function withInterval(value: number | null, limits: Limits | null | undefined): string {
  const [text, interval] = pair(value, limits);
  return interval === '' ? text : `${text} (${interval})`;
}

/** A difference, always with its sign. */
export function signed(value: number | null, limits?: Limits | null): string {
  if (value === null) return 'undefined';
  const sign = (one: string, of: number): string => (of > 0 && !/^[0.,]+$/.test(one) ? `+${one}` : one);
  const [text] = pair(value, limits);
  return sign(text, value);
}

export const figureText = (set: FigureSet, path: string): string => withInterval(figureAt(set.figures, path), set.intervals[path]);

/** `per_class.1.recall` as `recall of 1`. */
export function metricName(path: string): string {
  const found = /^per_class\.(.+)\.(\w+)$/.exec(path);
  return escapeText(found ? `${found[2] ?? ''} of ${found[1] ?? ''}` : path);
}

/** The first digits of a digest, as people compare them. */
export const short = (digest: string): string => digest.slice(0, 16);
