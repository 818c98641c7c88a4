/** Columns of both sides put together to a report. Pure. */
import type { ColumnDrift, DriftDoc, DriftRequest } from '../../../protocol/drift';
import { evidentlyVerdict } from './evidently';
import type { MeasuredColumn } from './figures';
import { byHarm, withHarm } from './harm';
import { psiNoise } from './noise';
import { judge, testsOf } from './tests';

export type Judgements = Pick<DriftDoc, 'columns' | 'label' | 'predictions' | 'drifted' | 'outcome' | 'reasons' | 'evidently_default'>;

/** Limits by the column's name, else those of all. `importance`: shares of the model's, by column; null: nothing is known. */
export function judgeColumns(measured: readonly MeasuredColumn[], { limits, limitsOf, alpha, seed }: Pick<DriftRequest, 'limits' | 'limitsOf' | 'alpha' | 'seed'>, importance: Readonly<Record<string, number>> | null = null): Judgements {
  const noises = measured.map(({ measured: { bins, n } }, at) => psiNoise(bins.reference, { n: n.reference, m: n.current, seed: seed + at }));
  // Labels come late: that the newest ones aren't there yet says nothing.
  const tested = (role: ColumnDrift['role'], tests: ReturnType<typeof testsOf>): typeof tests => (role === 'label' ? tests.filter(({ what }) => what !== 'missing') : tests);
  const verdicts = judge(measured.map(({ name, role, measured: own }, at) => ({ name, tests: tested(role, testsOf(own, noises[at] ?? null, { ...limits, ...given(limitsOf[name]) })) })), alpha);
  const all = measured.map(({ name, role, measured: { figures } }, at) => withHarm({
    name, role, type: figures['type'] === 'numeric' ? 'numeric' : 'categorical', figures, noise: noises[at] ?? null, ...(verdicts[at] ?? { tests: [], outcome: 'cannot tell', reason: '' }),
  }, importance));
  const drifted = all.filter(({ outcome }) => outcome === 'fail').sort(byHarm);
  const unsure = all.filter(({ outcome }) => outcome === 'cannot tell');
  const named = (role: ColumnDrift['role']): Record<string, ColumnDrift> => Object.fromEntries(all.filter((one) => one.role === role).map((one) => [one.name, one]));
  return {
    columns: named('input'), label: all.find(({ role }) => role === 'label') ?? null, predictions: named('prediction'), drifted: drifted.map(({ name }) => name),
    outcome: drifted.length > 0 ? 'fail' : unsure.length > 0 || all.length === 0 ? 'cannot tell' : 'pass',
    reasons: [...drifted, ...unsure].map(({ reason }) => reason), evidently_default: evidentlyVerdict(measured),
  };
}

const given = <T extends object>(one: T | undefined): { [K in keyof T]?: NonNullable<T[K]> } => Object.fromEntries(Object.entries(one ?? {}).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
