/** What a window is held against. Pure. */
import type { MonitorConfig } from '../../config/monitoring';
import type { LogWindow, ReferencePlace } from '../../domain/log-place';
import { hoursOf, lengthOf, weekdaysOf, type Window } from './window';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
/** How far back the same weekdays, or the same hours, are looked for. */
const WEEKS_BACK = 4 * WEEK;
const DAYS_BACK = 7 * DAY;

/** `text` for people; `from`, `to` where it is a window of the log. */
export interface Reference { place: ReferencePlace; text: string; from: number | null; to: number | null }

/**
 * Files as they are; else a window of the log itself. `previous`: the window before, or by cadence the same weekdays of the four weeks before (and the same hours, where
 * the window is shorter than a day), or the same hours of the seven days before. `before`: a window that ends so long before this one begins; where it is long
 * enough to have them, only its same weekdays or hours. It never reaches into the window itself.
 */
export function referenceOf({ reference, cadence, label }: Pick<MonitorConfig, 'reference' | 'cadence' | 'label'>, window: Window): Reference {
  if (typeof reference === 'object' && 'data' in reference) {
    return { place: { data: reference.data, label: reference.label ?? label ?? null }, text: reference.data.files.join(', '), from: null, to: null };
  }
  const length = window.to - window.from;
  if (reference === 'previous') {
    const back = cadence === 'week' ? Math.max(WEEKS_BACK, length) : cadence === 'day' && hoursOf(window) ? Math.max(DAYS_BACK, length) : length;
    const at = { from: window.from - back, to: window.from };
    return told(at, cadence === 'none' ? {} : alike(cadence, window), cadence === 'none' || back === length ? 'the window before' : '');
  }
  const to = window.from - lengthOf(reference.before);
  const from = to - (reference.window === undefined ? length : lengthOf(reference.window));
  const enough = cadence === 'week' ? WEEK : DAY;
  return told({ from, to }, cadence !== 'none' && to - from >= enough ? alike(cadence, window) : {}, '');
}

type Alike = Pick<LogWindow, 'weekdays' | 'hours'>;
function alike(cadence: 'day' | 'week', window: Window): Alike {
  const weekdays = cadence === 'week' ? weekdaysOf(window) : undefined;
  const hours = hoursOf(window);
  return { ...(weekdays && { weekdays }), ...(hours && { hours }) };
}

const NAMES = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
function told({ from, to }: Window, { weekdays, hours }: Alike, lead: string): Reference {
  const only = [...(weekdays ? [weekdays.map((day) => NAMES[day]).join(', ')] : []), ...(hours ? [`${hours.length === 1 ? 'hour' : 'hours'} ${hours.join(', ')} (UTC)`] : [])].join(', ');
  return { place: { window: { from, to, ...(weekdays && { weekdays }), ...(hours && { hours }) } }, from, to, text: [lead, only, spanText({ from, to })].filter(Boolean).join(': ') };
}

/** '2026-11-16 to 2026-11-17', with the time of day where it isn't midnight (UTC); `to` is exclusive. */
export function spanText({ from, to }: Window): string {
  const midnight = from % DAY === 0 && to % DAY === 0;
  const shown = (t: number): string => (midnight ? new Date(t).toISOString().slice(0, 10) : `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')}Z`);
  return `${shown(from)} to ${shown(to)}`;
}
