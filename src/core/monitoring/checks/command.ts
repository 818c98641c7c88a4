/** What a program of the person's says: exit status 0 pass, 3 cannot tell, any other fail. Pure. */
import { finding, type CheckOf, type Finding, type Looked } from './types';

/** The reason is the last line that it wrote. */
export function command({ command: words, timeout }: CheckOf<'command'>, { program }: Pick<Looked, 'program'>, at: number): Finding[] {
  const part = program(at);
  if (part.value === null) return [finding('cannot tell', part.why)];
  const { outcome, status, output } = part.value;
  const said = output.trim().split('\n').at(-1) ?? '';
  if (outcome === 'done') return [finding('pass', said, { value: 0 })];
  if (status === 3) return [finding('cannot tell', said || 'it cannot tell (exit status 3)', { value: 3 })];
  const why = outcome === 'timed out' ? `it took longer than ${timeout} s` : outcome === 'not found' ? `there is no program ${words[0] ?? ''}` : said || `exit status ${status ?? 'unknown'}`;
  return [finding('fail', why, { value: status })];
}
