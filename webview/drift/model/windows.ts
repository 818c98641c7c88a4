/** The windows that are shown: what they are called, where they lie on an axis, how many of them fit. Times in ms since the epoch, shown in UTC, for windows are cut there. Pure. */
import type { DriftDoc } from '../../../src/protocol/drift';
import { cellOf, everyColumn, type DriftCell } from '../../../src/protocol/drift-measures';
import type { Outcome } from '../../../src/protocol/evaluation/result';
import type { ResultSummary } from '../../../src/protocol/monitoring';
import type { HistoryRow } from '../../../src/protocol/registry';

/** A column of the heat map. `from` and `to` null: it isn't of a log, but of two data sets. */
export interface ShownWindow { id: string; from: number | null; to: number | null; rows: number; outcome: Outcome; reasons: string[]; cells: Readonly<Record<string, DriftCell>>; versions: number[]; figures: ResultSummary['figures']; summary: ResultSummary | null }

/** Results as windows, oldest first; of one window that was looked at several times the newest result. */
export function windowsOf(results: readonly ResultSummary[]): ShownWindow[] {
  const newest = new Map<string, ResultSummary>();
  for (const one of results) {
    const key = `${one.window.from} ${one.window.to}`;
    const before = newest.get(key);
    if (!before || before.created <= one.created) newest.set(key, one);
  }
  return [...newest.values()].sort((a, b) => a.window.from - b.window.from || a.window.to - b.window.to).map((one) => ({
    id: one.id, from: one.window.from, to: one.window.to, rows: one.window.rows, outcome: one.outcome, reasons: one.reasons, cells: one.columns, versions: one.versions, figures: one.figures, summary: one,
  }));
}

/** A comparison of two data sets as a heat map of one window. */
export const windowOfDoc = (doc: DriftDoc): ShownWindow => ({
  id: 'comparison', from: null, to: null, rows: doc.current.rows, outcome: doc.outcome, reasons: doc.reasons, cells: Object.fromEntries(everyColumn(doc).map((one) => [one.name, cellOf(one)])), versions: [], figures: {}, summary: null,
});

/** Some tens of thousands of cells are told of in one answer; more windows are asked for by the person. */
const CELLS = 40_000;
/** As many windows as are asked for when it is known how many columns there are. */
export const windowsToAsk = (columns: number): number => Math.max(6, Math.min(60, Math.floor(CELLS / Math.max(1, columns))));

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const dayOf = (t: number): string => `${new Date(t).getUTCDate()} ${MONTHS[new Date(t).getUTCMonth()] ?? ''}`;
const clockOf = (t: number): string => `${two(new Date(t).getUTCHours())}:${two(new Date(t).getUTCMinutes())}`;

/** As short as it can be told from its neighbours: '16 Nov', '14:00', and the day again where a new one begins. */
export function shortLabel({ from, to }: { from: number | null; to: number | null }, before?: { from: number | null } | undefined): string {
  if (from === null) return 'current';
  if (to !== null && to - from >= DAY) return dayOf(from);
  const sameDay = before?.from != null && Math.floor(before.from / DAY) === Math.floor(from / DAY);
  return sameDay ? clockOf(from) : dayOf(from);
}

/** 'Mon 16 Nov 2026', '16 Nov 2026 14:00 to 15:00', with UTC said. */
export function longLabel({ from, to }: { from: number | null; to: number | null }): string {
  if (from === null || to === null) return 'current data';
  const year = new Date(from).getUTCFullYear();
  if (to - from === DAY && from % DAY === 0) return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(from).getUTCDay()] ?? ''} ${dayOf(from)} ${year} (UTC)`;
  if (from % DAY === 0 && to % DAY === 0) return `${dayOf(from)} to ${dayOf(to - DAY)} ${year} (UTC)`;
  return `${dayOf(from)} ${year} ${clockOf(from)} to ${Math.floor(from / DAY) === Math.floor((to - 1) / DAY) ? '' : `${dayOf(to)} `}${clockOf(to)} (UTC)`;
}

/** 1 day, 6 h, 30 min: how long a window is, in seconds. */
export function lengthText(seconds: number): string {
  for (const [size, one, many] of [[604_800, 'week', 'weeks'], [86_400, 'day', 'days'], [3600, 'h', 'h'], [60, 'min', 'min']] as const) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${seconds / size === 1 ? one : many}`;
  }
  return `${seconds} s`;
}

export interface Mark { t: number; version: number | null; back: boolean; forced: boolean; text: string }
/** What went live in an environment, oldest first. */
export const marksOf = (rows: readonly HistoryRow[], environment: string): Mark[] => rows.filter(({ kind, environment: where }) => where === environment && ['promoted', 'forced', 'rolledBack'].includes(kind))
  .map(({ t, version, kind, forced, text }) => ({ t, version, back: kind === 'rolledBack', forced, text })).sort((a, b) => a.t - b.t);
/** A roll back points back. */
const markSign = ({ back }: Pick<Mark, 'back'>): string => (back ? '\u25c0' : '\u25b6');
export const markText = (mark: Mark): string => `${markSign(mark)} v${mark.version ?? '?'}`;
/** Those that happened in the window. */
export const marksIn = (marks: readonly Mark[], { from, to }: { from: number | null; to: number | null }): Mark[] => (from === null || to === null ? [] : marks.filter(({ t }) => t >= from && t < to));

export interface WindowScale { /** windows begin at whole numbers where they follow each other without a gap */ at(t: number): number; /** the middle of a window */ of(window: { from: number | null; to: number | null }): number; low: number; high: number; step: number; format(value: number): string; inside(t: number): boolean }

/** An axis over time in windows: a gap between windows is as wide as it lasted. Null where no window has a time. */
export function windowScale(windows: readonly { from: number | null; to: number | null }[], most = 8): WindowScale | null {
  const timed = windows.flatMap(({ from, to }) => (from === null || to === null || to <= from ? [] : [{ from, to }]));
  const first = timed[0];
  const last = timed.at(-1);
  if (!first || !last) return null;
  const lengths = timed.map(({ from, to }) => to - from).sort((a, b) => a - b);
  const length = lengths[Math.floor(lengths.length / 2)] ?? 1;
  const at = (t: number): number => (t - first.from) / length;
  const high = Math.max(1, at(last.to));
  const step = Math.max(1, Math.ceil(high / most));
  return {
    at, of: ({ from, to }) => (from === null || to === null ? NaN : at((from + to) / 2)), low: 0, high, step, inside: (t) => t >= first.from && t <= last.to,
    format(value) {
      const from = first.from + Math.floor(value + 1e-6) * length;
      return from >= last.to ? '' : shortLabel({ from, to: from + length }, length < DAY && from > first.from ? { from: from - step * length } : undefined);
    },
  };
}
