/** A slice against all other rows. */
import { benjaminiHochberg, holm } from '../intervals/adjust';
import { errorAgainstRest } from '../intervals/mean';
import { accuracyAgainstRest } from '../intervals/two-proportions';
import { rocAuc } from '../metrics/roc';
import { cumulate, within } from '../metrics/ranking';
import type { Figures } from '../../../protocol/evaluation/result';
import type { Part } from './part';

export type AgainstRest = Record<string, unknown>;
export interface Seen { part: Part; figures: Figures }

/** Names are those of reference files: accuracy by Newcombe and the pooled z test, mean absolute error by Welch. Null where there is nothing to compare. A ranking without labels: `roc_auc_rest`, `roc_auc_diff`. */
export function againstRest({ part, figures }: Seen, { part: whole, figures: all }: Seen, mask: Uint8Array): AgainstRest | null {
  if (part.of.task === 'regression') {
    const found = errorAgainstRest(errorsOf(part), restErrors(whole, mask));
    return found && { ...found };
  }
  if (part.predicted && whole.predicted) {
    const right = Number(figures['n_correct']);
    const found = accuracyAgainstRest({ successes: right, n: part.n }, { successes: Number(all['n_correct']) - right, n: whole.n - part.n });
    return found && { ...found };
  }
  const { ranking, scores, truth, positive } = whole.of;
  if (!ranking || !scores || positive === null || !part.curve || part.n === whole.n) return null;
  const rest = rocAuc(cumulate(within(ranking, scores, mask.map((one) => 1 - one)), { truth, positive }));
  const own = rocAuc(part.curve);
  return rest === null || own === null ? null : { n_rest: whole.n - part.n, roc_auc_rest: rest, roc_auc_diff: own - rest };
}

/** Adds `p_holm` and `p_bh` over the slices that have a p. */
export function adjusted(all: readonly (AgainstRest | null)[]): void {
  const ps = all.map((one) => numberOf(one?.['p_pooled'] ?? one?.['welch_p']));
  const [byHolm, byBh] = [holm(ps), benjaminiHochberg(ps)];
  all.forEach((one, at) => {
    if (!one || !('p_pooled' in one || 'welch_p' in one)) return;
    one['p_holm'] = byHolm[at] ?? null;
    one['p_bh'] = byBh[at] ?? null;
  });
}

/** Support x how much worse than the rest: rows wrongly called that would not be at the rest's rate, or units of the label. */
export function harmOf(n: number, rest: AgainstRest | null): number | null {
  const worse = numberOf(rest?.['mae_diff']) ?? negative(numberOf(rest?.['accuracy_diff'] ?? rest?.['roc_auc_diff']));
  return worse === null ? null : n * worse;
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const negative = (value: number | null): number | null => (value === null ? null : -value);

export function errorsOf({ truthNumbers, numbers }: Pick<Part, 'truthNumbers' | 'numbers'>): Float64Array {
  const errors = new Float64Array(numbers.length);
  for (let row = 0; row < errors.length; row++) errors[row] = Math.abs((numbers[row] ?? NaN) - (truthNumbers[row] ?? NaN));
  return errors;
}

function restErrors(whole: Part, mask: Uint8Array): Float64Array {
  const errors = new Float64Array(whole.n);
  let n = 0;
  for (let row = 0; row < whole.n; row++) if (!mask[row]) errors[n++] = Math.abs((whole.numbers[row] ?? NaN) - (whole.truthNumbers[row] ?? NaN));
  return errors.slice(0, n);
}
