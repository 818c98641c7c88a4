/** What an evaluation came to as a whole, and why. */
import type { Check, Compared, Outcome, PinnedResult, SliceResult } from '../../../protocol/evaluation/result';
import { worst } from './checks';

export interface Judged { checks: readonly Check[]; slices: readonly Pick<SliceResult, 'name' | 'outcome' | 'checks' | 'compared'>[]; pinned: readonly PinnedResult[]; compared: Compared | null }

/** Fails where a check, a slice, a pinned example or the comparison does; else cannot tell where one of them can't; else passes. One reason a line, failures first. */
export function outcomeOf({ checks, slices, pinned, compared }: Judged): { outcome: Outcome; reasons: string[] } {
  const told: { outcome: Outcome; reason: string }[] = checks.map(({ outcome, reason }) => ({ outcome, reason }));
  for (const { name, outcome, checks: own, compared: against } of slices) {
    if (outcome === 'pass') continue;
    const failing = own.filter((check) => check.outcome === outcome).map(({ reason }) => reason);
    if (against?.failed) failing.push(`worse than the baseline: ${against.verdict.reason}`);
    told.push({ outcome, reason: `slice ${name}: ${failing.join('; ')}` });
  }
  for (const { example, outcome, reason } of pinned) told.push({ outcome, reason: `pinned example ${example.id}: ${reason}` });
  if (compared) {
    const { word, reason } = compared.verdict;
    const outcome = compared.failed || word === 'worse' ? 'fail' : word === 'cannot tell' ? 'cannot tell' : 'pass';
    told.push({ outcome, reason: `candidate against baseline: ${word}: ${reason}` });
  }
  const of = (outcome: Outcome): string[] => told.filter((one) => one.outcome === outcome).map(({ reason }) => reason);
  return { outcome: worst(told.map(({ outcome }) => outcome)), reasons: [...of('fail'), ...of('cannot tell')] };
}

/** Of a slice: its checks, and the gate against the baseline. */
export const sliceOutcome = (checks: readonly Check[], compared: Compared | null): Outcome => worst([...checks.map(({ outcome }) => outcome), compared?.failed ? 'fail' : 'pass']);
