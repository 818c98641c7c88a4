import { createHash } from 'node:crypto';
import { RunyardError } from '../../../../../src/core/base/errors';
import type { LedgerEntry, LedgerFacts } from '../../../../../src/core/registry/ledger/entry';
import type { Ledger, Versions } from '../../../../../src/core/registry/types';
import { viewing, type ViewParts } from '../../../../../src/core/registry/view/handlers';
import { createFold, type FoldedVersion } from '../../../../../src/core/registry/view/fold';
import type { EvaluationSummary } from '../../../../../src/protocol/evaluation/result';
import type { VersionFacts } from '../../../../../src/protocol/registry';
import { ana, place, type Place } from '../ledger/support';

export const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
export const facts = (digest: string, rest: Partial<VersionFacts> = {}): Pick<VersionFacts, keyof VersionFacts> & { description: string; tags: Record<string, string> } => ({
  digest: hex(digest), files: [{ path: 'model.onnx', digest: hex(`file ${digest}`), size: 10 }], size: 10, inputs: [], outputs: [], producer: '', source: { kind: 'file', text: 'model.onnx' }, run: null,
  code: { commit: null, dirty: null, patch: null }, data: [], environment: null, licence: 'MIT', author: ana, description: '', tags: {}, ...rest,
});

/** Versions as the ledger alone has them, with no files anywhere. */
const versionsOf = (ledger: Ledger): Versions => {
  const fold = createFold(() => ledger.entries());
  const known = (model: string): Map<number, FoldedVersion> => fold().models.get(model)?.versions ?? new Map<number, FoldedVersion>();
  const none = (): never => { throw new RunyardError('not_found', 'there is none'); };
  return {
    register: none, folder: none, fetch: none, altered: none, here: () => false,
    facts: (model, version) => Promise.resolve((known(model).get(version)?.facts ?? none()) as unknown as VersionFacts),
    resolve(model, ref) {
      const number = ref === 'latest' ? Math.max(...known(model).keys()) : Number(ref);
      return known(model).has(number) ? number : none();
    },
  };
};

export interface View extends Place { view: ReturnType<typeof viewing>; /** writes about the model 'loan' */ say(kind: LedgerEntry['kind'], rest: Partial<LedgerFacts>): LedgerEntry; evaluations: EvaluationSummary[] }

export function view(workspace?: string, config = '', parts: Partial<ViewParts> = {}): View {
  const at = place(workspace, config);
  const evaluations: EvaluationSummary[] = [];
  const made = viewing(at.context, { ledger: at.ledger, versions: versionsOf(at.ledger), identity: (given) => Promise.resolve(given ?? ana), evaluations: () => evaluations, ...parts });
  return { ...at, view: made, evaluations, say: (kind, rest) => at.ledger.append({ by: ana, kind, model: 'loan', version: null, environment: null, facts: {}, ...rest }) };
}

export const evaluated = (id: string, rest: Partial<EvaluationSummary>): EvaluationSummary => ({
  id, name: 'loan', created: 1, model: 'm', modelDigest: '', baseline: null, data: 'd', dataDigest: '', rows: 10, task: 'binary', metric: 'accuracy', value: 0.9, low: 0.8, high: 0.95,
  outcome: 'pass', slices: 0, failing: 0, run: null, slicesVersion: '', ...rest,
});
