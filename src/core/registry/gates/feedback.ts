/** What labels that came and people's reviews say of answers that were given: stands in the evidence before every promotion. */
import { meanInterval } from '../../comparison/means';
import type { GateOf } from '../../config/registry';
import { wilson } from '../../evaluation/intervals/wilson';
import type { Bounds, Outcome } from '../../../protocol/evaluation/result';
import type { FeedbackSummary } from '../../../protocol/monitoring';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { counted, shown } from './figures';
import { resultOf, worstOf } from './result';

/** Feedback on what was answered in an environment since its last promotion. `version`: only its answers; null: all of them. */
export interface FeedbackGiven { environment: string; version: number | null; /** the last promotion there, ms; null: there was none */ since: number | null; summary: FeedbackSummary }
/** The version that is to be promoted. */
export interface FeedbackAbout { version: number; given: readonly FeedbackGiven[] }

const percent = (share: number): string => `${shown(Math.round(share * 1000) / 10)} %`;

/**
 * Without `min` and `maxError` it tells and never blocks. With them it holds against them what is said of this version's own answers (of a canary, or where it comes from): the share right by the whole
 * of Wilson's 95 % interval, and where answers are numbers their mean absolute error by the whole of Student's; with fewer than `labels` of them nobody can tell. Where the figure rests on rows that
 * people chose it says so.
 */
export function feedbackGate(config: GateOf<'feedback'>, { version, given }: FeedbackAbout): GateResult {
  const evidence = given.filter(({ version: only, summary }) => only === null || saidOf(summary) > 0).map(evidenceOf);
  const own = given.filter((one) => one.version === version).map(({ summary }) => summary);
  const all = given.filter((one) => one.version === null).map(({ summary }) => summary);
  const asked = [...(config.min === undefined ? [] : [shareOf(own, { least: config.min, labels: config.labels, version })]), ...(config.maxError === undefined ? [] : [errorOf(own, { most: config.maxError, labels: config.labels, version })])];
  if (asked.length === 0) {
    const told = sum(all, 'labels') + sum(all, 'right') + sum(all, 'wrong') > 0;
    return resultOf({ ...config, cannotTell: 'pass' }, { outcome: told ? 'pass' : 'cannot tell', reason: evidence.map(({ text }) => text).join('; ') || 'there is no feedback', evidence, hint: told ? '' : 'import labels (runyard feedback import), or review predictions' });
  }
  const outcome = worstOf(asked.map((one) => one.outcome));
  return resultOf(config, {
    outcome, reason: asked.map(({ text }) => text).join('; '), hint: asked.find((one) => one.outcome === outcome)?.hint ?? '',
    evidence: [...asked.filter(({ n }) => n >= config.labels).map(({ hint: _, ...one }) => one), ...evidence],
  });
}

interface Asked extends GateEvidence { n: number; hint: string }
const FEW = 'let it answer where it comes from, or as a canary, and import its labels or review its predictions';
const hintOf = (outcome: Outcome): string => (outcome === 'fail' ? 'a better model, or another limit in runyard.yaml' : 'more labels or reviews narrow the interval');

function shareOf(own: readonly FeedbackSummary[], { least, labels, version }: { least: number; labels: number; version: number }): Asked {
  const [right, n] = [sum(own, 'right'), sum(own, 'right') + sum(own, 'wrong')];
  const interval = wilson(right, n);
  const what = `${right} of ${counted(n, 'answer')} of version ${version} right`;
  if (n < labels || !interval) return { outcome: 'cannot tell', text: n === 0 ? `nobody has said anything of version ${version}'s answers` : `${what}: too few to tell (at least ${labels})`, n: 0, hint: FEW };
  const outcome = interval[0] >= least ? 'pass' : interval[1] < least ? 'fail' : 'cannot tell';
  return { outcome, text: `${what}: ${percent(right / n)} (${percent(interval[0])} to ${percent(interval[1])}), at least ${percent(least)} is asked for`, metric: 'right', value: right / n, n, interval, hint: hintOf(outcome) };
}

