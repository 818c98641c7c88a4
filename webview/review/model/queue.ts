/** A list of rows to judge, and where in it one is. Pure: each change gives a new one. */
import type { Judgement, ReviewItem } from '../../../src/protocol/monitoring';

/** What one said of a row here. `saving`: it is on its way. */
export interface Said { judgement: Judgement; answer: string | number | null; comment: string; saving: boolean }
export interface Going { items: readonly ReviewItem[]; at: number; said: ReadonlyMap<string, Said>; /** keys of rows in the order in which they were judged: what undo takes back */ order: readonly string[] }

export const keyOf = ({ request, row }: Pick<ReviewItem, 'request' | 'row'>): string => `${row} ${request}`;
export const empty: Going = { items: [], at: 0, said: new Map(), order: [] };

/** At the row that was shown before, else at the first. What was said stays. */
export function loaded(before: Going, items: readonly ReviewItem[], row: string | null): Going {
  const at = items.findIndex((item) => keyOf(item) === row);
  return { ...before, items, at: Math.max(0, at) };
}

export const current = ({ items, at }: Going): ReviewItem | null => items[at] ?? null;
export const left = ({ items, said }: Going): number => items.filter((item) => !said.has(keyOf(item))).length;
export const moved = (going: Going, by: number): Going => ({ ...going, at: Math.max(0, Math.min(going.items.length - 1, going.at + by)) });

/** Said, and on to the next row that nobody has judged here: behind this one, else before it; at the last one it stays. */
export function judged(going: Going, said: Said): Going {
  const item = current(going);
  if (!item) return going;
  const key = keyOf(item);
  const after: Going = { ...going, said: new Map(going.said).set(key, said), order: [...going.order.filter((one) => one !== key), key] };
  const open = (from: number, to: number): number => after.items.findIndex((one, at) => at >= from && at < to && !after.said.has(keyOf(one)));
  const next = [open(going.at + 1, Infinity), open(0, going.at)].find((at) => at >= 0);
  return next === undefined ? after : { ...after, at: next };
}

/** It came to the disk. */
export function saved(going: Going, key: string): Going {
  const before = going.said.get(key);
  return before ? { ...going, said: new Map(going.said).set(key, { ...before, saving: false }) } : going;
}

/** As if nothing had been said of a row, and back at it. */
export function takenBack(going: Going, key: string): Going {
  const said = new Map(going.said);
  said.delete(key);
  const at = going.items.findIndex((item) => keyOf(item) === key);
  return { ...going, said, order: going.order.filter((one) => one !== key), at: at < 0 ? going.at : at };
}
