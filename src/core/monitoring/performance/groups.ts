/** Windows that lie side by side are read in one go: opening a log costs more than reading it. */
import type { Values } from '../../evaluation/data/types';
import type { TimeWindow } from '../../../protocol/performance';
import { momentAt } from '../feedback/log-rows';

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
  const [first, last] = [reachOf(group).from ?? -Infinity, reachOf(group).to ?? Infinity];
  const [starts, ends] = [group.map(({ from }) => from ?? -Infinity), group.map(({ to }) => to ?? Infinity)];
  const momentOf = momentsOf(times);
  const found = group.map(() => new Int32Array(1024));
  const sizes = group.map(() => 0);
  for (let row = 0; row < rows; row++) {
    const moment = momentOf(row);
    if (!(moment >= first && moment < last)) return null;
    for (let at = 0; at < starts.length; at++) {
      if (moment < (starts[at] ?? 0) || moment >= (ends[at] ?? 0)) continue;
      let own = found[at] ?? new Int32Array();
      const size = sizes[at] ?? 0;
      if (size === own.length) {
        own = new Int32Array(2 * size);
        own.set(found[at] ?? []);
        found[at] = own;
      }
      own[size] = row;
      sizes[at] = size + 1;
    }
  }
  return found.map((own, at) => own.slice(0, sizes[at]));
}

/** The moment of a row, NaN where it has none: `momentAt`, but that a million stamps as data have them ('2026-11-02T08:00:00.25') cost no parsing each. */
function momentsOf(times: Values): (row: number) => number {
  if (times.type !== 'time') return (row) => momentAt(times, row) ?? NaN;
  const { values, missing } = times;
  let [day, midnight] = ['', NaN];
  return (row) => {
    const text = values[row] ?? '';
    // Up to a Z, which says no more than none does.
    const end = text.charCodeAt(text.length - 1) === 90 ? text.length - 1 : text.length;
    if (missing?.[row] || text.charCodeAt(10) !== 84 || (end !== 19 && (text.charCodeAt(19) !== 46 || end > 26))) return momentAt(times, row) ?? NaN;
    if (!text.startsWith(day) || day === '') [day, midnight] = [text.slice(0, 10), Date.parse(text.slice(0, 10))];
    const two = (at: number): number => 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 528;
    return midnight + 3_600_000 * two(11) + 60_000 * two(14) + 1000 * two(17) + (end === 19 ? 0 : Math.floor(1000 * Number(text.slice(19, end))));
  };
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
