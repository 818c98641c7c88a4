/** Figures, times and tables as people read them. */
import type { Terminal } from './terminal';
import { visible } from './terminal';
import type { RunState } from '../protocol/model';
import type { WireNumber } from '../protocol/spool';

/** At most `digits` significant digits, without needless zeros; NaN and infinities by name. */
export function figure(value: WireNumber | null | undefined, digits = 5): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'number') return value;
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(digits - 1).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(digits)));
}

/** A difference, always with its sign. */
export const signed = (value: number | null): string => (value === null ? '' : value > 0 ? `+${figure(value)}` : figure(value).replace('-', '\u2212'));

/** Seconds as `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${two((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** How long ago, in one unit. */
export function ago(seconds: number): string {
  if (seconds < 5) return 'now';
  const units: [number, string][] = [[86_400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const [size, unit] = units.find(([least]) => seconds >= least) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${Number((count / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

const STATE_COLOURS = { queued: 'dim', running: 'blue', finished: 'green', failed: 'red', killed: 'red', stopped: 'yellow', lost: 'yellow' } as const;
export const stateText = (terminal: Terminal, state: RunState): string => terminal.paint(STATE_COLOURS[state], state);

/** A column: its header, and whether it holds figures (put to the right). */
export interface Column { title: string; right?: boolean }

/** Columns in line, two spaces apart. Nothing at all is an empty text. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], terminal: Terminal): string {
  const cells = rows.map((row) => row.map(visibleCell));
  const widths = columns.map((column, at) => Math.max(column.title.length, ...cells.map((row) => width(row[at] ?? ''))));
  const line = (row: readonly string[]): string => columns.map((column, at) => pad(row[at] ?? '', widths[at] ?? 0, column.right === true)).join('  ').trimEnd();
  return [terminal.paint('bold', line(columns.map(({ title }) => title))), ...cells.map(line)].map((text) => `${text}\n`).join('');
}

// Our own colours pass; whatever else is in a cell is shown, not obeyed.
const COLOURS = /\u001b\[\d+m/g;
const visibleCell = (text: string): string => {
  const colours = [...text.matchAll(COLOURS)].map(([code]) => code);
  return text.split(COLOURS).map((part, at) => visible(part) + (colours[at] ?? '')).join('');
};
const width = (text: string): number => [...text.replace(COLOURS, '')].length;
const pad = (text: string, to: number, right: boolean): string => {
  const spaces = ' '.repeat(Math.max(0, to - width(text)));
  return right ? spaces + text : text + spaces;
};
