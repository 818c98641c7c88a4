/** No slice worse than what is live. */
import { holm } from '../../evaluation/intervals/adjust';
import type { GateOf } from '../../config/registry';
import type { EvaluationDoc, Outcome, SliceResult } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateResult } from '../../../protocol/registry';
import { nothingToCompare, type Against } from './change';
import { counted, listed, shown, shownP } from './figures';
import { cannotTell, meant, resultOf, unfit, worstOf } from './result';
import { rowsToShow, worseningOf, type Worsening } from './worsening';

/** How much worse is still good enough where the gate says nothing: in accuracy and ROC AUC, and as a share of live's mean absolute error. */
export const usualMargin = { score: 0.05, share: 0.1 };
/** More rows than this share without a prediction, which live could predict, may hide a slice that got worse. */
const hiddenShare = 0.01;

interface Looked { slice: SliceResult; found: Worsening | null; p: number | null }

/**
 * Fails where a slice is worse by more than `maxWorsening` beyond noise: the p of that (see worsening.ts), corrected by Holm over the slices that have
 * enough rows, below `alpha`. Passes where the 95 % interval of every slice's worsening ends below `margin` (0.05; of an error 10 % of what live has; never
 * less than `maxWorsening`): shown to be no worse than that. Else, and with fewer than `minSupport` rows, nobody can tell.
 * No slices at all pass, saying so.
 */
export function slicesGate(config: GateOf<'slices'>, against: Against): GateResult {
  const { doc } = against;
  const names = doc.slices.map(({ name }) => name);
  const lost = config.slices?.find((name) => !names.includes(name));
  if (lost !== undefined) return unfit(config, `the evaluation ${doc.name} has no slice '${lost}'`, meant(lost, names));
  const nothing = nothingToCompare(config, against);
  if (nothing) return nothing;
  const slices = doc.slices.filter(({ name }) => config.slices?.includes(name) ?? true);
  if (slices.length === 0) return resultOf(config, { outcome: 'pass', reason: `the evaluation ${doc.name} has no slices: nothing was looked at below all rows` });
  if (slices.every(({ compared }) => !compared)) return cannotTell(config, `the evaluation ${doc.name} compares with nothing`, 'evaluate again, with what is live as the baseline');
  const found = slices.map((slice) => slice.compared && worseningOf(slice.compared.comparison, config.maxWorsening));
  const ps = holm(found.map((one) => (one && one.n >= config.minSupport ? one.p : null)));
  const looked = slices.map((slice, at): Looked => ({ slice, found: found[at] ?? null, p: ps[at] ?? null }));
  const evidence = looked.map((one) => judge(config, one, doc)).sort(byWeight);
  const hidden = hiddenRows(doc);
  const all = hidden ? [...evidence, hidden] : evidence;
  const outcome = worstOf(all.map((one) => one.outcome));
  return resultOf(config, { outcome, evidence: all, ...told(outcome, all, { live: against.live, total: slices.length, config }) });
}

function judge(config: GateOf<'slices'>, { slice, found, p }: Looked, doc: EvaluationDoc): GateEvidence {
  const n = found?.n ?? slice.figures.n;
  const base = {
    evaluation: doc.id, slice: slice.name, metric: found?.metric ?? doc.main.metric, value: found?.candidate ?? null, live: found?.live ?? null,
    difference: slice.compared?.verdict.difference ?? null, interval: slice.compared?.verdict.interval ?? null, n, ...(slice.compared && { verdict: slice.compared.verdict }),
  };
  const say = (outcome: Outcome, text: string): GateEvidence => ({ ...base, outcome, text: `'${slice.name}' ${text}` });
  if (n < config.minSupport) return say('cannot tell', `has ${counted(n, 'row')} that both could predict, and ${config.minSupport} are asked for`);
  if (!found || found.p === null) return say('cannot tell', `can't be compared: ${base.metric} is undefined on its ${n} rows`);
  const is = `${found.worsening > 0 ? 'is worse by' : found.worsening < 0 ? 'is better by' : 'differs by'} ${shown(Math.abs(found.worsening))} in ${found.metric} (${shown(found.candidate)} against ${shown(found.live)}) over ${n} rows`;
  const range = found.interval ? `, worsening ${shown(found.interval[0])} to ${shown(found.interval[1])}` : '';
  if (found.worsening > config.maxWorsening && p !== null && p < config.alpha) return say('fail', `${is}${range}, p ${shownP(p)}`);
  const margin = marginOf(config, found);
  if (found.interval && found.interval[1] <= margin) return say('pass', `${is}${range}`);
  const rows = rowsToShow(found, margin);
  return say('cannot tell', `${is}${range}: it can't be told whether it is worse by ${shown(margin)}${rows === null ? '' : `; some ${rows} more rows like these would tell`}`);
}

function marginOf({ margin, maxWorsening }: GateOf<'slices'>, { metric, live }: Worsening): number {
  return margin ?? Math.max(maxWorsening, metric === 'mae' ? usualMargin.share * (live ?? 0) : usualMargin.score);
}

/** Rows that only live could predict are in no comparison. */
function hiddenRows({ unscored, baselineUnscored, overall, id }: EvaluationDoc): GateEvidence | null {
  const more = unscored.count - (baselineUnscored?.count ?? 0);
  const n = overall.figures.n;
  if (more <= 0 || more <= hiddenShare * (n + unscored.count)) return null;
  return { outcome: 'cannot tell', evaluation: id, n, text: `${counted(unscored.count, 'row')} have no prediction, ${more} more than of what is live: a slice that got worse may be among them` };
}

const rank: Readonly<Record<Outcome, number>> = { fail: 0, 'cannot tell': 1, pass: 2 };
/** Failures first; among equals the one that costs most: rows times how much worse. */
function byWeight(a: GateEvidence, b: GateEvidence): number {
  const weight = ({ value, live, n, verdict }: GateEvidence): number => (value == null || live == null ? 0 : (n ?? 0) * (verdict?.goal === 'minimize' ? value - live : live - value));
  return rank[a.outcome] - rank[b.outcome] || weight(b) - weight(a);
}

function told(outcome: Outcome, evidence: readonly GateEvidence[], { live, total, config }: { live: number | null; total: number; config: GateOf<'slices'> }): { reason: string; hint: string } {
  const texts = evidence.filter((one) => one.outcome === outcome).map(({ text }) => text);
  const room = config.maxWorsening > 0 ? ` by more than ${shown(config.maxWorsening)}` : '';
  if (outcome === 'fail') {
    return { reason: `${texts.length} of ${counted(total, 'slice')} ${texts.length === 1 ? 'is' : 'are'} worse${room} than version ${live ?? ''}, which is live: ${listed(texts)}`, hint: 'look at the rows of these slices; train with more like them, or keep what is live' };
  }
  if (outcome === 'cannot tell') {
    return { reason: `no slice is shown to be worse${room} than version ${live ?? ''}, which is live, but not all can be told: ${listed(texts)}`, hint: 'more rows of these slices, or cannotTell: pass, minSupport: or margin: at the gate' };
  }
  return { reason: `none of ${counted(total, 'slice')} is worse${room} than version ${live ?? ''}, which is live`, hint: '' };
}
