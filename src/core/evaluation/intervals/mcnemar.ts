/** Two models' right and wrong on the same rows. Differences are candidate minus baseline. */
import { incompleteBeta, lnGamma } from '../../comparison/special';
import { usualConfidence, type Bounds } from './interval';
import { twoSided, twoSidedPoint } from './normal';

/** Rows that only one of the two gets right, of n rows. */
export interface Discordant { only_baseline_right: number; only_candidate_right: number; n: number }

/** Counts the rows on which exactly one is right; the arrays hold 1 where the model is right. */
export function discordant(baselineRight: Uint8Array, candidateRight: Uint8Array): Discordant {
  let [b, c] = [0, 0];
  for (let row = 0; row < baselineRight.length; row++) {
    if (!baselineRight[row] === !candidateRight[row]) continue;
    if (baselineRight[row]) b++;
    else c++;
  }
  return { only_baseline_right: b, only_candidate_right: c, n: baselineRight.length };
}

/** `exact` and `mid` are conditional on the discordant rows; the chi-square ones approximate. */
export interface McNemar { exact: number; mid: number; chi2: number; chi2_p: number; chi2_corrected: number; chi2_corrected_p: number }

/**
 * McNemar's test that the two are right equally often (McNemar 1947), two-sided. Exact: min(1, 2 P(Bin(b + c, 1/2) <= min(b, c))).
 * Mid-p takes half the observed outcome's probability off (Fagerland, Lydersen & Laake 2013), nearer to the level. Chi-square with one
 * degree of freedom: (b - c)² / (b + c), and with Edwards' correction (|b - c| - 1)² / (b + c).
 * Edge case: every p is 1 where no row is discordant.
 */
export function mcnemar({ only_baseline_right: b, only_candidate_right: c }: Discordant): McNemar {
  const n = b + c;
  if (n === 0) return { exact: 1, mid: 1, chi2: 0, chi2_p: 1, chi2_corrected: 0, chi2_corrected_p: 1 };
  const least = Math.min(b, c);
  const tail = incompleteBeta(n - least, least + 1, { x: 0.5, y: 0.5 });
  const at = Math.exp(lnGamma(n + 1) - lnGamma(least + 1) - lnGamma(n - least + 1) - n * Math.LN2);
  const [plain, corrected] = [Math.abs(b - c), Math.max(0, Math.abs(b - c) - 1)].map((gap) => gap / Math.sqrt(n)) as [number, number];
  return {
    exact: Math.min(1, 2 * tail), mid: b === c ? 1 : Math.max(0, Math.min(1, 2 * tail - at)),
    chi2: plain * plain, chi2_p: twoSided(plain), chi2_corrected: corrected * corrected, chi2_corrected_p: twoSided(corrected),
  };
}

/**
 * Wald's interval of the paired difference of accuracies: d ± z √(b + c - (c - b)² / n) / n with d = (c - b) / n.
 * Null without rows. Where no row is discordant it has no width: McNemar's p of 1 says more there.
 */
export function waldPaired({ only_baseline_right: b, only_candidate_right: c, n }: Discordant, confidence = usualConfidence): Bounds | null {
  if (!(n > 0)) return null;
  const half = (twoSidedPoint(confidence) * Math.sqrt(Math.max(0, b + c - (c - b) ** 2 / n))) / n;
  return [(c - b) / n - half, (c - b) / n + half];
}

/**
 * How many rows it would take for the interval of the paired difference to exclude 0 in `power` of cases, were the shares as observed
 * (Connor 1987): n = (z₁ √s + z₂ √(s - d²))² / d², s the discordant share, d the difference. Null where d is 0: no number would do.
 */
export function rowsToTell({ only_baseline_right: b, only_candidate_right: c, n }: Discordant, { confidence = usualConfidence, power = 0.8 } = {}): number | null {
  if (!(n > 0) || b === c) return null;
  const [share, d] = [(b + c) / n, (c - b) / n];
  // z of P(Z <= z) = power is the two-sided point of the confidence 2 power - 1.
  const reach = twoSidedPoint(confidence) * Math.sqrt(share) + twoSidedPoint(2 * power - 1) * Math.sqrt(Math.max(0, share - d * d));
  return Math.ceil((reach / d) ** 2);
}

/** The names are those of reference files; differences are candidate minus baseline. */
export interface AccuracyCompared extends Discordant {
  accuracy_baseline: number | null; accuracy_candidate: number | null; diff: number | null; mcnemar_exact_p: number; mcnemar_mid_p: number; wald_paired95: Bounds | null;
}

/** Two models' accuracy on the same rows. Null accuracies and interval without rows. */
export function compareAccuracy(baselineRight: Uint8Array, candidateRight: Uint8Array): AccuracyCompared {
  const counts = discordant(baselineRight, candidateRight);
  const right = baselineRight.reduce((sum, one) => sum + (one ? 1 : 0), 0);
  const { n, only_baseline_right: b, only_candidate_right: c } = counts;
  const test = mcnemar(counts);
  const share = (part: number): number | null => (n > 0 ? part / n : null);
  return {
    ...counts, accuracy_baseline: share(right), accuracy_candidate: share(right - b + c), diff: share(c - b),
    mcnemar_exact_p: test.exact, mcnemar_mid_p: test.mid, wald_paired95: waldPaired(counts),
  };
}
