/** How far a figure moves from what is live. */
import { goalOf } from '../../config/goals';
import type { Config } from '../../config/schema';
import type { GateOf } from '../../config/registry';
import { figureAt, type Bounds, type EvaluationDoc, type Outcome } from '../../../protocol/evaluation/result';
import type { GateResult } from '../../../protocol/registry';
import { figurePaths, shown, signed } from './figures';
import { cannotTell, meant, resultOf, unfit } from './result';

/** `live`: the version that is live where the candidate is to go; null: none. */
export interface Against { doc: EvaluationDoc; live: number | null; version: number; metrics?: Pick<Config, 'metrics'> | undefined }

/** Nothing to be worse than: nothing is live, or this very version is. */
export function nothingToCompare(config: GateOf<'change'> | GateOf<'slices'>, { live, version }: Pick<Against, 'live' | 'version'>): GateResult | null {
  if (live !== null && live !== version) return null;
  return resultOf(config, { outcome: 'pass', reason: live === null ? 'nothing is live there yet: there is nothing to be worse than' : `version ${version} is what is live there already` });
}

/**
 * Candidate minus live on the same rows, turned so that positive is better, by the whole of its 95 % interval (paired; see evaluation/run/differences): at
 * least `min` passes, below fails, across nobody can tell. `relative` divides by what live has. A figure that has no paired interval is held against
 * `min` by its value.
 */
export function changeGate(config: GateOf<'change'>, against: Against): GateResult {
  const { doc } = against;
  const nothing = nothingToCompare(config, against);
  if (nothing) return nothing;
  const metric = config.metric ?? doc.main.metric;
  const paths = figurePaths(doc.overall.figures);
  if (!paths.includes(metric)) return unfit(config, `the evaluation ${doc.name} has no figure '${metric}'`, meant(metric, paths));
  if (!doc.overall.compared) return cannotTell(config, `the evaluation ${doc.name} compares with nothing`, 'evaluate again, with what is live as the baseline');
  const found = differenceOf(doc, metric);
  const live = doc.baselineOverall && figureAt(doc.baselineOverall.figures, metric);
  if (!found) return cannotTell(config, `how far ${metric} differs from version ${against.live ?? ''}, which is live, isn't known: it is undefined for one of the two`, 'take a metric that the evaluation has of both');
  if (config.relative && !live) return cannotTell(config, `${metric} of version ${against.live ?? ''}, which is live, is ${live === 0 ? '0' : 'undefined'}: there is no share of it`, 'leave out relative: true');
  const goal = metric === doc.main.metric ? doc.main.goal : goalOf(metric, against.metrics);
  const turned = (value: number): number => ((goal === 'maximize' ? 1 : -1) * value) / (config.relative ? Math.abs(live ?? 1) : 1);
  const value = turned(found.difference);
  const ends = found.interval && found.interval.map(turned).sort((a, b) => a - b);
  const [low, high] = [ends?.[0] ?? value, ends?.[1] ?? value];
  const outcome: Outcome = low >= config.min ? 'pass' : high < config.min ? 'fail' : 'cannot tell';
  const unit = config.relative ? ' of what live has' : '';
  const is = `${metric} is ${shown(figureAt(doc.overall.figures, metric))} against ${shown(live)} of version ${against.live ?? ''}: ${value === 0 ? 'no change' : value > 0 ? 'better' : 'worse'}, ${signed(value)}${unit}${ends ? ` (${signed(low)} to ${signed(high)})` : ''}`;
  const reason = outcome === 'pass' ? is : outcome === 'fail' ? `${is}: at least ${signed(config.min)} is asked for` : `${is}: whether it is at least ${signed(config.min)} can't be told from ${doc.overall.figures.n} rows`;
  return resultOf(config, {
    outcome, reason, hint: outcome === 'fail' ? 'a better model, or another min in runyard.yaml' : 'more rows to evaluate on narrow the interval',
    evidence: [{ text: is, outcome, evaluation: doc.id, metric, value: figureAt(doc.overall.figures, metric), live, difference: found.difference, interval: found.interval, n: doc.overall.figures.n, ...(metric === doc.main.metric && { verdict: doc.overall.compared.verdict }) }],
  });
}

/** Candidate minus live, as it is. */
function differenceOf(doc: EvaluationDoc, metric: string): { difference: number; interval: Bounds | null } | null {
  const { compared } = doc.overall;
  if (compared && metric === compared.verdict.metric && compared.verdict.difference !== null) return { difference: compared.verdict.difference, interval: compared.verdict.interval };
  const paired = compared?.differences[metric];
  if (paired) return { difference: paired.difference, interval: [paired.low, paired.high] };
  const [own, live] = [figureAt(doc.overall.figures, metric), doc.baselineOverall && figureAt(doc.baselineOverall.figures, metric)];
  return own === null || live === null ? null : { difference: own - live, interval: null };
}
