/** Windows of time that a monitor looks at: all of one length, without gaps, from a fixed origin. Times in ms since the epoch (UTC). Pure. */

export interface Window { from: number; to: number }
const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** The first Monday, 5 January 1970: weeks begin there; everything else at the epoch. */
const FIRST_MONDAY = 4 * DAY;

/** Of a window of so many seconds, ms; at least 1. */
export const lengthOf = (seconds: number): number => Math.max(1, Math.round(seconds * 1000));

/** The window that holds a moment; its end belongs to the next one. */
export function windowHolding(t: number, length: number): Window {
  const origin = length % WEEK === 0 ? FIRST_MONDAY : 0;
  const from = origin + Math.floor((t - origin) / length) * length;
  return { from, to: from + length };
}

/** The newest window that is over: one that ends now is. */
export const newestWhole = (now: number, length: number): Window => windowHolding(windowHolding(now, length).from - 1, length);

/** Days of the week (0 Sunday, UTC) that a window has a part of, ascending; undefined: all. */
export function weekdaysOf({ from, to }: Window): number[] | undefined {
  if (to - from >= WEEK) return undefined;
  const days = new Set<number>();
  for (let day = Math.floor(from / DAY); day * DAY < to; day++) days.add((((day + 4) % 7) + 7) % 7);
  return days.size === 7 ? undefined : [...days].sort((a, b) => a - b);
}

/** Hours (0 to 23, UTC) that a window has a part of, ascending; undefined: all. */
export function hoursOf({ from, to }: Window): number[] | undefined {
  const HOUR = 3_600_000;
  if (to - from >= DAY) return undefined;
  const hours = new Set<number>();
  for (let hour = Math.floor(from / HOUR); hour * HOUR < to; hour++) hours.add(((hour % 24) + 24) % 24);
  return hours.size === 24 ? undefined : [...hours].sort((a, b) => a - b);
}
