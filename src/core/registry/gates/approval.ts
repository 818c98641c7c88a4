/** People's word. */
import type { GateOf } from '../../config/registry';
import type { Approval, GateEvidence, GateResult, Person } from '../../../protocol/registry';
import { counted } from './figures';
import { resultOf } from './result';

/** `approvals`: the last word of each person, whose own ones count nothing. */
export interface Standing { approvals: readonly Approval[]; authors: readonly Person[]; model: string; version: number; environment: string }

/**
 * Approved by `people` other than the author, each with a comment; with `signed`, each by a signature that holds. A rejection that stands fails, signed or
 * not. With fewer nobody can tell yet.
 */
export function approvalGate(config: GateOf<'approval'>, { approvals, authors, model, version, environment }: Standing): GateResult {
  const others = approvals.filter(({ own }) => !own);
  const counts = ({ judgement, signed }: Approval): boolean => judgement === 'approved' && (!config.signed || signed === true);
  const evidence = approvals.map((one): GateEvidence => ({ outcome: one.own ? 'cannot tell' : one.judgement === 'rejected' ? 'fail' : counts(one) ? 'pass' : 'cannot tell', text: textOf(one, config.signed) }));
  const rejected = others.filter(({ judgement }) => judgement === 'rejected');
  if (rejected.length > 0) {
    return resultOf(config, { outcome: 'fail', evidence, reason: `rejected by ${rejected.map(({ by, comment }) => `${by.name}: ${comment}`).join('; ')}`, hint: 'who rejected it can approve it later: the last word of each person counts' });
  }
  const have = others.filter(counts);
  if (have.length >= config.people) return resultOf(config, { outcome: 'pass', evidence, reason: `approved by ${have.map(({ by }) => by.name).join(', ')}` });
  const unsigned = others.length - have.length;
  const more = config.people - have.length;
  return resultOf(config, {
    outcome: 'cannot tell', evidence,
    reason: `${have.length} of ${counted(config.people, 'approval')}${have.length > 0 ? ` (${have.map(({ by }) => by.name).join(', ')})` : ''}${unsigned > 0 ? `; ${counted(unsigned, 'other')} without a signature that holds` : ''}`,
    hint: `${counted(more, 'person', 'people')} other than ${[...new Set(authors.map(({ name }) => name))].join(' and ') || 'the author'} ${more === 1 ? 'has' : 'have'} to say yes: runyard approve ${/\s/.test(model) ? JSON.stringify(model) : model} ${version} --to ${environment} --comment TEXT${config.signed ? ' --sign' : ''}`,
  });
}

function textOf({ by, judgement, comment, signed, own }: Approval, wanted: boolean): string {
  const signature = signed === true ? ', signed' : signed === false ? ', but the signature doesn\'t hold' : wanted ? ', not signed' : '';
  return `${by.name}${by.email === '' ? '' : ` <${by.email}>`} ${judgement}${own ? ', which counts nothing: it is the author\'s own' : signature}: ${comment}`;
}
