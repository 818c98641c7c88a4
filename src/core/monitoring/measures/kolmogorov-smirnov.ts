import { gapsOf } from './gaps';
import { kolmogorovSmirnovTail, kolmogorovTail } from './kolmogorov';
import { exactTail } from './kolmogorov-exact';
import type { Sample } from './sample';

export interface KolmogorovSmirnov {
  /** the largest gap between the two empirical distribution functions, 0 to 1 */
  statistic: number;
  /** as `scipy.stats.ks_2samp(method="asymp")`: the one-sample distribution with round(nm / (n + m)) values */
  p_asymp_scipy: number;
  /** Kolmogorov's limit at sqrt(nm / (n + m)) times the statistic */
  p_kolmogorov: number;
  /** exact for two samples without ties; null where a side has more than 1,000 values */
  p_exact: number | null;
}

const mostForExact = 1000;

/** The two-sample Kolmogorov-Smirnov test. Source: Smirnov (1939); Hodges (1958) for the exact p. Edge cases: ties are walked over together; null where a side is empty. */
export function kolmogorovSmirnov(reference: Sample, current: Sample): KolmogorovSmirnov | null {
  const [n, m] = [reference.sorted.length, current.sorted.length];
  const gap = gapsOf(reference, current)?.largest;
  if (gap === undefined) return null;
  const statistic = gap / (n * m);
  const size = (n * m) / (n + m);
  return {
    statistic, p_asymp_scipy: kolmogorovSmirnovTail(Math.max(1, roundToEven(size)), statistic), p_kolmogorov: kolmogorovTail(Math.sqrt(size) * statistic),
    p_exact: Math.max(n, m) > mostForExact ? null : exactTail(n, m, gap),
  };
}

/** As numpy rounds. */
function roundToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
