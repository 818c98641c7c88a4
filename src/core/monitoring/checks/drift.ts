/** What drifted: one finding a column, and one for all of them together. Pure. */
import type { ColumnDrift, DriftTest, MultivariateDrift } from '../../../protocol/drift';
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** Cannot tell where the window is empty or could not be compared; then there is one finding for the check as a whole, which is of no column. */
export function drift({ multivariate }: CheckOf<'drift'>, { drift: parts, facts }: Pick<Looked, 'drift' | 'facts'>, at: number): Finding[] {
  if (facts.rows === 0) return [finding('cannot tell', 'the window is empty')];
  const part = parts(at);
  if (part.value === null) return [finding('cannot tell', part.why)];
  const { columns, label, multivariate: together = [], reasons } = part.value;
  const each = [...Object.values(columns), ...(label ? [label] : [])].map((column) => columnFinding(column));
  const all = multivariate && together.length > 0 ? [allColumns(together)] : [];
  const found = [...each, ...all];
  return found.length > 0 ? found : [finding('cannot tell', reasons.join('; ') || 'no column could be compared')];
}

/** One finding for both looks at all columns together: they mostly see the same. What fails counts, then what can't be told. */
function allColumns(together: readonly MultivariateDrift[]): Finding {
  const outcome = (['fail', 'cannot tell'] as const).find((word) => together.some((one) => one.outcome === word)) ?? 'pass';
  const those = together.filter((one) => one.outcome === outcome);
  const worst = those.reduce<MultivariateDrift | undefined>((most, one) => (most === undefined || beyond(one) > beyond(most) ? one : most), undefined);
  const threshold = worst?.value != null && worst.lower !== null && worst.value < worst.lower ? worst.lower : worst?.upper ?? null;
  return { ...finding(outcome, outcome === 'pass' ? '' : those.map(({ reason }) => reason).join('; '), { subject: worst?.measure ?? '', value: worst?.value ?? null, threshold }), part: 'all columns' };
}
/** 1: at its limit. */
const beyond = ({ value, upper, lower }: MultivariateDrift): number => (value === null ? 0 : Math.max(upper ? value / upper : 0, lower ? lower / Math.max(value, 1e-9) : 0));

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
