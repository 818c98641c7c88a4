/** One-sided p values that hold for few rows too. */
import { incompleteBeta, lnGamma } from '../../comparison/special';
import { random, unit } from '../intervals/random';

const draws = 9999;

/**
 * P(X >= hits), X hypergeometric: `drawn` of `all` rows without order, `marked` of all marked. Fisher's exact test, one-sided (Fisher 1935).
 * Summed from the observed term away from the mean, so that neither a tiny p nor one near 1 is lost. Exact to about 1e-9 relative.
 */
export function hypergeometricTail(hits: number, drawn: number, { marked, all }: { marked: number; all: number }): number {
  const least = Math.max(0, drawn + marked - all);
  const most = Math.min(drawn, marked);
  if (hits <= least) return 1;
  if (hits > most) return 0;
  const term = (k: number): number => Math.exp(lnChoose(marked, k) + lnChoose(all - marked, drawn - k) - lnChoose(all, drawn));
  const up = hits > (drawn / all) * marked;
  let k = up ? hits : hits - 1;
  let each = term(k);
  let sum = 0;
  while (k >= least && k <= most && each > sum * 1e-17) {
    sum += each;
    if (up) each *= ((marked - k) * (drawn - k)) / ((k + 1) * (all - marked - drawn + k + 1));
    else each *= (k * (all - marked - drawn + k)) / ((marked - k + 1) * (drawn - k + 1));
    k += up ? 1 : -1;
  }
  return Math.min(1, up ? sum : 1 - sum);
}

const lnChoose = (n: number, k: number): number => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);

/** P(X >= more), X binomial of `more + less` tries with chance 1/2: the sign test, and McNemar's exact one, one-sided. 1 where `more` is 0. */
export function signTail(more: number, less: number): number {
  return more === 0 ? 1 : incompleteBeta(more, less + 1, { x: 0.5, y: 0.5 });
}

/**
 * The share of 9,999 random divisions into parts of these sizes in which the first part's mean is at least the observed one, the
 * observed counted in: (1 + found) / 10,000 (Phipson & Smyth 2010), so never below 1e-4. The smaller part is the one drawn.
 */
export function permutationTail(first: Float64Array, rest: Float64Array, seed: number): number {
  const all = new Float64Array(first.length + rest.length);
  all.set(first);
  all.set(rest, first.length);
  const fewer = Math.min(first.length, rest.length);
  const sign = first.length <= rest.length ? 1 : -1;
  const observed = sign * (sign > 0 ? first : rest).reduce((sum, value) => sum + value, 0);
  const slack = 1e-12 * all.reduce((sum, value) => sum + Math.abs(value), 0);
  const next = random(seed);
  let found = 1;
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    for (let i = 0; i < fewer; i++) {
      const j = i + Math.floor(unit(next) * (all.length - i));
      const value = all[j] ?? 0;
      all[j] = all[i] ?? 0;
      all[i] = value;
      sum += value;
    }
    if (sign * sum >= observed - slack) found++;
  }
  return found / (draws + 1);
}

/** The same for differences against zero: each difference's sign is as likely either way. */
export function flipTail(differences: Float64Array, seed: number): number {
  const observed = differences.reduce((sum, value) => sum + value, 0);
  const slack = 1e-12 * differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const next = random(seed);
  let found = 1;
  for (let draw = 0; draw < draws; draw++) {
    if (differences.reduce((sum, value) => sum + (unit(next) < 0.5 ? value : -value), 0) >= observed - slack) found++;
  }
  return found / (draws + 1);
}
