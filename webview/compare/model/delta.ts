/** A figure beside the baseline's: display only, the verdict is the engine's. */
import type { Goal } from '../../../src/protocol/model';

export type Direction = 'better' | 'worse' | 'same' | 'unknown';
export interface Delta { change: number; direction: Direction; arrow: string }

/** Value minus baseline and whether that is the way the goal points. Null where one of the two is no finite number. */
export function deltaOf(value: number | null, baseline: number | null, goal: Goal | null): Delta | null {
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline)) return null;
  const change = value - baseline;
  if (change === 0) return { change, direction: 'same', arrow: '=' };
  const arrow = change > 0 ? '\u2191' : '\u2193';
  if (goal === null) return { change, direction: 'unknown', arrow };
  return { change, direction: change > 0 === (goal === 'maximize') ? 'better' : 'worse', arrow };
}
