/** What the ledger's entries come to: models, versions, moves, approvals, comments. Goes on from where it was when entries are added at the end. Pure over entries. */
import type { Comment } from '../../../protocol/registry';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { factsOf, type FactsOf } from '../ledger/facts';

export interface FoldedVersion {
  version: number; registered: LedgerEntry; facts: FactsOf<'registered'>;
  description: string; tags: Record<string, string>; deleted: boolean;
}
export interface FoldedModel {
  name: string; versions: Map<number, FoldedVersion>;
  /** moves of each environment, oldest first */
  moves: Map<string, LedgerEntry[]>;
  /** approvals and rejections, oldest first */
  judgements: LedgerEntry[];
  /** newest entry 'gates' of a version and environment to which neither it nor a later version was moved since; `since`: when they were first asked (ms) */
  gates: Map<string, { entry: LedgerEntry; since: number }>;
  /** ms, of the newest entry that says something of it, comments too */
  updated: number;
  /** null: nothing was said of it */
  description: string | null; aliases: Record<string, number>;
}
export interface Folded { models: Map<string, FoldedModel>; comments: Comment[] }

/** The fold of what `entries` gives, made further by what is new in it, and anew only where something came in between. */
export function createFold(entries: () => readonly LedgerEntry[]): () => Folded {
  let state = empty();
  let done: readonly LedgerEntry[] = [];
  return () => {
    const all = entries();
    if (all === done) return state;
    // The order is total and nothing ever goes, so the same entry at the same place means the same entries before it.
    const from = all.length >= done.length && all[done.length - 1] === done.at(-1) ? done.length : 0;
    if (from === 0) state = empty();
    for (let at = from; at < all.length; at++) {
      const entry = all[at];
      if (entry) apply(state, entry);
    }
    done = all;
    return state;
  };
}

const empty = (): Folded => ({ models: new Map(), comments: [] });

const pairKey = (version: number, environment: string): string => `${version} ${environment}`;

function modelOf(state: Folded, name: string): FoldedModel {
  let model = state.models.get(name);
  if (!model) state.models.set(name, model = { name, versions: new Map(), moves: new Map(), judgements: [], gates: new Map(), updated: 0, description: null, aliases: {} });
  return model;
}

function apply(state: Folded, entry: LedgerEntry): void {
  if (entry.kind === 'comment') {
    const said = factsOf('comment', entry);
    if (said) state.comments.push({ id: said.id, by: entry.by, t: entry.t, text: said.text, on: said.on });
  }
  if (entry.model === '') return;
  const model = modelOf(state, entry.model);
  model.updated = Math.max(model.updated, entry.t);
  if (MOVES.includes(entry.kind)) move(model, entry);
  else if (entry.kind === 'registered') register(model, entry);
  else if (entry.kind === 'gates') gates(model, entry);
  else if (entry.kind === 'approved' || entry.kind === 'rejected') model.judgements.push(entry);
  else if (entry.kind === 'described') describe(model, entry);
  else if (entry.kind === 'alias') alias(model, entry);
  else if (entry.kind === 'deleted') remove(model, entry);
}

function move(model: FoldedModel, entry: LedgerEntry): void {
  if (entry.environment === null) return;
  for (const [key, { entry: asked }] of model.gates) if (factsOf('gates', asked)?.to === entry.environment && (asked.version ?? 0) <= (entry.version ?? 0)) model.gates.delete(key);
  const moves = model.moves.get(entry.environment);
  if (moves) moves.push(entry);
  else model.moves.set(entry.environment, [entry]);
}

/** The first of a number has it, in the order that every clone comes to. */
function register(model: FoldedModel, entry: LedgerEntry): void {
  const facts = factsOf('registered', entry);
  if (!facts || entry.version === null || model.versions.has(entry.version)) return;
  model.versions.set(entry.version, { version: entry.version, registered: entry, facts, description: facts.description, tags: facts.tags, deleted: false });
}

function gates(model: FoldedModel, entry: LedgerEntry): void {
  const said = factsOf('gates', entry);
  if (!said || entry.version === null) return;
  const key = pairKey(entry.version, said.to);
  const since = model.gates.get(key)?.since ?? entry.t;
  // Behind the others, as the newest.
  model.gates.delete(key);
  model.gates.set(key, { entry, since });
}

function describe(model: FoldedModel, entry: LedgerEntry): void {
  const said = factsOf('described', entry);
  const version = entry.version === null ? undefined : model.versions.get(entry.version);
  if (!said) return;
  if (version) {
    version.description = said.description ?? version.description;
    version.tags = Object.fromEntries(Object.entries({ ...version.tags, ...said.setTags }).filter(([key]) => !said.deleteTags?.includes(key)));
  } else if (entry.version === null) model.description = said.description ?? model.description;
}

function alias(model: FoldedModel, entry: LedgerEntry): void {
  const said = factsOf('alias', entry);
  if (!said) return;
  model.aliases = Object.fromEntries(Object.entries({ ...model.aliases, [said.alias]: said.version }).filter((pair): pair is [string, number] => pair[1] !== null));
}

function remove(model: FoldedModel, entry: LedgerEntry): void {
  for (const version of entry.version === null ? [...model.versions.values()] : [model.versions.get(entry.version) ?? []].flat()) version.deleted = true;
}
