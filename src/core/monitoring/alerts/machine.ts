/**
 * When an alert opens, holds, wakes and ends. It opens after so many failing windows in a row, counts further ones without a word, and ends after so many passing ones: what
 * can't be told changes nothing. Acknowledged and snoozed alerts are quiet; a snoozed one wakes when its time is over and it still fails. What a person resolved opens
 * again only for a window later than all that had been seen by then. A window that is looked at again counts once. Pure; times in ms.
 */
import type { AlertState } from '../../../protocol/monitoring';
import { streak, type Trail } from './trail';

/** What the machine has to know of an alert. `first`: the window that opened it; `counted`: the newest failing window that was counted; `since`: passing windows count from later than this one on. */
export interface Standing { state: AlertState; snoozedUntil: number | null; first: number; counted: number; windows: number; since: number }
/** Windows up to this one say nothing any more: a person resolved what they showed. */
export interface Settled { through: number }
export interface Hysteresis { open: number; close: number }

export type Move =
  | { what: 'nothing' }
  | { what: 'open'; standing: Standing }
  | { what: 'hold' | 'wake' | 'resolve'; standing: Standing };

const NOTHING: Move = { what: 'nothing' };

/** For a check without an open alert. `trail`: with the window that was just looked at. `settled`: of the last alert of this check, where a person resolved it. */
export function mayOpen(trail: Trail, { open }: Pick<Hysteresis, 'open'>, settled: Settled | null): Move {
  const failing = streak(trail, 'fail', settled?.through ?? -Infinity);
  const last = trail.at(-1);
  if (!last || failing < open) return NOTHING;
  const first = trail[trail.length - failing]?.from ?? last.from;
  return { what: 'open', standing: { state: 'open', snoozedUntil: null, first, counted: last.from, windows: failing, since: first - 1 } };
}

/** For an alert that isn't resolved, once a window was looked at. */
export function goOn(standing: Standing, trail: Trail, { close, now }: Pick<Hysteresis, 'close'> & { now: number }): Move {
  if (standing.state === 'resolved') return NOTHING;
  const last = trail.at(-1);
  if (!last) return NOTHING;
  if (streak(trail, 'pass', standing.since) >= close) return { what: 'resolve', standing: { ...standing, state: 'resolved', snoozedUntil: null } };
  const awake = wake(standing, trail, now);
  const base = awake ?? standing;
  const fresh = last.outcome === 'fail' ? trail.filter(({ from, outcome }) => outcome === 'fail' && from > base.counted).length : 0;
  const after: Standing = fresh > 0 ? { ...base, windows: base.windows + fresh, counted: last.from } : base;
  if (awake) return { what: 'wake', standing: after };
  return fresh > 0 ? { what: 'hold', standing: after } : NOTHING;
}

/** The alert as it is once its snooze is over and the newest window still fails; null: it stays as it is. */
export function wake(standing: Standing, trail: Trail, now: number): Standing | null {
  const { state, snoozedUntil } = standing;
  if (state !== 'snoozed' || snoozedUntil === null || now < snoozedUntil || trail.at(-1)?.outcome !== 'fail') return null;
  return { ...standing, state: 'open', snoozedUntil: null };
}

export type Act = { action: 'acknowledge' } | { action: 'snooze'; until: number } | { action: 'resolve' } | { action: 'reopen'; seen: number };

/** What a person does; null where it is so already. Only a resolved alert can't be acknowledged, snoozed or resolved. `seen`: the newest window there is. */
export function act(standing: Standing, action: Act): Standing | null | 'refused' {
  const { state } = standing;
  if (action.action === 'reopen') return state === 'open' ? null : { ...standing, state: 'open', snoozedUntil: null, ...(state === 'resolved' && { since: Math.max(action.seen, standing.since) }) };
  if (state === 'resolved') return action.action === 'resolve' ? null : 'refused';
  if (action.action === 'acknowledge') return state === 'acknowledged' ? null : { ...standing, state: 'acknowledged', snoozedUntil: null };
  if (action.action === 'snooze') return { ...standing, state: 'snoozed', snoozedUntil: action.until };
  return { ...standing, state: 'resolved', snoozedUntil: null };
}
