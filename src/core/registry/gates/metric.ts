/** A figure within limits. */
import type { GateOf } from '../../config/registry';
import { checksOf } from '../../evaluation/run/checks';
import { figureAt, type EvaluationDoc } from '../../../protocol/evaluation/result';
import type { GateResult } from '../../../protocol/registry';
import { figurePaths } from './figures';
import { meant, resultOf, unfit } from './result';

/**
 * By the whole of the 95 % interval: within the limits passes, beyond fails, across nobody can tell; a figure without an interval by its value. A slice
 * with fewer rows than its own minSupport can't be told. A metric or slice that the evaluation doesn't have is a wrong gate.
 */
export function metricGate(config: GateOf<'metric'>, doc: EvaluationDoc): GateResult {
  const { metric, slice, min, max } = config;
  const paths = figurePaths(doc.overall.figures);
  if (!paths.includes(metric)) return unfit(config, `the evaluation ${doc.name} has no figure '${metric}'`, meant(metric, paths));
  const part = slice === undefined ? doc.overall : doc.slices.find(({ name }) => name === slice);
  if (!part) return unfit(config, `the evaluation ${doc.name} has no slice '${slice ?? ''}'`, meant(slice ?? '', doc.slices.map(({ name }) => name)));
  const limits = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const [check] = checksOf({ [metric]: limits }, part, 'spec' in part ? part.spec.minSupport : 0);
  if (!check) return unfit(config, `the gate ${metric} has no limits`, 'give min or max');
  const where = slice === undefined ? '' : `slice ${slice}: `;
  return resultOf(config, {
    outcome: check.outcome, reason: `${where}${check.reason}`,
    hint: check.outcome === 'fail' ? 'a better model, or another limit in runyard.yaml' : 'more rows to evaluate on narrow the interval',
    evidence: [{
      text: `${where}${check.reason}`, outcome: check.outcome, evaluation: doc.id, metric, value: figureAt(part.figures, metric), n: part.figures.n, check, ...(slice !== undefined && { slice }),
      interval: check.low === null || check.high === null ? null : [check.low, check.high],
    }],
  });
}
