/** Axes of parallel coordinates: what kind of axis a column's values make, and where on it a value lies (0 at the foot, 1 at the top). */
import { columnFormat, formatNumber } from '../../shared/format';

export type Value = number | string | null;
export interface AxisScale {
  kind: 'linear' | 'log' | 'category';
  /** 0..1, or null where the value has no place on this axis */
  at(value: Value): number | null;
  /** the value at a place, as text (for a category the nearest one) */
  label(at: number): string;
  ticks: { at: number; text: string }[];
}

const isNumeric = (value: Value): boolean => value !== null && value !== '' && Number.isFinite(Number(value));

/** Whether all positive and so wide (largest over smallest 50 or more) that equal steps would crowd most of the values at the foot. */
export function wide(values: readonly number[]): boolean {
  const low = Math.min(...values);
  return values.length > 1 && low > 0 && Math.max(...values) / low >= 50;
}

/**
 * The axis that fits: numbers give a linear one, a logarithmic one where they are positive and wide; anything else gives one place a
 * category, sorted, evenly spaced. Nulls have no place. A single value lies in the middle.
 */
export function scaleOf(values: readonly Value[]): AxisScale {
  const present = values.filter((value) => value !== null && value !== '' && !(typeof value === 'number' && !Number.isFinite(value)));
  if (present.length > 0 && present.every(isNumeric)) return numberScale(present.map(Number));
  return categoryScale([...new Set(present.map(String))].sort());
}

function numberScale(values: number[]): AxisScale {
  const kind = wide(values) ? 'log' : 'linear';
  const whole = kind === 'linear' && values.every(Number.isInteger);
  const forth = kind === 'log' ? Math.log10 : (value: number): number => value;
  const back = kind === 'log' ? (value: number): number => 10 ** value : (value: number): number => value;
  const low = forth(values.reduce((a, b) => Math.min(a, b)));
  const high = forth(values.reduce((a, b) => Math.max(a, b)));
  const span = high - low;
  const place = (value: number): number => (span === 0 ? 0.5 : (forth(value) - low) / span);
  const marks = (kind === 'log' ? decades(low, high) : niceTicks(low, high, 5)).filter((mark) => !whole || Number.isInteger(mark));
  const between = columnFormat([back(low), back(high)]);
  const inside = marks.length >= 2 ? marks : [...new Set([back(low), back(high)])];
  return {
    kind,
    at: (value) => (isNumeric(value) && (kind === 'linear' || Number(value) > 0) ? place(Number(value)) : null),
    label: (at) => (kind === 'log' ? formatNumber(back(low + at * span), 3) : between(back(low + at * span))),
    // Ticks are round: six digits are never rounded, only enough to keep neighbours apart.
    ticks: inside.map((value) => ({ at: place(value), text: marks.length >= 2 ? formatNumber(value, 6) : formatNumber(value, 4) })),
  };
}

function categoryScale(names: string[]): AxisScale {
  const place = (index: number): number => (names.length === 1 ? 0.5 : index / (names.length - 1));
  const places = new Map(names.map((name, index) => [name, place(index)]));
  // Names would run into each other on one axis: some of them, evenly.
  const every = Math.max(1, Math.ceil(names.length / 20));
  return {
    kind: 'category',
    at: (value) => (value === null ? null : (places.get(String(value)) ?? null)),
    label: (at) => names[Math.round(at * (names.length - 1))] ?? '',
    ticks: names.flatMap((text, index) => (index % every === 0 ? [{ at: place(index), text }] : [])),
  };
}

/** Powers of ten between two exponents. */
function decades(low: number, high: number): number[] {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / 8));
  const found: number[] = [];
  for (let power = first; power <= last; power += step) found.push(10 ** power);
  return found;
}

/** About `wanted` round values (1, 2 or 5 times a power of ten apart) within two ends. */
export function niceTicks(low: number, high: number, wanted: number): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const found: number[] = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) found.push(Number((at * step).toPrecision(12)));
  return found;
}

export interface Brush { from: number; to: number }

/** Whether a run's places pass every brush; a run without a value on a brushed axis doesn't. */
export function passes(places: readonly (number | null)[], brushes: readonly (Brush | undefined)[]): boolean {
  return brushes.every((brush, axis) => {
    if (!brush) return true;
    const at = places[axis];
    return at !== null && at !== undefined && at >= brush.from - 1e-9 && at <= brush.to + 1e-9;
  });
}
