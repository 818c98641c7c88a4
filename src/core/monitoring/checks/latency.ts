/** Whether answers are fast enough: the log's 95th percentile, ms. Cannot tell where the log has no latencies. Pure. */
import { digits, finding, type CheckOf, type Finding, type Looked } from './types';

export function latency({ p95 }: CheckOf<'latency'>, { facts }: Pick<Looked, 'facts'>): Finding[] {
  const value = facts.latency;
  if (value === null) return [finding('cannot tell', facts.rows === 0 ? 'the window is empty' : 'the log says nothing of latency', { threshold: p95 })];
  return [finding(value > p95 ? 'fail' : 'pass', value > p95 ? `95 % of the answers took up to ${digits(value)} ms, more than ${digits(p95)} ms` : '', { value, threshold: p95 })];
}
