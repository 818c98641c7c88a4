import { newcombe, pooledZ } from '../../evaluation/intervals/two-proportions';
import type { Bounds } from '../../evaluation/intervals/interval';

export interface MissingChange { reference_missing: number; current_missing: number; reference_rate: number | null; current_rate: number | null; rate_change: number | null; newcombe95: Bounds | null; p_pooled: number | null }

/** How the share of missing values changed: current minus reference, with Newcombe's interval and the pooled two-proportion test. `n` counts all rows. */
export function missingChange(reference: { missing: number; n: number }, current: { missing: number; n: number }): MissingChange {
  const before = { successes: reference.missing, n: reference.n };
  const after = { successes: current.missing, n: current.n };
  const rate = ({ successes, n }: typeof before): number | null => (n > 0 ? successes / n : null);
  const [from, to] = [rate(before), rate(after)];
  return {
    reference_missing: reference.missing, current_missing: current.missing, reference_rate: from, current_rate: to,
    rate_change: from === null || to === null ? null : to - from, newcombe95: newcombe(after, before), p_pooled: pooledZ(after, before)?.p ?? null,
  };
}
