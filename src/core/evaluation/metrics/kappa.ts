import { ratio } from './columns';
import type { Confusion } from './confusion';

/**
 * Cohen's kappa, unweighted (Cohen 1960): (o - e) / (1 - e), o the observed agreement and e = Σ t p that of chance, from the shares by class.
 * Edge cases: null without rows, and where truth and prediction are one and the same class throughout (0 / 0).
 */
export function cohenKappa({ k, actual, called, correct, total }: Confusion): number | null {
  if (total === 0) return null;
  let chance = 0;
  for (let c = 0; c < k; c++) {
    chance += ((actual[c] ?? 0) / total) * ((called[c] ?? 0) / total);
  }
  return ratio(correct / total - chance, 1 - chance);
}
