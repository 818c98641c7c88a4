/** Whether the log's columns are those of the reference: none gone, renamed, or of another type. A column that is new fails nothing. Pure. */
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** `value`: how many changes fail. */
export function schema(_: CheckOf<'schema'>, { drift, facts }: Pick<Looked, 'drift' | 'facts'>, at: number): Finding[] {
  if (facts.rows === 0) return [finding('cannot tell', 'the window is empty')];
  const part = drift(at);
  if (part.value === null) return [finding('cannot tell', part.why)];
  if (part.value.reference.rows === 0) return [finding('cannot tell', part.value.reasons.join('; ') || 'the reference is empty')];
  const wrong = part.value.schema.filter(({ change }) => change !== 'new');
  return [finding(wrong.length > 0 ? 'fail' : 'pass', wrong.map(({ text }) => text).join('; '), { value: wrong.length, threshold: 0 })];
}
