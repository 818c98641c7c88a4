/** When a monitor's schedule runs it. Pure; times in ms. */
import { nextOfCron } from '../../config/cron';
import type { MonitorConfig } from '../../config/monitoring';
import { periodText } from '../checks/fresh';
import { lengthOf } from '../monitors/window';

export type Schedule = NonNullable<MonitorConfig['schedule']>;
/** What is kept of a schedule: as it was written, since when it is known, and when it last ran. */
export interface Kept { text: string; seen: number; last: number | null }

/** '' where there is none. */
export const scheduleText = (schedule: Schedule | undefined): string => (schedule === undefined ? '' : 'cron' in schedule ? schedule.cron : `every ${periodText(schedule.every)}`);

/** What is known of it now: another schedule under the same name begins anew. */
export const keptOf = (schedule: Schedule, kept: Kept | null, now: number): Kept => (kept?.text === scheduleText(schedule) ? kept : { text: scheduleText(schedule), seen: now, last: kept?.last ?? null });

/**
 * The next run: at or before now where it is due. However many were missed, one is due: after it the next lies in the future. A length of time counts from the last run, and begins at once;
 * a cron line's first run is the next that comes. A clock that was set back doesn't put it off for longer than once around.
 */
export function nextRun(schedule: Schedule, kept: Kept, now: number): number | null {
  if ('every' in schedule) return kept.last === null ? kept.seen : Math.min(kept.last, now) + lengthOf(schedule.every);
  return nextOfCron(schedule.cron, Math.min(Math.max(kept.last ?? kept.seen, kept.seen), now));
}

export function isDue(schedule: Schedule, kept: Kept, now: number): boolean {
  const next = nextRun(schedule, kept, now);
  return next !== null && next <= now;
}
