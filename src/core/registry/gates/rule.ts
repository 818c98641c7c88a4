/** A rule of the user's own: a command, and what its exit status says. */
import type { GateOf } from '../../config/registry';
import type { Outcome } from '../../../protocol/evaluation/result';
import type { GateResult } from '../../../protocol/registry';
import type { Ended } from '../moves/command';
import { cannotTell, resultOf } from './result';

/** Exit status 0 passes, 3 can't tell, any other fails; a command that isn't there or takes too long can't tell. */
export function ruleGate(config: GateOf<'rule'>, { outcome: ended, status, output, duration }: Ended): GateResult {
  const shown = config.command.join(' ');
  if (ended === 'not found') return cannotTell(config, `the command can't be started: ${output.trim()}`, `is '${config.command[0] ?? ''}' installed here, and on PATH?`);
  const outcome: Outcome = ended === 'timed out' || status === 3 ? 'cannot tell' : status === 0 ? 'pass' : 'fail';
  const end = ended === 'timed out' ? `took longer than ${config.timeout} s and was ended` : status === null ? 'was ended before it came to an end' : `ended with status ${status} after ${duration.toFixed(1)} s`;
  const last = output.trim().split('\n').at(-1)?.trim() ?? '';
  return resultOf(config, {
    outcome, reason: `${shown} ${end}${outcome === 'pass' || last === '' ? '' : `: ${last.slice(0, 300)}`}`,
    hint: ended === 'timed out' ? 'give it more time (timeout:), or less to do' : 'its output says why; mend what it found',
    evidence: [{ text: output.trim() === '' ? `${shown} wrote nothing` : output.trimEnd(), outcome, value: status }],
  });
}
