/** How figures, times and states read: pure, in the person's locale only where it can't be misread. */
import type { WireNumber } from '../../src/protocol/spool';

/** The typographic minus: as wide as a plus in tabular figures. */
const MINUS = '\u2212';
export const NONE = '\u2013';

/** Numbers that have no digits: what they are called in a table. */
function wordOf(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '\u221e' : `${MINUS}\u221e`;
}

/**
 * A number with `significant` digits (default 4), trailing zeros dropped; below 1e-4 and from 1e7 on in exponent form.
 * Whole numbers below 1e7 keep all their digits.
 */
export function formatNumber(value: number, significant = 4): string {
  if (!Number.isFinite(value)) return wordOf(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return value.toString().replace('-', MINUS);
  if (size < 1e-4 || size >= 1e7) return exponent(value, significant - 1);
  const decimals = Math.min(12, Math.max(0, significant - 1 - Math.floor(Math.log10(size))));
  const text = value.toFixed(decimals);
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text).replace('-', MINUS);
}

function exponent(value: number, decimals: number): string {
  const [mantissa = '', power = ''] = value.toExponential(decimals).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${short}e${power.replace('+', '')}`.replaceAll('-', MINUS);
}

/**
 * One format for a column, so that its points stand under each other: as many decimals as tell the column's values apart
 * (two more than their spread's first digit), at least what gives the smallest value two significant digits, at most 6.
 * Columns that reach below 1e-5 or to 1e7 are in exponent form; whole numbers have no decimals.
 */
export function columnFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  if (sizes.length === 0) return (value) => formatNumber(value);
  const largest = Math.max(...sizes);
  if (finite.every(Number.isInteger) && largest < 1e7) return (value) => formatNumber(value);
  if (largest >= 1e7 || largest < 1e-5) return (value) => (Number.isFinite(value) && value !== 0 ? fixedExponent(value) : formatNumber(value));
  const spread = Math.max(...finite) - Math.min(...finite) || largest;
  const wanted = Math.max(2 - Math.floor(Math.log10(spread)), 3 - Math.floor(Math.log10(largest)));
  const decimals = Math.min(6, Math.max(0, wanted));
  return (value) => (Number.isFinite(value) ? value.toFixed(decimals).replace('-', MINUS) : wordOf(value));
}

function fixedExponent(value: number): string {
  return value.toExponential(2).replace('+', '').replaceAll('-', MINUS);
}

/** A change with its sign always shown; a zero has none. */
export function formatSigned(value: number, format: (value: number) => string = formatNumber): string {
  return value > 0 ? `+${format(value)}` : format(value);
}

/** Wire form to a number: the three words are NaN and the infinities. */
export const wireToNumber = (value: WireNumber): number => (typeof value === 'number' ? value : Number(value));

const UNITS: readonly (readonly [seconds: number, unit: string])[] = [[86_400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];

/** A length of time in its two largest units: '2 h 5 min'; below a minute with one decimal, below a second in ms. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return NONE;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1).replace(/\.0$/, '') : Math.round(seconds)} s`;
  const at = UNITS.findIndex(([size]) => seconds >= size);
  const [large, small] = [UNITS[at], UNITS[at + 1]];
  if (!large || !small) return `${Math.round(seconds)} s`;
  const whole = Math.floor(seconds / large[0]);
  const rest = Math.floor((seconds - whole * large[0]) / small[0]);
  return rest > 0 ? `${whole} ${large[1]} ${rest} ${small[1]}` : `${whole} ${large[1]}`;
}

/** How long ago: 'just now', '5 min ago', '3 d ago'. Both in seconds since the epoch; the future is 'just now'. */
export function formatAgo(t: number, now: number): string {
  const passed = now - t;
  if (passed < 45) return 'just now';
  const found = UNITS.find(([size]) => passed >= size * 0.75) ?? [1, 's'];
  return `${Math.max(1, Math.round(passed / found[0]))} ${found[1]} ago`;
}

/** The absolute time, local, without ambiguity: 2026-03-09 14:05:07. */
export function formatTime(t: number): string {
  const date = new Date(t * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** 1 run, 2 runs, 10,000 runs. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString('en-US')} ${noun}${value === 1 ? '' : 's'}`;
}
