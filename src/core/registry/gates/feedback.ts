/** What labels that came and people's reviews say of answers that were given: stands in the evidence before every promotion. */
import type { GateOf } from '../../config/registry';
import { wilson } from '../../evaluation/intervals/wilson';
import type { FeedbackSummary } from '../../../protocol/monitoring';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { counted, shown } from './figures';
import { resultOf } from './result';

/** Feedback on what was answered in an environment since its last promotion. `version`: only its answers; null: all of them. */
export interface FeedbackGiven { environment: string; version: number | null; /** the last promotion there, ms; null: there was none */ since: number | null; summary: FeedbackSummary }
/** The version that is to be promoted. */
export interface FeedbackAbout { version: number; given: readonly FeedbackGiven[] }

const percent = (share: number): string => `${shown(Math.round(share * 1000) / 10)} %`;

/**
 * Without `min` it tells and never blocks. With it the share right among this version's own answers (of a canary, or where it comes from) by the whole of Wilson's 95 % interval; with fewer than
 * `labels` of them nobody can tell. Where the figure rests on rows that people chose it says so.
 */
export function feedbackGate(config: GateOf<'feedback'>, { version, given }: FeedbackAbout): GateResult {
  const evidence = given.filter(({ version: only, summary }) => only === null || saidOf(summary) > 0).map(evidenceOf);
  const own = given.filter((one) => one.version === version).map(({ summary }) => summary);
  const [right, wrong] = [sum(own, 'right'), sum(own, 'wrong')];
  const all = given.filter((one) => one.version === null).map(({ summary }) => summary);
  if (config.min === undefined) {
    const any = sum(all, 'labels') + sum(all, 'right') + sum(all, 'wrong') > 0;
    return resultOf({ ...config, cannotTell: 'pass' }, { outcome: any ? 'pass' : 'cannot tell', reason: evidence.map(({ text }) => text).join('; ') || 'there is no feedback', evidence, hint: any ? '' : 'import labels (runyard feedback import), or review predictions' });
  }
  const n = right + wrong;
  const interval = wilson(right, n);
  const what = `${right} of ${counted(n, 'answer')} of version ${version} right`;
  if (n < config.labels || !interval) return resultOf(config, { outcome: 'cannot tell', reason: n === 0 ? `nobody has said anything of version ${version}'s answers` : `${what}: too few to tell (at least ${config.labels})`, evidence, hint: 'let it answer where it comes from, or as a canary, and review its predictions' });
  const outcome = interval[0] >= config.min ? 'pass' : interval[1] < config.min ? 'fail' : 'cannot tell';
  const words = `${what}: ${percent(right / n)} (${percent(interval[0])} to ${percent(interval[1])}), at least ${percent(config.min)} is asked for`;
  return resultOf(config, { outcome, reason: words, hint: outcome === 'fail' ? 'a better model, or another limit in runyard.yaml' : 'more labels or reviews narrow the interval', evidence: [{ text: words, outcome, metric: 'right', value: right / n, n, interval }, ...evidence] });
}

const saidOf = ({ labels, right, wrong, unsure }: FeedbackSummary): number => labels + right + wrong + unsure;
const sum = (all: readonly FeedbackSummary[], what: 'labels' | 'right' | 'wrong'): number => all.reduce((total, one) => total + one[what], 0);

function evidenceOf({ environment, version, since, summary }: FeedbackGiven): GateEvidence {
  const { labels, right, wrong, unsure, honest, newest, reviewers } = summary;
  const where = `${environment}${version === null ? '' : `, version ${version} only`}${since === null ? '' : `, since ${day(since)}`}`;
  const interval = wilson(right, right + wrong);
  if (saidOf(summary) === 0) return { text: `${where}: no feedback`, outcome: 'cannot tell', n: 0 };
  const share = interval ? ` (${percent(right / (right + wrong))}, ${percent(interval[0])} to ${percent(interval[1])})` : '';
  const chance = honest ? `; of ${counted(honest.n, 'row')} by chance ${honest.right} right (${percent(honest.low)} to ${percent(honest.high)})` : '';
  const people = reviewers.length > 0 ? `; reviewed by ${reviewers.map(({ name, rows }) => `${name} (${rows})`).join(', ')}` : '';
  return {
    text: `${where}: ${counted(labels, 'label')}, ${right} right and ${wrong} wrong${share}${unsure > 0 ? `, ${unsure} unsure` : ''}${chance}; the newest of ${newest === null ? 'an unknown day' : day(newest)}${people}`,
    outcome: 'pass', metric: 'right', value: right + wrong > 0 ? right / (right + wrong) : null, interval, n: right + wrong,
  };
}

const day = (t: number): string => new Date(t).toISOString().slice(0, 10);
