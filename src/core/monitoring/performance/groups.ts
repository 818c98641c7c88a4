/** Windows that lie side by side are read in one go: opening a log costs more than reading it. */
import type { Values } from '../../evaluation/data/types';
import type { TimeWindow } from '../../../protocol/performance';
import { momentAt } from '../feedback/log-rows';
import { placesWhere } from './places';

/** Of more rows at once not all columns may fit into memory. */
export const MOST_ROWS = 2_000_000;

/** In their order; a window begins a new group where it lies further from the one before than that is long, or where one of them is open. */
export function groupsOf(windows: readonly TimeWindow[]): TimeWindow[][] {
  const groups: TimeWindow[][] = [];
  for (const window of windows) {
    const last = groups.at(-1)?.at(-1);
    if (last && beside(last, window)) groups.at(-1)?.push(window);
    else groups.push([window]);
  }
  return groups;
}

function beside(one: TimeWindow, other: TimeWindow): boolean {
  if (one.from === null || one.to === null || other.from === null || other.to === null) return false;
  const gap = Math.max(other.from - one.to, one.from - other.to);
  return gap <= one.to - one.from;
}

/** From the first to the last moment of a group. */
export function reachOf(group: readonly TimeWindow[]): TimeWindow {
  const bounds = (of: (window: TimeWindow) => number | null, pick: (...all: number[]) => number): number | null => {
    const all = group.map(of);
    return all.includes(null) ? null : pick(...(all as number[]));
  };
  return { from: bounds(({ from }) => from, Math.min), to: bounds(({ to }) => to, Math.max) };
}

/** Rows of each window, of data that were opened for the reach of them all; null where a row's time can't be told here, so that each has to be opened by itself. */
export function rowsByWindow(times: Values, group: readonly TimeWindow[]): Int32Array[] | null {
  const rows = times.values.length;
  const { from: first, to: last } = reachOf(group);
  const moments = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const moment = momentAt(times, row) ?? NaN;
    if (!(moment >= (first ?? -Infinity) && moment < (last ?? Infinity))) return null;
    moments[row] = moment;
  }
  return group.map(({ from, to }) => placesWhere(rows, (row) => (moments[row] ?? NaN) >= (from ?? -Infinity) && (moments[row] ?? NaN) < (to ?? Infinity)));
}

/** Rows of a column, in the order of the places. */
export function valuesAt(column: Values, places: Int32Array): Values {
  const missing = column.missing && new Uint8Array(places.length);
  if (column.missing && missing) for (let at = 0; at < places.length; at++) missing[at] = column.missing[places[at] ?? 0] ?? 0;
  if (column.type === 'bool') return { type: 'bool', values: Uint8Array.from(places, (row) => column.values[row] ?? 0), missing };
  if (column.type !== 'float' && column.type !== 'int') return { type: column.type, values: Array.from(places, (row) => column.values[row] ?? ''), missing };
  const values = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) values[at] = column.values[places[at] ?? 0] ?? NaN;
  return { type: column.type, values, missing };
}
