/** What drifted: one finding a column, and one for each look at all of them together. Pure. */
import type { ColumnDrift, DriftTest } from '../../../protocol/drift';
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** Cannot tell where the window is empty or could not be compared; then there is one finding for the check as a whole, which is of no column. */
export function drift({ multivariate }: CheckOf<'drift'>, { drift: parts, facts }: Pick<Looked, 'drift' | 'facts'>, at: number): Finding[] {
  if (facts.rows === 0) return [finding('cannot tell', 'the window is empty')];
  const part = parts(at);
  if (part.value === null) return [finding('cannot tell', part.why)];
  const { columns, label, multivariate: together = [], reasons } = part.value;
  const each = [...Object.values(columns), ...(label ? [label] : [])].map((column) => columnFinding(column));
  const all = multivariate ? together.map((one) => finding(one.outcome, one.reason, { subject: one.measure, value: one.value, threshold: one.value !== null && one.lower !== null && one.value < one.lower ? one.lower : one.upper })) : [];
  const found = [...each, ...all];
  return found.length > 0 ? found : [finding('cannot tell', reasons.join('; ') || 'no column could be compared')];
}

export function columnFinding({ name, tests, outcome, reason }: Pick<ColumnDrift, 'name' | 'tests' | 'outcome' | 'reason'>): Finding {
  const worst = worstTest(tests);
  return finding(outcome, reason, { subject: name, value: worst?.effect ?? null, threshold: worst?.limit ?? null });
}

/** What drifted before what didn't; of these the one furthest beyond its limit. */
export function worstTest(tests: readonly DriftTest[]): DriftTest | null {
  const ranked = [...tests].filter(({ effect }) => effect !== null).sort((a, b) => Number(b.drifted) - Number(a.drifted) || ratioOf(b) - ratioOf(a));
  return ranked[0] ?? null;
}

/** 1: at its limit. */
export const ratioOf = ({ effect, limit }: Pick<DriftTest, 'effect' | 'limit'>): number => (effect ?? 0) / limit;
