/** Numbers and times as the tree, hovers and lenses show them. Pure: the present moment is an argument. */
import type { WireNumber } from '../../protocol/spool';

/** At most four significant digits, none lost of a whole number below a million; NaN and infinities as words and signs. */
export function formatNumber(value: WireNumber | null): string {
  if (value === null) return '–';
  const number = Number(value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return minus(String(number));
  const size = Math.abs(number);
  if (size >= 1e6 || size < 1e-4) return minus(number.toExponential(2).replace('e+', 'e'));
  return minus(String(Number(number.toPrecision(4))));
}

/** With its sign, always: "+0.004", "−1.2", "±0". Three significant digits. */
export function formatDelta(delta: number): string {
  if (!Number.isFinite(delta)) return formatNumber(Number.isNaN(delta) ? 'NaN' : delta > 0 ? 'Infinity' : '-Infinity');
  if (delta === 0) return '±0';
  const size = Math.abs(delta);
  const text = size >= 1e6 || size < 1e-4 ? size.toExponential(1).replace('e+', 'e') : String(Number(size.toPrecision(3)));
  return `${delta > 0 ? '+' : '−'}${text}`;
}

/** A real minus sign, so that it is as wide as a plus. */
const minus = (text: string): string => text.replace(/^-/, '−').replace('e-', 'e−');

/** "12 s", "3 min 05 s", "2 h 10 min", "4 d 3 h"; below ten seconds with one decimal. */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, seconds);
  if (total < 10) return `${total.toFixed(1)} s`;
  const whole = Math.round(total);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** "just now", "5 min ago", "3 h ago", "2 d ago", then the date. Both in seconds since the epoch. */
export function formatAgo(then: number, now: number): string {
  const seconds = now - then;
  if (seconds < 45) return 'just now';
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${Math.round(seconds / 86_400)} d ago`;
  return formatDate(then);
}

/** The day in local time, as 2026-01-31. */
function formatDate(t: number): string {
  const date = new Date(t * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The moment in local time, as 2026-01-31 14:05:09. */
export function formatTime(t: number): string {
  const date = new Date(t * 1000);
  return `${formatDate(t)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** "812 B", "4.2 kB", "1.3 GB": powers of 1,000, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = '';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))} ${unit}`;
}

/** "1 run", "2 runs". */
export const count = (n: number, word: string): string => `${n.toLocaleString('en-US')} ${word}${n === 1 ? '' : 's'}`;

/** Cut in the middle of nothing: at most `max` characters, the last one an ellipsis where something is missing. */
export const shorten = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
