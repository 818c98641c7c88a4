/** The search form's choices and the found slices' lines. Pure. */
import type { DiscoverMode, DiscoverSettings, LossName } from '../../../src/protocol/evaluation/request';
import type { EvaluationDoc, FoundSlice } from '../../../src/protocol/evaluation/result';
import type { DiscoverForm } from './state';

export interface Choice<T extends string> { value: T; label: string }

/** What can be searched for: a worsening takes a baseline, a wrong confidence takes probabilities. */
export function modesOf(doc: Pick<EvaluationDoc, 'task' | 'baseline'>): Choice<DiscoverMode>[] {
  const confidence = doc.task === 'binary' || doc.task === 'multiclass';
  return [
    { value: 'loss', label: 'where it is bad' },
    ...(doc.baseline ? [{ value: 'worsening' as const, label: 'where it got worse' }] : []),
    ...(confidence ? [{ value: 'overconfident' as const, label: 'too sure' }, { value: 'underconfident' as const, label: 'not sure enough' }] : []),
  ];
}

/** The losses that a task has; the first is what is taken unless one is chosen. */
export function lossesOf(task: EvaluationDoc['task']): Choice<LossName>[] {
  if (task === 'regression') return [{ value: 'absolute', label: 'absolute error' }, { value: 'squared', label: 'squared error' }];
  return task === 'ranking' ? [{ value: 'zero_one', label: 'wrong or right' }] : [{ value: 'zero_one', label: 'wrong or right' }, { value: 'log', label: 'log loss' }];
}

/** The rows that a slice has to have unless told. */
export const usualSupport = (rows: number): number => Math.max(30, Math.ceil(rows / 100));

/** The form as the engine takes it; choices that this evaluation hasn't got are left to the engine. */
export function settingsOf(form: DiscoverForm, doc: Pick<EvaluationDoc, 'task' | 'baseline'>): Partial<DiscoverSettings> {
  const mode = modesOf(doc).some((one) => one.value === form.mode) ? form.mode : 'loss';
  const loss = lossesOf(doc.task).find((one) => one.value === form.loss)?.value;
  return { mode, topK: form.topK, depth: form.depth, ...(mode === 'loss' && loss ? { loss } : {}), ...(form.minSupport === null ? {} : { minSupport: form.minSupport }) };
}

export interface FoundLine { slice: FoundSlice; /** another of its family stands for it */ within: FoundSlice | null }

/** By family, each led by the one that stands for it; families in the order of their best score. */
export function foundLines(found: readonly FoundSlice[], families: readonly { representative: number; members: readonly number[] }[]): FoundLine[] {
  const seen = new Set<number>();
  const lines = families.flatMap(({ representative, members }) => {
    const first = found[representative];
    if (!first) return [];
    const others = members.filter((at) => at !== representative && !seen.has(at));
    for (const at of [representative, ...others]) seen.add(at);
    return [{ slice: first, within: null }, ...others.flatMap((at) => (found[at] ? [{ slice: found[at], within: first }] : []))];
  });
  return [...lines, ...found.filter((_, at) => !seen.has(at)).map((slice) => ({ slice, within: null }))];
}

/** A name that no slice has yet: the label itself, else with a number. */
export function freeName(label: string, taken: readonly string[]): string {
  if (!taken.includes(label)) return label;
  for (let at = 2; ; at += 1) if (!taken.includes(`${label} ${at}`)) return `${label} ${at}`;
}
