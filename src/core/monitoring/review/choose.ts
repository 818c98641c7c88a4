/** Which rows a person is asked about, and in which order. Pure. */
import type { ReviewSource } from '../../../protocol/monitoring';

export type Targeted = Exclude<ReviewSource, 'random'>;
/** In the order in which a row that several name is given to one of them. */
export const TARGETED: readonly Targeted[] = ['flagged', 'shadow', 'uncertain', 'drifted'];

export interface Candidate { row: number; value: number; why: string }
export interface Candidates {
  /** the best first; rows that may be asked */
  targeted: Partial<Record<Targeted, readonly Candidate[]>>;
  /** rows that may be asked, in their order by chance; null: none are asked by chance */
  random: readonly Candidate[] | null;
  /** rows that somebody else judged, in the order in which they are to be judged again */
  again: readonly (Candidate & { source: ReviewSource })[];
}
export interface Share { limit: number; randomShare: number; again: number }
export interface Chosen extends Candidate { source: ReviewSource }

/**
 * Of `limit` rows a share by chance and a share that others judged; the rest goes round the other sources, the best of each first. A source that has no more leaves its
 * place to the others, and in the end to chance. No row comes twice; of one that several name, every reason is said.
 */
export function chooseRows({ targeted, random, again }: Candidates, { limit, randomShare, again: share }: Share): { items: Chosen[]; left: Record<ReviewSource, number> } {
  const taken = new Set<number>();
  const reasons = reasonsOf(targeted);
  const next = <T extends Candidate>(list: readonly T[], place: { at: number }): T | null => {
    while (place.at < list.length && taken.has(list[place.at]?.row ?? -1)) place.at++;
    return list[place.at++] ?? null;
  };
  const take = <T extends Candidate>(list: readonly T[], count: number, as: (candidate: T) => Chosen): Chosen[] => {
    const place = { at: 0 };
    const found: Chosen[] = [];
    for (let candidate = next(list, place); candidate && found.length < count; candidate = found.length < count ? next(list, place) : null) {
      taken.add(candidate.row);
      found.push(as(candidate));
    }
    return found;
  };
  const chance = random ?? [];
  const byChance = (candidate: Candidate): Chosen => ({ ...candidate, source: 'random', why: said(candidate.why, reasons.get(candidate.row)) });
  const others = take(again, Math.round(limit * share), (candidate) => candidate);
  const drawn = take(chance, random && randomShare > 0 ? Math.max(1, Math.round(limit * randomShare)) : 0, byChance);
  const best = around(targeted, limit - others.length - drawn.length, { next, taken, reasons });
  const rest = take(chance, randomShare > 0 || best.length === 0 ? limit - others.length - drawn.length - best.length : 0, byChance);
  const items = spread(best, [...drawn, ...rest], others, { limit, randomShare, again: share }).slice(0, limit);
  const asked = new Set(items.map(({ row }) => row));
  const remaining = (list: readonly Candidate[] | undefined): number => list?.filter(({ row }) => !asked.has(row)).length ?? 0;
  return { items, left: { uncertain: remaining(targeted.uncertain), drifted: remaining(targeted.drifted), flagged: remaining(targeted.flagged), shadow: remaining(targeted.shadow), random: remaining(chance) } };
}

interface Going { next(list: readonly Candidate[], place: { at: number }): Candidate | null; taken: Set<number>; reasons: Reasons }

function around(targeted: Candidates['targeted'], count: number, { next, taken, reasons }: Going): Chosen[] {
  const found: Chosen[] = [];
  let turns = TARGETED.map((source) => ({ source, list: targeted[source] ?? [], place: { at: 0 } }));
  while (turns.length > 0 && found.length < count) {
    turns = turns.filter(({ source, list, place }) => {
      if (found.length >= count) return false;
      const candidate = next(list, place);
      if (!candidate) return false;
      taken.add(candidate.row);
      found.push({ ...candidate, source, why: said(candidate.why, reasons.get(candidate.row)?.filter((why) => why !== candidate.why)) });
      return true;
    });
  }
  return found;
}

type Reasons = ReadonlyMap<number, readonly string[]>;

function reasonsOf(targeted: Candidates['targeted']): Reasons {
  const found = new Map<number, string[]>();
  for (const source of TARGETED) for (const { row, why } of targeted[source] ?? []) found.set(row, [...(found.get(row) ?? []), why]);
  return found;
}

const said = (why: string, more: readonly string[] = []): string => [why, ...more].join('; ');

/** The best first; from the fifth row on (with a share of a fifth) each fifth by chance, and so on: whoever stops early has done their part of each. */
function spread(best: readonly Chosen[], drawn: readonly Chosen[], others: readonly Chosen[], { randomShare, again }: Share): Chosen[] {
  const found: Chosen[] = [];
  const at = { best: 0, drawn: 0, others: 0 };
  const total = best.length + drawn.length + others.length;
  while (found.length < total) {
    const due = (share: number): number => Math.floor((found.length + 1) * share + 1e-9);
    const chance = at.drawn < drawn.length && (at.drawn < due(randomShare) || (at.best >= best.length && at.others >= others.length));
    const other = !chance && at.others < others.length && (at.others < due(again) || at.best >= best.length);
    const next = chance ? drawn[at.drawn++] : other ? others[at.others++] : best[at.best++];
    if (next) found.push(next);
  }
  return found;
}
