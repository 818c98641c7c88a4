/** Better, worse, or cannot tell: never a bare number. */
import type { Goal, VerdictWord } from '../../protocol/model';
import { describe, welch, type Sample } from './means';

export interface VerdictInput { baseline: Float64Array; candidate: Float64Array; goal: Goal; confidence: number }
/** Null where it can't be said. Candidate minus baseline. */
export interface Judgement {
  word: VerdictWord; difference: number | null; low: number | null; high: number | null; p: number | null; method: string; reason: string;
  baseline: Sample; candidate: Sample;
}

/**
 * Compares a metric's values over the runs of two groups. Better or worse where Welch's interval of the difference of means lies
 * wholly on one side of 0; else cannot tell. NaN and infinite values are left out and said. With fewer than two values on a side
 * the spread is unknown; with no spread at all on both sides a t interval doesn't apply: both are cannot tell, with the way out.
 */
export function judge({ baseline, candidate, goal, confidence }: VerdictInput): Judgement {
  const sides = { baseline: describe(baseline), candidate: describe(candidate) };
  const difference = sides.candidate.mean - sides.baseline.mean;
  const unknown = (reason: string, method: string): Judgement => ({
    word: 'cannot tell', difference: Number.isFinite(difference) ? difference : null, low: null, high: null, p: null, method,
    reason: reason + leftOut(sides), ...sides,
  });
  for (const side of ['baseline', 'candidate'] as const) {
    if (sides[side].n === 0) return unknown(`the ${side} has no finite value of this metric`, 'none: no values');
  }
  const few = (['baseline', 'candidate'] as const).filter((side) => sides[side].n < 2);
  if (few.length > 0) {
    const who = few.length === 2 ? 'each side has one value' : `the ${few[0]} has one value`;
    return unknown(`${who}, so its spread from run to run is unknown: run more seeds (2 at least, 5 are better)`, 'none: one value has no spread');
  }
  const found = welch(sides.baseline, sides.candidate, confidence);
  if (!found) return unknown(withoutSpread(difference), 'none: no spread on either side');
  const gain = goal === 'maximize' ? 1 : -1;
  const word: VerdictWord = found.low > 0 || found.high < 0 ? (found.difference * gain > 0 ? 'better' : 'worse') : 'cannot tell';
  const { low, high, p } = found;
  return { word, difference: found.difference, low, high, p, method: methodName(confidence, found.df), reason: told(word, confidence) + oneSided(sides) + leftOut(sides), ...sides };
}

export const methodName = (confidence: number, df: number): string =>
  `Welch's t interval of the difference of means, ${percent(confidence)}, ${df.toFixed(1)} degrees of freedom`;

export const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;

function told(word: VerdictWord, confidence: number): string {
  if (word === 'cannot tell') return `the ${percent(confidence)} interval of the difference holds 0: more seeds would narrow it`;
  return `the ${percent(confidence)} interval of the difference lies wholly on one side of 0`;
}

function withoutSpread(difference: number): string {
  const what = difference === 0 ? 'every run of both sides gave the same value' : 'the runs of each side all gave one value';
  return `${what}: the seed changes nothing, so a t interval doesn't apply; vary the seed or the data split to see the spread`;
}

function oneSided({ baseline, candidate }: { baseline: Sample; candidate: Sample }): string {
  const flat = baseline.sd === 0 ? 'baseline' : candidate.sd === 0 ? 'candidate' : null;
  return flat ? `; the ${flat}'s runs all gave one value, so the spread is the other side's alone` : '';
}

function leftOut({ baseline, candidate }: { baseline: Sample; candidate: Sample }): string {
  const parts = [[baseline.excluded, 'baseline'], [candidate.excluded, 'candidate']].flatMap(([count, side]) => (count === 0 ? [] : `${count} of the ${side}`));
  return parts.length > 0 ? `; left out as not finite: ${parts.join(', ')}` : '';
}
