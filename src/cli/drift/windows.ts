/** Two windows of time over data with a time column, as options say them. */
import { RunyardError } from '../../core/base/errors';
import type { Given } from '../evaluation/words';

export interface Window { column: string; from?: string; to?: string; weekdays?: number[]; hours?: number[] }
const CADENCES = ['week', 'day'] as const;
const DAY = 86_400_000;
const HOUR = 3_600_000;
const EXAMPLE = '2026-11-01..2026-11-08';

/**
 * Null where there is no --time. Without --reference-window it is the time of the same length before the current one; with a cadence the four weeks before of which only the same weekdays
 * count (week), or the seven days before and the same hours (day), all in UTC. Throws bad_input naming the option.
 */
export function windowsOf(given: Pick<Given, 'text'>, otherData: boolean): { reference: Window | null; current: Window } | null {
  const column = given.text('time');
  const [before, now, cadence] = [given.text('reference-window'), given.text('current-window'), given.text('cadence')];
  if (column === undefined) {
    const said = Object.entries({ 'reference-window': before, 'current-window': now, cadence }).find(([, text]) => text !== undefined);
    if (said) throw new RunyardError('bad_input', `--${said[0]} needs to know which column tells the time`, 'write --time COLUMN');
    return null;
  }
  if (now === undefined) throw new RunyardError('bad_input', '--time needs the window that is looked at', `write --current-window ${EXAMPLE}`);
  const current = { column, ...boundsOf(now, 'current-window') };
  if (cadence !== undefined && !CADENCES.some((one) => one === cadence)) throw new RunyardError('bad_input', `--cadence ${cadence} is neither week nor day`, 'write --cadence week to compare Mondays with Mondays');
  if (before === undefined && cadence === undefined && otherData) return { reference: null, current };
  const [from, to] = [momentOf(current.from), momentOf(current.to)];
  if ((before === undefined || cadence !== undefined) && (from === null || to === null)) throw new RunyardError('bad_input', `--current-window ${now} is open on a side`, `write both ends, such as ${EXAMPLE}, or --reference-window and no --cadence`);
  const reference: Window = { column, ...(before === undefined ? earlier(from ?? 0, to ?? 0, cadence) : boundsOf(before, 'reference-window')) };
  return { reference: cadence === undefined ? reference : { ...reference, ...same(from ?? 0, to ?? 0, cadence) }, current };
}

/** FROM..TO; a side may be left out. What they are is read where the data are. */
function boundsOf(text: string, option: string): { from?: string; to?: string } {
  const [from = '', to = '', ...more] = text.split('..').map((part) => part.trim());
  if (!text.includes('..') || more.length > 0 || (from === '' && to === '')) throw new RunyardError('bad_input', `--${option} ${text} is no window`, `write --${option} ${EXAMPLE}: the first is in it, the second is not`);
  return { ...(from !== '' && { from }), ...(to !== '' && { to }) };
}

/** In UTC unless it says otherwise. Null: open, or no moment, of which reading the data tells. */
function momentOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const zoned = /[T ].*(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text) || !/[T ]/.test(text);
  const found = Date.parse(`${text.replace(' ', 'T')}${zoned ? '' : 'Z'}`);
  return Number.isNaN(found) ? null : found;
}

const iso = (ms: number): string => new Date(ms).toISOString();

function earlier(from: number, to: number, cadence: string | undefined): { from: string; to: string } {
  const length = cadence === 'week' ? 28 * DAY : cadence === 'day' ? 7 * DAY : to - from;
  return { from: iso(from - length), to: iso(from) };
}

/** The weekdays or hours that the window touches; nothing where it touches all. */
function same(from: number, to: number, cadence: string): Pick<Window, 'weekdays' | 'hours'> {
  const [step, all] = cadence === 'week' ? [DAY, 7] : [HOUR, 24];
  const touched = new Set<number>();
  for (let at = Math.floor(from / step) * step; at < to && touched.size < all; at += step) touched.add(cadence === 'week' ? new Date(at).getUTCDay() : new Date(at).getUTCHours());
  const found = [...touched].sort((a, b) => a - b);
  return found.length === all ? {} : cadence === 'week' ? { weekdays: found } : { hours: found };
}
