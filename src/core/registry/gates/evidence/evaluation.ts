/** The evaluations that gates look at: found, or made with what is live as the baseline. The same question is asked once for a report, and what is kept is answered at once. */
import { nearest } from '../../../base/nearest';
import { RunyardError } from '../../../base/errors';
import type { LoadedConfig } from '../../../config/load';
import type { LedgerEntry } from '../../ledger/entry';
import { factsOf } from '../../ledger/facts';
import type { Evaluating, Watching } from '../../types';
import { evaluatedAs } from '../../view/rows';
import type { EvaluationDoc } from '../../../../protocol/evaluation/result';
import type { VersionFacts } from '../../../../protocol/registry';
import { chooseEvaluation, requestFor, type Candidate } from './choose';

/** `unfit`: the gate names what isn't there. `none`: nobody ever evaluated this version, and nothing says how. */
export type Found = { doc: EvaluationDoc } | { doc: null; reason: string; hint: string; unfit: boolean; none?: boolean };

export interface EvaluationsOf extends Candidate { loaded: LoadedConfig; facts: VersionFacts; entries: readonly LedgerEntry[]; fresh: boolean; python: string | undefined }

/** `named`: as a gate says it. What goes wrong while evaluating is a reason; only being stopped is thrown. */
export function evaluationsFor(of: EvaluationsOf, evaluating: Pick<Evaluating, 'run' | 'list' | 'get'>, watching: Watching): { find(named?: string): Promise<Found>; used(): EvaluationDoc[] } {
  const asked = new Map<string, Promise<Found>>();
  const made: EvaluationDoc[] = [];

  async function make(named: string | undefined): Promise<Found> {
    try {
      const request = await requestOf(of, evaluating, named);
      if ('reason' in request) return request;
      const { evaluation } = await evaluating.run({ request: requestFor(request.request, of), workspaceSlices: true, fresh: of.fresh, ...(of.python !== undefined && { python: of.python }) }, watching);
      if (!made.some(({ id }) => id === evaluation.id)) made.push(evaluation);
      return { doc: evaluation };
    } catch (error) {
      if (watching.signal.aborted || !(error instanceof RunyardError) || error.code === 'cancelled') throw error;
      return { doc: null, reason: `the evaluation can't be made: ${error.message}`, hint: error.hint, unfit: false };
    }
  }
  return {
    find(named) {
      const key = named ?? '';
      const before = asked.get(key);
      if (before) return before;
      const now = make(named);
      asked.set(key, now);
      return now;
    },
    used: () => made,
  };
}

type Request = { request: Readonly<Record<string, unknown>> } | Extract<Found, { doc: null }>;

async function requestOf({ loaded, model, version, facts, entries }: EvaluationsOf, evaluating: Pick<Evaluating, 'list' | 'get'>, named: string | undefined): Promise<Request> {
  const configured = loaded.config.evaluations;
  if (named !== undefined && !Object.hasOwn(configured, named)) {
    const names = Object.keys(configured);
    const near = nearest(named, names);
    return { doc: null, reason: `there is no evaluation '${named}' in ${loaded.file ?? 'runyard.yaml'}`, hint: near ? `did you mean '${near}'?` : names.length > 0 ? `there are ${names.join(', ')}` : 'name it there under evaluations:', unfit: true };
  }
  const chosen = named === undefined ? chooseEvaluation(configured, model) : configured[named];
  if (chosen) return { request: { ...chosen.request, name: chosen.name } };
  const kept = await keptOf({ facts, entries, model, version }, evaluating);
  if (kept) {
    // As runyard.yaml has them now; those that it doesn't have stay.
    const own = Object.keys(loaded.config.slices);
    return { request: { ...kept.request, name: kept.name, slices: kept.request.slices.filter(({ name }) => !own.includes(name)) } };
  }
  const several = Object.keys(configured);
  const hint = several.length > 1 ? `say which at the gate (evaluation: NAME; there are ${several.join(', ')}), or call one '${model}'` : `name an evaluation '${model}' in runyard.yaml, or evaluate it once: runyard evaluate ${model}/${version} --data FILE --label COLUMN`;
  return { doc: null, reason: `no evaluation is known of version ${version} of ${model}`, hint, unfit: false, none: true };
}

/** The newest that is kept of these very bytes, of those that the ledger knows of this version, or the one that it was registered from. */
async function keptOf({ facts, entries, model, version }: Pick<EvaluationsOf, 'facts' | 'entries' | 'model' | 'version'>, { list, get }: Pick<Evaluating, 'list' | 'get'>): Promise<EvaluationDoc | null> {
  const digests = new Set(evaluatedAs(facts));
  const noted = new Set(entries.flatMap((entry) => (entry.model === model && entry.version === version ? (factsOf('evaluated', entry)?.evaluation ?? []) : [])));
  if (facts.source.kind === 'evaluation') noted.add(facts.source.text);
  const found = list().find(({ id, modelDigest }) => digests.has(modelDigest) || noted.has(id));
  return found ? get(found.id) : null;
}
