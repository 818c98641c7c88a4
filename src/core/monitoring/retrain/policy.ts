/** Whether a retraining begins now, or what holds it. Pure: the same facts, the same answer. Times in ms since the epoch. */
import type { RetrainingConfig } from '../../config/monitoring';
import type { RetrainingState } from '../../../protocol/monitoring';
import { firedOf, periodText, type Evidence, type Fired } from './triggers';

export const WEEK = 7 * 86_400_000;
/** How long nothing is tried again after there were too few labelled rows. */
export const RETRY = 3_600_000;

export type Hold = 'running' | 'coolDown' | 'runs' | 'minutes' | 'rows';
/** One that was begun or held back, as far as the policy needs it. `minutes`: that its run took so far. */
export interface Past { t: number; state: RetrainingState; minutes: number; hold: Hold | null }
type Limits = Pick<RetrainingConfig, 'coolDown' | 'budget'>;

export type Decision =
  | { what: 'nothing' }
  | { what: 'begin'; fired: Fired }
  /** `until`: when it holds no more, as far as that is known */
  | { what: 'hold'; fired: Fired; by: Hold; until: number | null; text: string };

const begun = (past: readonly Past[]): Past[] => past.filter(({ state }) => state !== 'held');
const LIVE = new Set<RetrainingState>(['waiting', 'running']);

/** Runs and minutes of the last seven days. */
export function usedOf(past: readonly Past[], now: number): { runs: number; minutes: number } {
  const week = begun(past).filter(({ t }) => t > now - WEEK);
  return { runs: week.length, minutes: week.reduce((sum, { minutes }) => sum + minutes, 0) };
}

/** Until when the cool-down holds; null: it doesn't. */
export function coolDownUntil(past: readonly Past[], { coolDown }: Limits, now: number): number | null {
  const last = begun(past).reduce((latest, { t }) => Math.max(latest, t), -Infinity);
  return last + coolDown * 1000 > now ? last + coolDown * 1000 : null;
}

/** What stands in the way of one now; null: nothing. */
export function holdOf(past: readonly Past[], limits: Limits, now: number): Omit<Extract<Decision, { what: 'hold' }>, 'what' | 'fired'> | null {
  if (past.some(({ state }) => LIVE.has(state))) return { by: 'running', until: null, text: 'one of it goes on already' };
  const cool = coolDownUntil(past, limits, now);
  if (cool !== null) return { by: 'coolDown', until: cool, text: `the cool-down of ${periodText(limits.coolDown)} holds until ${moment(cool)}` };
  const { perWeek, minutes } = limits.budget;
  const used = usedOf(past, now);
  const week = begun(past).filter(({ t }) => t > now - WEEK).map(({ t }) => t).sort((a, b) => a - b);
  if (used.runs >= perWeek) {
    const until = perWeek === 0 ? null : (week[used.runs - perWeek] ?? now) + WEEK;
    return { by: 'runs', until, text: `the budget of ${perWeek} ${perWeek === 1 ? 'run' : 'runs'} a week is used${until === null ? '' : ` until ${moment(until)}`}` };
  }
  if (used.minutes >= minutes) {
    const until = freeAt(past, minutes, now);
    return { by: 'minutes', until, text: `the budget of ${minutes} minutes a week is used (${Math.round(used.minutes)} of them) until ${moment(until)}` };
  }
  return null;
}

/** The first moment at which so much has left the week that minutes are there again. */
function freeAt(past: readonly Past[], budget: number, now: number): number {
  const week = begun(past).filter(({ t }) => t > now - WEEK).sort((a, b) => a.t - b.t);
  let left = usedOf(past, now).minutes;
  for (const { t, minutes } of week) {
    left -= minutes;
    if (left < budget) return t + WEEK;
  }
  return now + WEEK;
}

/** What comes of the triggers now. */
export function decide(config: Limits & Pick<RetrainingConfig, 'triggers'>, past: readonly Past[], evidence: Evidence): Decision {
  const fired = firedOf(config.triggers, evidence);
  if (!fired) return { what: 'nothing' };
  const hold = holdOf(past, config, evidence.now);
  if (hold) return { what: 'hold', fired, ...hold };
  const starved = past.find(({ hold: by, t }) => by === 'rows' && t > evidence.now - RETRY);
  if (starved) return { what: 'hold', fired, by: 'rows', until: starved.t + RETRY, text: `there were too few labelled rows: tried again at ${moment(starved.t + RETRY)}` };
  return { what: 'begin', fired };
}

const moment = (t: number): string => `${new Date(t).toISOString().slice(0, 16)}Z`;
