/** What evaluations are called and how they came out, in words. Pure: the present moment is an argument, in ms. */
import type { Check, EvaluationProgress, EvaluationSummary, EvaluationTest, Outcome } from '../../protocol/evaluation/result';
import { count, formatAgo, formatNumber } from '../base/format';

/** Icons of the editor's own set; "cannot tell" is calm, never an error. */
export const outcomeIcons: Readonly<Record<Outcome, string>> = { pass: 'pass', fail: 'error', 'cannot tell': 'question' };

/** "scoring 12,000 of 50,000"; the phase alone where nothing is counted. */
export function progressWords({ phase, done, total }: Pick<EvaluationProgress, 'phase' | 'done' | 'total'>): string {
  const whole = (n: number): string => Math.floor(n).toLocaleString('en-US');
  if (total > 0) return `${phase} ${whole(Math.min(done, total))} of ${whole(total)}`;
  return done > 0 ? `${phase} ${whole(done)}` : phase;
}

/** How many of the last evaluations are counted. */
const LAST = 10;

/** "5 of last 6 passed"; with one, how it came out is seen already: nothing. */
export function historyWords(history: EvaluationTest['history']): string {
  const last = [...history].sort((a, b) => a.created - b.created).slice(-LAST);
  if (last.length < 2) return '';
  return `${last.filter(({ outcome }) => outcome === 'pass').length} of last ${last.length} passed`;
}

/** "0.874 [0.86, 0.89]". */
export function valueWords({ value, low, high }: Pick<Check, 'value' | 'low' | 'high'>): string {
  return low === null || high === null ? formatNumber(value) : `${formatNumber(value)} [${formatNumber(low)}, ${formatNumber(high)}]`;
}

/** "accuracy ≥ 0.8", "mae between 1 and 2". */
export function limitWords({ metric, min, max }: Pick<Check, 'metric' | 'min' | 'max'>): string {
  if (min !== null && max !== null) return `${metric} between ${formatNumber(min)} and ${formatNumber(max)}`;
  return min !== null ? `${metric} ≥ ${formatNumber(min)}` : `${metric} ≤ ${formatNumber(max)}`;
}

/** "fail · accuracy 0.874 [0.86, 0.89] · 2 of 12 slices fail". */
export function summaryWords(one: EvaluationSummary): string {
  const slices = one.slices === 0 ? '' : one.failing > 0 ? `${one.failing} of ${count(one.slices, 'slice')} fail` : count(one.slices, 'slice');
  return [one.outcome, `${one.metric} ${valueWords(one)}`, slices].filter(Boolean).join(' · ');
}

/** What a pick of the history says under the name: model, against which baseline, data, and when. */
export function summaryDetail(one: EvaluationSummary, now: number): string {
  const model = one.baseline === null ? one.model : `${one.model} against ${one.baseline}`;
  return `${model} on ${one.data}, ${count(one.rows, 'row')} · ${formatAgo(one.created / 1000, now / 1000)}`;
}

/** The newest evaluation of each name. */
export function newestByName(all: readonly EvaluationSummary[]): Map<string, EvaluationSummary> {
  const newest = new Map<string, EvaluationSummary>();
  for (const one of all) if (one.created >= (newest.get(one.name)?.created ?? -Infinity)) newest.set(one.name, one);
  return newest;
}

/** The lens over an evaluation: "last: pass 0.874". */
export const evaluationLens = (last: EvaluationSummary): string => `last: ${last.outcome} ${formatNumber(last.value)}`;

/** The lens over a slice, which several evaluations may have: "last: fail", or by evaluation where they differ. */
export function sliceLens(tests: readonly EvaluationTest[]): string | undefined {
  const told = tests.filter((one) => one.outcome !== null);
  const words = new Set(told.map(({ outcome }) => outcome));
  if (words.size === 0) return undefined;
  if (words.size === 1) return `last: ${[...words][0]}`;
  return `last: ${told.map(({ evaluation, outcome }) => `${outcome} in ${evaluation}`).join(', ')}`;
}
