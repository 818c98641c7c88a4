/** How a log is cut for a back-test. Pure. */
import { RunyardError } from '../../../base/errors';
import type { RetrainingConfig } from '../../../config/monitoring';
import type { Plan } from './replay';

const DAY = 86_400_000;
const MOST_WINDOWS = 200;
const FEWEST_WINDOWS = 4;

export interface Cut extends Plan { /** of the first model's rows, s: kept apart from it */ firstHoldout: number; /** ms */ begin: number }

/**
 * The first model's rows: those of the retraining's window, but a third of the log at most, a quarter of them (or `holdout`) kept apart. What follows is replayed in windows of
 * `length` ms (a day unless said; longer where there would be more than 200, shorter where fewer than 4). Throws bad_input for a log without time in it.
 */
export function planOf({ first, last }: { first: number; last: number }, limits: Pick<RetrainingConfig, 'window' | 'holdout' | 'coolDown' | 'budget'>, length: number | null): Cut {
  const end = last + 1;
  const span = end - first;
  if (!(span > 1000)) throw new RunyardError('bad_input', 'all labelled rows of the log are of one moment: there is no history to replay', 'see whether the column of time is the right one');
  const initial = Math.min(limits.window * 1000, span / 3);
  const start = Math.round(first + initial);
  const wanted = length ?? DAY;
  const count = (end - start) / wanted;
  const size = count > MOST_WINDOWS ? wanted * Math.ceil(count / MOST_WINDOWS) : count < FEWEST_WINDOWS ? (end - start) / FEWEST_WINDOWS : wanted;
  const windows: { from: number; to: number }[] = [];
  for (let at = 0; start + at * size < end; at++) windows.push({ from: Math.round(start + at * size), to: Math.min(end, Math.round(start + (at + 1) * size)) });
  return { begin: first, start, windows, limits, firstHoldout: Math.min(limits.holdout, initial / 4000) };
}
