/** What a gate came to, and what gates came to together. Pure. */
import { nearest } from '../../base/nearest';
import type { GateConfig } from '../../config/registry';
import type { Outcome } from '../../../protocol/evaluation/result';
import type { GateEvidence, GateReport, GateResult } from '../../../protocol/registry';

export interface Judged {
  outcome: Outcome; reason: string; hint?: string; evidence?: GateEvidence[];
  /** the gate itself is wrong, not what it looks at: it stops the move whatever it says of what nobody can tell */
  unfit?: boolean;
}

/** 'metric roc_auc', or the name given in runyard.yaml. */
export function nameOfGate(config: GateConfig): string {
  if (config.name !== undefined) return config.name;
  if (config.gate === 'metric') return `metric ${config.metric}${config.slice === undefined ? '' : ` of ${config.slice}`}`;
  if (config.gate === 'change' && config.metric !== undefined) return `change of ${config.metric}`;
  return config.gate === 'rule' ? `rule ${config.command.join(' ')}` : config.gate;
}

/** A failure always stops the move; what nobody can tell does unless the gate lets it pass. */
export function resultOf(config: GateConfig, { outcome, reason, hint = '', evidence = [], unfit = false }: Judged): GateResult {
  const blocks = outcome === 'fail' || (outcome === 'cannot tell' && (unfit || config.cannotTell === 'block'));
  return { kind: config.gate, name: nameOfGate(config), outcome, blocks, reason, hint: outcome === 'pass' ? '' : hint, evidence };
}

export const cannotTell = (config: GateConfig, reason: string, hint: string): GateResult => resultOf(config, { outcome: 'cannot tell', reason, hint });

/** A gate that asks for what isn't there: nobody can tell, and it always stops the move. */
export const unfit = (config: GateConfig, reason: string, hint: string): GateResult => resultOf(config, { outcome: 'cannot tell', reason, hint, unfit: true });

/** 'did you mean X?', or what there is. */
export function meant(word: string, among: readonly string[], most = 12): string {
  const near = nearest(word, among);
  if (near !== null) return `did you mean '${near}'?`;
  if (among.length === 0) return 'there are none';
  return `there are ${among.slice(0, most).join(', ')}${among.length > most ? ` and ${among.length - most} more` : ''}`;
}

/** Fail where a gate fails; else cannot tell where one blocks because nobody can; else pass, also of no gates at all. */
export function outcomeOfGates(gates: readonly Pick<GateResult, 'outcome' | 'blocks'>[]): GateReport['outcome'] {
  const blocking = gates.filter(({ blocks }) => blocks);
  return blocking.some(({ outcome }) => outcome === 'fail') ? 'fail' : blocking.length > 0 ? 'cannot tell' : 'pass';
}

/** Of several things that one gate looked at the worst: fail, then cannot tell, then pass. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.includes('fail') ? 'fail' : outcomes.includes('cannot tell') ? 'cannot tell' : 'pass';
}
