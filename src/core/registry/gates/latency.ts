/** How long a row takes. */
import type { GateOf } from '../../config/registry';
import type { GateResult } from '../../../protocol/registry';
import type { ProbeResult } from '../types';
import { shown } from './figures';
import { cannotTell, resultOf } from './result';

/** Milliseconds a row, one row a call, on this machine: the 95th percentile at most `p95`. */
export function latencyGate(config: GateOf<'latency'>, latency: ProbeResult['latency']): GateResult {
  if (!latency || latency.rows === 0 || !Number.isFinite(latency.p95)) return cannotTell(config, 'no row could be measured: only ONNX models can be asked a row at a time here', 'take a rule that measures it');
  const text = `95 of 100 rows take at most ${shown(latency.p95)} ms (median ${shown(latency.p50)}, 99 of 100 ${shown(latency.p99)}), measured with ${latency.rows} rows on this machine`;
  const outcome = latency.p95 <= config.p95 ? 'pass' : 'fail';
  return resultOf(config, {
    outcome, reason: outcome === 'pass' ? text : `${text}: at most ${shown(config.p95)} ms are allowed`, hint: 'a smaller model; or measure again while the machine is idle',
    evidence: [{ text, outcome, metric: 'p95', value: latency.p95, n: latency.rows }],
  });
}
