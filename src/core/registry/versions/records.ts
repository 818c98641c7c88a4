/** The records that MLflow's clients see, kept to what the ledger says: half versions go, versions of other clones come. */
import { describeError, RunyardError } from '../../base/errors';
import { isPrompt } from '../documents';
import { createRegistry, type Registry } from '../registry';
import type { RegistryContext } from '../types';
import type { LedgerEntry } from '../ledger/entry';
import { ledgerFacts } from '../ledger/facts';
import type { Catalog, KnownVersion } from './catalog';
import { followMove } from './follow';
import { PENDING } from './parts';
import { addressOf, isAddress } from './weights';
import { liveAt } from '../ledger/history';

/** What a killed engine left: a pending version without its entry never was. One whose entry is there is ready. */
export function mendHalves(registry: Registry, catalog: Catalog): string[] {
  const gone: string[] = [];
  for (const { name, version, status, location } of registry.versions()) {
    // A client may have left one of its own pending.
    if (status !== PENDING || !isAddress(location)) continue;
    if (catalog.get(name, version)) {
      registry.setStatus(name, version, 'READY');
      continue;
    }
    registry.removeVersion(name, version);
    // It was made for this version.
    if (version === 1 && registry.versions(name).length === 0 && !catalog.knows(name)) registry.remove(name);
    gone.push(`${name} version ${version}`);
  }
  return gone;
}

/** Takes over what other clones did: versions, deletions, words, aliases, moves of environments that MLflow's clients see. Returns the models that changed. */
export function followLedger(context: RegistryContext, { entries, catalog, clone }: { entries: readonly LedgerEntry[]; catalog: Catalog; clone: string }): string[] {
  const { store: { records }, clock, log } = context;
  const registry = createRegistry(records, clock);
  const config = context.loaded().config.registry;
  const changed = new Set<string>();
  const has = (model: string, version: number): boolean => records.get('modelVersion', `${model}/${version}`) !== undefined;
  const known = (model: string): boolean => records.get('registeredModel', model) !== undefined;
  // What another clone wrote must not keep this engine from starting.
  const take = ({ model, clone: of }: { model: string; clone: string }, work: () => boolean): void => {
    try {
      if (work()) changed.add(model);
    } catch (error) {
      log.warn(`what ${of} says of ${model} can't be taken over: ${describeError(error)}`);
    }
  };
  for (const one of catalog.all()) {
    if (has(one.model, one.version) !== (one.deleted !== null)) continue;
    take(one.entry, () => {
      if (one.deleted) registry.removeVersion(one.model, one.version);
      else restore(registry, one);
      return true;
    });
  }
  // Our own are in the records since they were said.
  for (const entry of lastWords(entries)) if (entry.clone !== clone && known(entry.model)) take(entry, () => apply(registry, entry, has));
  if (config.said || Object.keys(config.aliases).length > 0) {
    for (const environment of Object.keys(config.environments)) {
      for (const model of new Set(catalog.all().map((one) => one.model))) {
        const live = liveAt(entries, { model, environment });
        if (live && live.entry.clone !== clone) followMove(records, clock, { model, version: live.version, environment }, config);
      }
    }
  }
  return [...changed];
}

/** A version that another clone registered, or that a lost store had: under its number, with its words. */
function restore(registry: Registry, { model, version, facts, description, tags, entry }: KnownVersion): void {
  const there = registry.list().find(({ name }) => name === model);
  if (there && isPrompt(there.tags)) throw new RunyardError('conflict', `'${model}' is a prompt here`, 'rename the prompt');
  if (!there) registry.create(model, { description: '', tags: {} });
  const location = addressOf(facts.digest);
  registry.addVersion(model, {
    number: version, created: entry.t, source: facts.source.kind === 'run' ? facts.source.text : location, location, run: facts.run ?? '', runLink: '', model: '', description, tags, user: facts.author.name,
  });
}

/** The newest entry about each alias, and all about descriptions and tags, in order. */
function lastWords(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const last = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    if (entry.kind === 'alias') last.set(JSON.stringify([entry.model, entry.facts['alias']]), entry);
    else if (entry.kind === 'described') last.set(entry.hash, entry);
  }
  return [...last.values()];
}

function apply(registry: Registry, entry: LedgerEntry, has: (model: string, version: number) => boolean): boolean {
  const { model, version } = entry;
  if (entry.kind === 'alias') {
    const word = ledgerFacts.alias.parse(entry.facts);
    const now = registry.get(model).aliases[word.alias] ?? null;
    if (now === word.version) return false;
    if (word.version === null) registry.removeAlias(model, word.alias);
    else if (has(model, word.version)) registry.setAlias(model, word.alias, word.version);
    return true;
  }
  const { description, setTags = {}, deleteTags = [] } = ledgerFacts.described.parse(entry.facts);
  if (version !== null && !has(model, version)) return false;
  const before = version === null ? registry.get(model) : registry.version(model, version);
  const same = (description === undefined || before.description === description) && Object.entries(setTags).every(([key, value]) => before.tags[key] === value) && deleteTags.every((key) => !(key in before.tags));
  if (same || before.updated > entry.t) return false;
  describe(registry, model, version, { description, setTags, deleteTags });
  return true;
}

export interface Words { description?: string | undefined; setTags?: Record<string, string> | undefined; deleteTags?: readonly string[] | undefined }

/** Says a model's or a version's description and tags again. */
export function describe(registry: Registry, model: string, version: number | null, { description, setTags = {}, deleteTags = [] }: Words): void {
  const tags = { set: setTags, remove: deleteTags };
  if (version === null) {
    registry.tag(model, tags);
    if (description !== undefined) registry.describe(model, description);
  } else {
    registry.tagVersion(model, version, tags);
    if (description !== undefined) registry.describeVersion(model, version, description);
  }
}
