/** Which rows each source would ask about. Pure. */
import type { ReviewSource } from '../../../protocol/monitoring';
import { rowKey } from '../feedback/keys';
import type { Labels } from '../feedback/labels';
import { personKey } from '../feedback/standing';
import type { Candidate, Candidates } from './choose';
import { chanceOf } from './chance';
import { LEAST_UNCERTAIN, uncertaintyOf, uncertaintyOfScore } from './uncertainty';
import type { Unlike } from './unlike';

/** One row of the log, of those that are looked through. `row` of the request; `at`: its place in the opened log. */
export interface Logged { at: number; request: string; row: number }
export interface Facts {
  rows: readonly Logged[];
  /** by class, of each row in their order; empty where the log has none */
  probabilities: Readonly<Record<string, Float64Array>>;
  /** a lone score, where the log has one */
  score: Float64Array | null;
  /** names of rules that each row met */
  rules: readonly string[] | null;
  unlike: Unlike | null;
  /** by key of a row: what the shadow said, and how far from what was answered (0 to 1) */
  flips: ReadonlyMap<string, { text: string; value: number }>;
}
export interface Asking { sources: readonly ReviewSource[]; reviewer: string; seed: number }

/** From here on the classifier's word counts: below it both sides are hardly told apart. */
export const TOLD_APART = 0.6;
const UNLIKE = 0.8;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Rows that an import gave a label to need nobody; those that the reviewer judged aren't asked again, those that others judged only by `again`. */
export function candidatesOf(facts: Facts, labels: Labels, { sources, reviewer, seed }: Asking): Candidates {
  const fresh: number[] = [];
  const again: (Candidate & { source: ReviewSource; by: number })[] = [];
  for (const [i, { request, row }] of facts.rows.entries()) {
    if (labels.imported(request, row)) continue;
    const words = labels.words(request, row);
    if (words.length === 0) fresh.push(i);
    else if (!words.some(({ by }) => personKey(by) === reviewer)) again.push({ row: i, value: 0, why: 'somebody else judged it: do you agree?', source: words[0]?.source ?? 'random', by: words.length });
  }
  const lot = (i: number): number => chanceOf(rowKey(facts.rows[i]?.request ?? '', facts.rows[i]?.row ?? 0), seed);
  const lots = new Map([...fresh, ...again.map((one) => one.row)].map((i) => [i, lot(i)]));
  const first = (a: number, b: number): number => (lots.get(a) ?? 0) - (lots.get(b) ?? 0);
  const sorted = (found: Candidate[]): Candidate[] => found.sort((a, b) => b.value - a.value || first(a.row, b.row));
  const of = (source: ReviewSource, find: () => Candidate[]): Candidate[] => (sources.includes(source) ? sorted(find()) : []);
  return {
    targeted: { uncertain: of('uncertain', () => uncertain(facts, fresh)), drifted: of('drifted', () => drifted(facts, fresh)), flagged: of('flagged', () => flagged(facts, fresh)), shadow: of('shadow', () => flips(facts, fresh)) },
    random: sources.includes('random') ? [...fresh].sort(first).map((row) => ({ row, value: 0, why: 'drawn by chance' })) : null,
    again: again.sort((a, b) => a.by - b.by || first(a.row, b.row)),
  };
}

function uncertain({ probabilities, score }: Facts, fresh: readonly number[]): Candidate[] {
  const classes = Object.entries(probabilities);
  return fresh.flatMap((row) => {
    const all = classes.map(([, values]) => values[row] ?? NaN);
    const found = classes.length >= 2 ? uncertaintyOf(all) : score || classes.length === 1 ? uncertaintyOfScore(score?.[row] ?? all[0] ?? NaN) : null;
    if (!found || found.margin < LEAST_UNCERTAIN) return [];
    const top = classes.map(([name], at) => ({ name, p: all[at] ?? 0 })).sort((a, b) => b.p - a.p).slice(0, 2);
    const why = top.length === 2 ? `the model hesitates: ${top.map(({ name, p }) => `${name} ${percent(p)}`).join(', ')}` : `the model hesitates: score ${(score?.[row] ?? all[0] ?? 0).toFixed(2)}`;
    return [{ row, value: found.margin + found.entropy * 1e-6, why }];
  });
}

function drifted({ unlike }: Facts, fresh: readonly number[]): Candidate[] {
  if (!unlike) return [];
  const trusted = (unlike.auc ?? 0) >= TOLD_APART;
  return fresh.flatMap((row) => {
    const outside = unlike.outside[row] ?? 0;
    const chance = trusted ? (unlike.chance[row] ?? 0) : 0;
    if (outside === 0 && !(chance >= UNLIKE)) return [];
    const odd = outside === 0 ? [] : Object.entries(unlike.odd(row)).map(([name, why]) => `${name} is ${why}`);
    const why = odd.length > 0 ? `${odd.slice(0, 2).join(', ')}${odd.length > 2 ? ` and ${odd.length - 2} more` : ''}` : `unlike the reference: ${percent(chance)} sure that it is none of its rows`;
    return [{ row, value: Math.max(Number.isNaN(chance) ? 0 : chance, outside > 0 ? 1 - 0.5 ** (outside + 1) : 0), why }];
  });
}

/** The rarer a rule, the more its rows are worth. */
function flagged({ rules, rows }: Facts, fresh: readonly number[]): Candidate[] {
  if (!rules) return [];
  const namesOf = (row: number): string[] => (rules[row] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  const counts = new Map<string, number>();
  for (const row of rows.keys()) for (const name of namesOf(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return fresh.flatMap((row) => {
    const names = namesOf(row);
    if (names.length === 0) return [];
    const rarest = Math.min(...names.map((name) => counts.get(name) ?? 0));
    return [{ row, value: 1 - rarest / (rows.length + 1), why: `${names.length === 1 ? 'rule' : 'rules'} ${names.join(', ')}` }];
  });
}

function flips({ flips: found, rows }: Facts, fresh: readonly number[]): Candidate[] {
  return fresh.flatMap((row) => {
    const one = rows[row];
    const flip = one && found.get(rowKey(one.request, one.row));
    return flip ? [{ row, value: flip.value, why: flip.text }] : [];
  });
}
