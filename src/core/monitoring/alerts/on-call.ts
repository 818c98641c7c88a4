/** Who is called in a week. Weeks are dates: from a Monday on this machine's calendar, whatever its clocks do. Pure. */
import type { OnCallConfig } from '../../config/monitoring';

const DAY = 86_400_000;

/** A date as a number of days; a local moment's date, or an ISO date. */
const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY);
const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
function localDay(t: number): number {
  const at = new Date(t);
  return Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / DAY);
}
/** The Monday of the week that a day lies in; day 0 was a Thursday. */
const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

/** At a moment (ms); null before the rota begins, and without one. */
export const onCallAt = (config: OnCallConfig | null, t: number): string | null => (config === null ? null : nameOf(config, mondayOf(localDay(t))));

function nameOf({ start, people, except }: OnCallConfig, monday: number): string | null {
  const week = (monday - dayOf(start)) / 7;
  if (week < 0) return null;
  return except[dateOf(monday)] ?? people[week % people.length] ?? null;
}

/** The weeks from the one of `t` on (from the first, where the rota begins later), each with its Monday. */
export function weeksFrom(config: OnCallConfig | null, t: number, count: number): { from: string; name: string }[] {
  if (config === null) return [];
  const first = Math.max(mondayOf(localDay(t)), dayOf(config.start));
  return Array.from({ length: count }, (_, at) => first + 7 * at).map((monday) => ({ from: dateOf(monday), name: nameOf(config, monday) ?? '' }));
}
