/** Whether the model says other things than it did: its label and scores, with limits of their own. One finding, of what is furthest beyond. Pure. */
import type { ColumnDrift, DriftLimits } from '../../../protocol/drift';
import { likely } from '../drift/tests';
import { columnFinding, ratioOf, worstTest } from './drift';
import { digits, finding, type CheckOf, type Finding, type Looked } from './types';

export function predictions({ limits }: CheckOf<'predictions'>, { drift, facts }: Pick<Looked, 'drift' | 'facts'>, at: number): Finding[] {
  if (facts.rows === 0) return [finding('cannot tell', 'the window is empty')];
  const part = drift(at);
  if (part.value === null) return [finding('cannot tell', part.why)];
  const { alpha } = part.value.request;
  const judged = Object.values(part.value.predictions).map((one) => within(one, { limits, alpha }));
  if (judged.length === 0) return [finding('cannot tell', part.value.reference.rows === 0 ? part.value.reasons.join('; ') || 'the reference is empty' : 'nothing was predicted on both sides')];
  const ranked = judged.map((one) => ({ one, ratio: ratioOf(worstTest(one.tests) ?? { effect: 0, limit: 1 }) })).sort((a, b) => ORDER[a.one.outcome] - ORDER[b.one.outcome] || b.ratio - a.ratio);
  const failed = ranked.filter(({ one }) => one.outcome === 'fail');
  const worst = ranked[0]?.one;
  return [{ ...(worst ? columnFinding(worst) : finding('cannot tell', '')), subject: '', reason: failed.length > 0 ? failed.map(({ one }) => one.reason).join('; ') : worst?.reason ?? '' }];
}

const ORDER = { fail: 0, 'cannot tell': 1, pass: 2 } as const;

/** The same tests against other limits, by the rule of the report: the effect at or beyond its limit, and significant after false-discovery control. */
function within(column: ColumnDrift, { limits, alpha }: { limits: DriftLimits; alpha: number }): ColumnDrift {
  const tests = column.tests.map((test) => {
    const limit = test.what === 'distribution' ? limits.psi : limits[test.what];
    return { ...test, limit, drifted: !test.unsure && test.p_bh !== null && test.p_bh < alpha && test.effect !== null && test.effect >= limit };
  });
  const failed = tests.filter(({ drifted }) => drifted);
  const unsure = tests.find(({ what }) => what === 'distribution')?.unsure ?? false;
  const outcome = failed.length > 0 ? 'fail' : unsure ? 'cannot tell' : 'pass';
  const named = `predicted ${column.name}`;
  return { ...column, tests, outcome, reason: failed.length > 0 ? `${named}: ${failed.map(({ what, effect, limit, p_bh: p }) => `${WORDS[what]} ${digits(effect)} (limit ${digits(limit)}, ${likely(p)})`).join(', ')}` : unsure ? `${named}: too few values on a side` : '' };
}
const WORDS = { distribution: 'distribution, PSI above noise', missing: 'change of the share of missing values', unseen: 'share of rows with new values', range: "share of rows outside the reference's range" } as const;
