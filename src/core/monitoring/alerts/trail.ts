/** What a check found in one window after another. Pure. */
import type { Outcome } from '../../../protocol/evaluation/result';
import type { ResultSummary } from '../../../protocol/monitoring';

/** `from` names the window. */
export interface Step { from: number; outcome: Outcome }
/** Oldest first, a window once. Windows that can't be told, or in which the check wasn't made, are not in it: they change nothing. */
export type Trail = readonly Step[];

/** By the check's key. A window that stands there twice counts as it was looked at last. */
export function trailsOf(results: readonly Pick<ResultSummary, 'created' | 'window' | 'checks'>[]): Map<string, Step[]> {
  const windows = new Map<number, Pick<ResultSummary, 'created' | 'window' | 'checks'>>();
  for (const one of results) if (one.created >= (windows.get(one.window.from)?.created ?? -Infinity)) windows.set(one.window.from, one);
  const trails = new Map<string, Step[]>();
  for (const { window: { from }, checks } of [...windows.values()].sort((a, b) => a.window.from - b.window.from)) {
    for (const { key, outcome } of checks) {
      if (outcome === 'cannot tell') continue;
      const trail = trails.get(key) ?? [];
      trail.push({ from, outcome });
      trails.set(key, trail);
    }
  }
  return trails;
}

/** How many of the newest steps in a row have an outcome; of windows later than `after` only. */
export function streak(trail: Trail, outcome: Outcome, after: number): number {
  let count = 0;
  for (let at = trail.length - 1; at >= 0; at--) {
    const step = trail[at];
    if (!step || step.from <= after || step.outcome !== outcome) break;
    count++;
  }
  return count;
}
