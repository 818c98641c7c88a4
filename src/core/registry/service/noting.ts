/** Evaluations of registered versions, whoever asked for them, told in the ledger. */
import { describeError } from '../../base/errors';
import { factsOf } from '../ledger/facts';
import type { Ledger, RegistryContext } from '../types';
import { evaluatedAs } from '../view/rows';
import type { EvaluationSummary } from '../../../protocol/evaluation/result';
import type { Person } from '../../../protocol/registry';

export interface Noting { context: RegistryContext; ledger: Ledger; evaluations(): readonly EvaluationSummary[]; identity(): Promise<Person> }

/** One entry for each version that has the evaluated model's bytes, once. Never throws: an evaluation is as good without it. */
export async function noteEvaluations({ context, ledger, evaluations, identity }: Noting, ids: readonly string[]): Promise<void> {
  const made = evaluations().filter(({ id }) => ids.includes(id));
  if (made.length === 0) return;
  const versions = new Map<string, { model: string; version: number }[]>();
  for (const entry of ledger.entries()) {
    const facts = factsOf('registered', entry);
    if (!facts || entry.version === null) continue;
    for (const digest of evaluatedAs(facts)) versions.set(digest, [...versions.get(digest) ?? [], { model: entry.model, version: entry.version }]);
  }
  const found = made.flatMap((evaluation) => (versions.get(evaluation.modelDigest) ?? []).map((of) => ({ ...of, evaluation })));
  if (found.length === 0) return;
  try {
    const by = await identity();
    // Gates tell of what they evaluated themselves: looked at only now, with nothing in between.
    const told = new Set(ledger.entries().flatMap((entry) => { const facts = factsOf('evaluated', entry); return facts ? [key(entry.model, entry.version, facts.evaluation)] : []; }));
    for (const { model, version, evaluation } of found) {
      if (told.has(key(model, version, evaluation.id))) continue;
      told.add(key(model, version, evaluation.id));
      const { id, name, modelDigest, dataDigest, metric, value, low, high, outcome, rows } = evaluation;
      ledger.append({ by, kind: 'evaluated', model, version, environment: null, facts: { evaluation: id, digest: modelDigest, dataDigest, metric, value, low, high, outcome, name, rows } });
    }
    context.changed([...new Set(found.map(({ model }) => model))]);
  } catch (error) {
    context.log.warn(`an evaluation could not be told in the ledger: ${describeError(error)}`);
  }
}

const key = (model: string, version: number | null, evaluation: string): string => JSON.stringify([model, version, evaluation]);