function errorOf(own: readonly FeedbackSummary[], { most, labels, version }: { most: number; labels: number; version: number }): Asked {
  const { n, mean, sd } = pooled(own.flatMap(({ error }) => error ?? []));
  const what = `mean absolute error of version ${version}`;
  if (n < labels) return { outcome: 'cannot tell', text: n === 0 ? `the ${what} isn't known: no answer of it has a number to be held against` : `${what}: ${counted(n, 'answer')} are too few to tell (at least ${labels})`, n: 0, hint: FEW };
  const found = meanInterval({ n, mean, sd, excluded: 0 }, 0.95);
  const interval: Bounds | null = found && [found.low, found.high];
  const outcome = !interval ? 'cannot tell' : interval[1] <= most ? 'pass' : interval[0] > most ? 'fail' : 'cannot tell';
  return { outcome, text: `${what}: ${shown(mean)}${interval ? ` (${span(interval)})` : ', all of one size'}, at most ${shown(most)} is asked for; ${counted(n, 'answer')}`, metric: 'mae', value: mean, n, interval, hint: hintOf(outcome) };
}

/** Several means with their spreads as if all values had been one sample. */
function pooled(all: readonly NonNullable<FeedbackSummary['error']>[]): { n: number; mean: number; sd: number } {
  const n = all.reduce((total, one) => total + one.n, 0);
  const mean = all.reduce((total, one) => total + (one.n * one.mean) / n, 0);
  const squares = all.reduce((total, one) => total + (one.n - 1) * (one.sd ?? 0) ** 2 + one.n * (one.mean - mean) ** 2, 0);
  return { n, mean, sd: n < 2 ? NaN : Math.sqrt(squares / (n - 1)) };
}

const span = ([low, high]: Bounds): string => `${shown(low)} to ${shown(high)}`;
const saidOf = ({ labels, right, wrong, unsure }: FeedbackSummary): number => labels + right + wrong + unsure;
const sum = (all: readonly FeedbackSummary[], what: 'labels' | 'right' | 'wrong'): number => all.reduce((total, one) => total + one[what], 0);

function evidenceOf({ environment, version, since, summary }: FeedbackGiven): GateEvidence {
  const { labels, right, wrong, unsure, honest, error, newest, reviewers } = summary;
  const where = `${environment}${version === null ? '' : `, version ${version} only`}${since === null ? '' : `, since ${day(since)}`}`;
  const interval = wilson(right, right + wrong);
  if (saidOf(summary) === 0) return { text: `${where}: no feedback`, outcome: 'cannot tell', n: 0 };
  const share = interval ? ` (${percent(right / (right + wrong))}, ${percent(interval[0])} to ${percent(interval[1])})` : '';
  const chance = honest ? `; of ${counted(honest.n, 'row')} by chance ${honest.right} right (${percent(honest.low)} to ${percent(honest.high)})` : '';
  const people = reviewers.length > 0 ? `; reviewed by ${reviewers.map(({ name, rows }) => `${name} (${rows})`).join(', ')}` : '';
  const judged = error && right + wrong === 0 ? '' : `, ${right} right and ${wrong} wrong${share}`;
  const off = error ? `; mean absolute error ${shown(error.mean)}${error.interval ? ` (${span(error.interval)})` : ''} over ${counted(error.n, 'answer')}` : '';
  return {
    text: `${where}: ${counted(labels, 'label')}${judged}${unsure > 0 ? `, ${unsure} unsure` : ''}${chance}${off}; the newest of ${newest === null ? 'an unknown day' : day(newest)}${people}`,
    outcome: 'pass', ...(error && right + wrong === 0 ? { metric: 'mae', value: error.mean, interval: error.interval, n: error.n } : { metric: 'right', value: right + wrong > 0 ? right / (right + wrong) : null, interval, n: right + wrong }),
  };
}

const day = (t: number): string => new Date(t).toISOString().slice(0, 10);
