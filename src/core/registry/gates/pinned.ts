/** Rows that a person said must come out right. */
import type { GateOf } from '../../config/registry';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import type { GateResult } from '../../../protocol/registry';
import { counted, listed } from './figures';
import { resultOf, worstOf } from './result';

/** All of the evaluation's pinned examples have to come out right; none at all passes, saying so. A row that isn't there, or without a prediction, can't be told. */
export function pinnedGate(config: GateOf<'pinned'>, { id, name, pinned }: EvaluationDoc): GateResult {
  if (pinned.length === 0) return resultOf(config, { outcome: 'pass', reason: `the evaluation ${name} has no pinned examples` });
  const outcome = worstOf(pinned.map((one) => one.outcome));
  const evidence = pinned.map((one) => ({ text: `${one.example.id}: ${one.reason}`, outcome: one.outcome, evaluation: id }));
  const texts = evidence.filter((one) => one.outcome === outcome).map(({ text }) => text);
  const all = counted(pinned.length, 'pinned example');
  const reason = outcome === 'pass' ? `${all} ${pinned.length === 1 ? 'comes' : 'come'} out right` : `${texts.length} of ${all} ${outcome === 'fail' ? (texts.length === 1 ? 'comes out wrong' : 'come out wrong') : "can't be told"}: ${listed(texts)}`;
  return resultOf(config, { outcome, reason, evidence, hint: outcome === 'fail' ? 'look at these rows; where an expectation is wrong, judge the example again' : 'evaluate on data that has these rows, or let the examples go' });
}
