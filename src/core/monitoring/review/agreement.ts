/** Whether reviewers agree, beyond what chance alone would make. Pure. */
import { confusion, type Confusion } from '../../evaluation/metrics/confusion';
import { cohenKappa } from '../../evaluation/metrics/kappa';
import { twoSidedPoint } from '../../evaluation/intervals/normal';
import type { Bounds } from '../../../protocol/evaluation/result';
import type { Agreement } from '../../../protocol/monitoring';
import type { Word } from '../feedback/reviews';
import { personKey } from '../feedback/standing';

const MOST_DISAGREED = 200;

/** What a word comes to: the answer that is right as it has it, else that it is wrong or unsure. */
const saying = ({ label, judgement }: Pick<Word, 'label' | 'judgement'>): string => (label === null ? `(${judgement})` : label);

/** `words`: those that stand, by row. Pairs of reviewers with a row in common, those with the most rows first. */
export function agreementOf(words: Iterable<readonly Word[]>): Omit<Agreement, 'model'> {
  const names = new Map<string, { name: string; rows: number }>();
  const pairs = new Map<string, { a: string; b: string; said: [string, string][] }>();
  const disagreed: Agreement['disagreed'] = [];
  for (const row of words) {
    for (const { by } of row) names.set(personKey(by), { name: by.name, rows: (names.get(personKey(by))?.rows ?? 0) + 1 });
    if (new Set(row.map(saying)).size > 1) disagreed.push({ request: row[0]?.request ?? '', row: row[0]?.row ?? 0, said: row.map(({ by, judgement, answer, label }) => ({ by: by.name, judgement, answer: answer ?? label })) });
    const sorted = [...row].sort((a, b) => (personKey(a.by) < personKey(b.by) ? -1 : 1));
    for (const [at, one] of sorted.entries()) for (const other of sorted.slice(at + 1)) {
      const key = JSON.stringify([personKey(one.by), personKey(other.by)]);
      const pair = pairs.get(key) ?? { a: personKey(one.by), b: personKey(other.by), said: [] };
      pair.said.push([saying(one), saying(other)]);
      pairs.set(key, pair);
    }
  }
  return {
    pairs: [...pairs.values()].map(({ a, b, said }) => ({ a: names.get(a)?.name ?? a, b: names.get(b)?.name ?? b, rows: said.length, agreed: said.filter(([one, other]) => one === other).length, ...kappaOf(said) })).sort((x, y) => y.rows - x.rows),
    disagreed: disagreed.slice(0, MOST_DISAGREED), reviewers: [...names.values()].sort((x, y) => y.rows - x.rows || (x.name < y.name ? -1 : 1)),
  };
}

function kappaOf(said: readonly (readonly [string, string])[]): { kappa: number | null; interval: Bounds | null } {
  const names = [...new Set(said.flat())];
  const place = new Map(names.map((name, at) => [name, at]));
  const codes = (who: 0 | 1): Int32Array => Int32Array.from(said, (pair) => place.get(pair[who]) ?? -1);
  const counts = confusion({ truth: codes(0), predicted: codes(1) }, names.length);
  const kappa = cohenKappa(counts);
  return { kappa, interval: kappa === null ? null : kappaInterval(counts, kappa) };
}

/**
 * κ ± z s by the large-sample variance (Fleiss, Cohen & Everitt 1969): s² = (Σᵢ pᵢᵢ [1 - (pᵢ. + p.ᵢ)(1 - κ)]² + (1 - κ)² Σᵢ≠ⱼ pᵢⱼ (p.ᵢ + pⱼ.)² - [κ - e (1 - κ)]²) / (n (1 - e)²),
 * cut off at -1 and 1. Edge cases: null below two rows, and where all agree or chance explains all: there s is 0 or can't be told, which says nothing of few rows.
 */
export function kappaInterval({ k, matrix, actual, called, total }: Confusion, kappa: number): Bounds | null {
  if (total < 2) return null;
  const share = (weights: Float64Array, at: number): number => (weights[at] ?? 0) / total;
  let [chance, same, other] = [0, 0, 0];
  for (let i = 0; i < k; i++) {
    chance += share(actual, i) * share(called, i);
    for (let j = 0; j < k; j++) {
      const p = share(matrix, i * k + j);
      if (i === j) same += p * (1 - (share(actual, i) + share(called, i)) * (1 - kappa)) ** 2;
      else other += p * (share(called, i) + share(actual, j)) ** 2;
    }
  }
  if (chance >= 1) return null;
  const variance = (same + (1 - kappa) ** 2 * other - (kappa - chance * (1 - kappa)) ** 2) / (total * (1 - chance) ** 2);
  if (!(variance > 1e-15)) return null;
  const half = twoSidedPoint(0.95) * Math.sqrt(variance);
  return [Math.max(-1, kappa - half), Math.min(1, kappa + half)];
}
