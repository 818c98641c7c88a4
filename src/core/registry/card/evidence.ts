/** What a card is written from: one look at all that is known of a version. */
import type { RegistryConfig } from '../../config/registry';
import type { EvaluationDoc, EvaluationSummary, Importance } from '../../../protocol/evaluation/result';
import type { HistoryRow, VersionDetail } from '../../../protocol/registry';
import { describeError } from '../../base/errors';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { movesOf } from '../ledger/history';
import type { Evaluating, RegistryContext } from '../types';

/** The newest evaluation of this version under its name. */
export interface KeptEvaluation { name: string; doc: EvaluationDoc; importance: Importance | null }
export interface Move { version: number; t: number; kind: string; by: string; reason: string; hash: string; /** digest of the golden predictions that were recorded then */ golden: string | null }
/** All moves of an environment, oldest first. */
export interface EnvironmentFacts { name: string; moves: Move[] }

export interface CardEvidence {
  model: string; version: number; detail: VersionDetail;
  /** by name, each once */
  evaluations: KeptEvaluation[];
  /** every summary of this version that is kept, newest first */
  summaries: readonly EvaluationSummary[];
  /** evaluations that the ledger tells of, here or in another clone, by id */
  told: ReadonlyMap<string, { name: string; t: number }>;
  /** what happened to this version, oldest first */
  history: HistoryRow[];
  environments: EnvironmentFacts[];
  config: RegistryConfig;
}

/** What a figure should be. `accepts`: another text that is right, too, where the evidence is the same: what is only known on the machine that made it. `gone`: it has nothing to say any more, and goes. `lost`: its evidence isn't here, so nobody can say what it should be; it stays as it is. */
export type Expected = { evidence: string | null; text: string; block: boolean; accepts?(text: string): boolean } | { gone: string } | { lost: string };

export interface CardParts {
  ledger: { entries(): readonly LedgerEntry[] };
  evaluating: Pick<Evaluating, 'get'>;
  detail(model: string, version: number): Promise<VersionDetail>;
  history(model: string): HistoryRow[] | Promise<HistoryRow[]>;
  /** the permutation importance that is kept of an evaluation; null where none is */
  importance?(evaluation: string): Promise<Importance | null>;
}

/** What is told in a card's history: what people did, and not what a gate looked at. A check of the card must not make it stale. */
const TOLD = new Set(['registered', 'approved', 'rejected', 'promoted', 'forced', 'rolledBack', 'described', 'alias', 'deleted']);

export async function gather(context: Pick<RegistryContext, 'loaded' | 'log'>, parts: CardParts, { model, version }: { model: string; version: number }): Promise<CardEvidence> {
  const detail = await parts.detail(model, version);
  const config = context.loaded().config.registry;
  const summaries = [...detail.evaluations].sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
  const newest = new Map<string, EvaluationSummary>();
  for (const one of summaries) if (!newest.has(one.name)) newest.set(one.name, one);
  const kept = await Promise.all([...newest.values()].map(async (one): Promise<KeptEvaluation[]> => {
    try {
      return [{ name: one.name, doc: await parts.evaluating.get(one.id), importance: await parts.importance?.(one.id) ?? null }];
    } catch (error) {
      // Deleted by hand, or not readable: a card then says that its evidence isn't here.
      context.log.warn(`the evaluation ${one.id} of ${model} ${version} can't be read for its card: ${describeError(error)}`);
      return [];
    }
  }));
  const entries = parts.ledger.entries();
  const rows = await parts.history(model);
  return {
    model, version, detail, config, summaries, told: new Map(rows.flatMap(toldOf(version))),
    evaluations: kept.flat().sort((a, b) => (a.name < b.name ? -1 : 1)),
    history: rows.filter((row) => TOLD.has(row.kind) && (row.version === version || row.facts.from === version)),
    environments: environmentNames(entries, model, Object.keys(config.environments)).map((name) => ({ name, moves: movesOf(entries, model, name).flatMap(moveOf) })),
  };
}

const toldOf = (version: number) => ({ kind, version: of, facts, t }: HistoryRow): [string, { name: string; t: number }][] =>
  (kind === 'evaluated' && of === version && typeof facts.evaluation === 'string' ? [[facts.evaluation, { name: typeof facts.name === 'string' ? facts.name : '', t }]] : []);

/** As runyard.yaml has them, then those that only the ledger knows. */
function environmentNames(entries: readonly LedgerEntry[], model: string, configured: readonly string[]): string[] {
  const others = entries.flatMap((entry) => (entry.model === model && entry.environment !== null && MOVES.includes(entry.kind) && !configured.includes(entry.environment) ? [entry.environment] : []));
  return [...configured, ...[...new Set(others)].sort()];
}

const moveOf = ({ version, t, kind, by, facts, hash }: LedgerEntry): Move[] =>
  (version === null ? [] : [{ version, t, kind, by: by.name || by.email, reason: typeof facts.reason === 'string' ? facts.reason : '', hash, golden: typeof facts.golden === 'string' ? facts.golden : null }]);
