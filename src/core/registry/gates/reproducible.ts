/** Could the version be made again? */
import type { GateOf } from '../../config/registry';
import type { Outcome } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateResult, VersionFacts } from '../../../protocol/registry';
import { counted } from './figures';
import { resultOf, worstOf } from './result';

/** The commit is known, its tree was clean or the change is kept as a patch, the data have digests, the environment is known. Each that isn't fails; whether the tree was clean may be unknown. */
export function reproducibleGate(config: GateOf<'reproducible'>, { code, data, environment, run }: Pick<VersionFacts, 'code' | 'data' | 'environment' | 'run'>): GateResult {
  const say = (outcome: Outcome, text: string): GateEvidence => ({ outcome, text });
  // What it was evaluated on isn't what it was made from.
  const made = data.filter(({ role }) => role !== 'evaluation');
  const without = made.filter(({ digest }) => digest === '').map(({ name }) => name);
  const evidence = [
    code.commit === null ? say('fail', 'no commit of its code is known') : say('pass', `its code is commit ${code.commit.slice(0, 12)}`),
    ...(code.commit === null ? [] : [code.dirty === true && code.patch === null ? say('fail', 'there were changes that nobody committed, and they are not kept')
      : code.dirty === null ? say('cannot tell', 'whether there were changes that nobody committed is not known')
        : say('pass', code.dirty ? 'the change that nobody committed is kept as a patch' : 'nothing was uncommitted')]),
    made.length === 0 ? say('fail', 'no data that it was made from are known') : without.length > 0 ? say('fail', `no digest is known of ${without.join(', ')}`) : say('pass', `${counted(made.length, 'data set')} with ${made.length === 1 ? 'its digest' : 'their digests'}`),
    environment === null ? say('fail', 'the Python and the packages that it was made with are not known') : say('pass', `Python ${environment.python} with ${counted(environment.packages, 'package')}`),
  ];
  const outcome = worstOf(evidence.map((one) => one.outcome));
  const reason = evidence.filter((one) => one.outcome === outcome).map(({ text }) => text).join('; ');
  return resultOf(config, { outcome, reason, evidence, hint: run === null ? 'train in a run and register the run\'s artifact: code, data and environment are kept then' : 'commit first, name the data (datasets: or an input of the run), then run and register again' });
}
