/** The candidate against what is live: which evaluation says something of it, and what each figure came to. Pure. */
import type { EvaluationDoc, EvaluationSummary } from '../../../src/protocol/evaluation/result';
import type { VersionFacts } from '../../../src/protocol/registry';
import { figureTitle, goalOf, ranged } from '../../evaluation/model/figures';
import { changeGap, sliceLines, sortLines, type Gap, type SliceLine } from '../../evaluation/model/slices';

/** Whether an evaluation's model is this version: by the bytes. */
export function isModel(digest: string | undefined, facts: Pick<VersionFacts, 'digest' | 'files'>): boolean {
  return digest !== undefined && (digest === facts.digest || facts.files.some((file) => file.digest === digest));
}

/** Evaluations of a version in the order in which they are worth reading: those that the gates asked, those with something to hold against, the newest. */
export function worthReading(evaluations: readonly EvaluationSummary[], gates: readonly string[] = []): string[] {
  const place = (one: EvaluationSummary): number => (gates.includes(one.id) ? 0 : one.baseline !== null ? 1 : 2);
  const known = [...evaluations].sort((a, b) => place(a) - place(b) || b.created - a.created).map((one) => one.id);
  return [...new Set([...gates, ...known])];
}

/** paired: on the same rows against what is live; apart: two evaluations of the same data; alone: only the candidate. */
export type Pairing = 'paired' | 'apart' | 'alone';
export interface Compared { doc: EvaluationDoc; pairing: Pairing; /** of what is live, where they are apart */ other: EvaluationDoc | null }

/** A version that an evaluation may be held against: `name` is 'MODEL/NUMBER', as an evaluation asks for it. */
export type LiveFacts = Pick<VersionFacts, 'digest' | 'files'> & { name: string };

/** By what it asked for, for a version never changes; else by the bytes. */
export function isAgainst({ baseline, request }: Pick<EvaluationDoc, 'baseline' | 'request'>, live: LiveFacts): boolean {
  if (!baseline) return false;
  return request.baseline?.registered === live.name || isModel(baseline.digest, live);
}

/** `other`: the newest evaluation of what is live, where one is known. It counts only where its data, its label and its main figure are the same. */
export function compareDocs(doc: EvaluationDoc, live: LiveFacts | null, other: EvaluationDoc | null): Compared {
  if (live && isAgainst(doc, live)) return { doc, pairing: 'paired', other: null };
  const same = other !== null && other.data.digest === doc.data.digest && other.label === doc.label && other.main.metric === doc.main.metric;
  return { doc, pairing: same ? 'apart' : 'alone', other: same ? other : null };
}

export interface FigureLine { path: string; title: string; goal: 'maximize' | 'minimize' | null; own: ReturnType<typeof ranged>; live: ReturnType<typeof ranged> | null; gap: Gap | null }

/** A figure of both, side by side; the difference only where it was measured on the same rows. */
export function figureLine({ doc, pairing, other }: Compared, path: string): FigureLine {
  const live = pairing === 'paired' ? doc.baselineOverall : (other?.overall ?? null);
  return {
    path, title: figureTitle(path), goal: goalOf(path, doc.main), own: ranged(doc.overall, path),
    live: live === null ? null : ranged(live, path), gap: pairing === 'paired' ? changeGap(doc.overall, path, doc) : null,
  };
}

export interface ComparedSlice extends SliceLine { /** of what is live */ before: number | null }

export const sliceKeys = ['name', 'n', 'before', 'value', 'change'] as const;
export type SliceKey = (typeof sliceKeys)[number];

/** All rows first, then the slices; `sort` null: the one that got worst on top. Without anything to hold against, the worst value is on top. */
export function comparedSlices({ doc, pairing, other }: Compared, sort: { key: string; descending: boolean } | null): ComparedSlice[] {
  const metric = doc.main.metric;
  const others = new Map(other?.slices.map((slice) => [slice.name, ranged(slice, metric).value]) ?? []);
  const before = (slice: string | null): number | null => {
    if (pairing === 'alone') return null;
    if (pairing === 'apart') return slice === null ? (other ? ranged(other.overall, metric).value : null) : (others.get(slice) ?? null);
    const figures = slice === null ? doc.baselineOverall?.figures : doc.baselineSlices[slice];
    return figures ? ranged({ figures }, metric).value : null;
  };
  const lines = sliceLines(doc, metric).map((line): ComparedSlice => ({ ...line, change: pairing === 'paired' ? line.change : null, before: before(line.slice) }));
  const worst = { key: pairing === 'paired' ? 'change' : 'value', descending: doc.main.goal === 'minimize' };
  return sortSlices(lines, sort ?? worst);
}

function sortSlices(lines: readonly ComparedSlice[], sort: { key: string; descending: boolean }): ComparedSlice[] {
  if (sort.key !== 'before') return sortLines(lines, sort) as ComparedSlice[];
  const sign = sort.descending ? -1 : 1;
  return [...lines].sort((a, b) => (a.slice === null ? -1 : b.slice === null ? 1 : a.before === null || b.before === null ? (a.before === null ? 1 : 0) - (b.before === null ? 1 : 0) : (a.before - b.before) * sign));
}
