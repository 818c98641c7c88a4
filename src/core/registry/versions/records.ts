/** The records that MLflow's clients see, kept to what the ledger says: half versions go, versions of other clones come. */
import { createRegistry, type Registry } from '../registry';
import type { RegistryContext } from '../types';
import type { LedgerEntry } from '../ledger/entry';
import { ledgerFacts } from '../ledger/facts';
import type { Catalog, KnownVersion } from './catalog';
import { followMove } from './follow';
import { PENDING } from './parts';
import { addressOf } from './weights';
import { liveAt } from '../ledger/history';

/** What a killed engine left: a pending version without its entry never was. One whose entry is there is ready. */
export function mendHalves(registry: Registry, catalog: Catalog): string[] {
  const gone: string[] = [];
  for (const { name, version, status } of registry.versions()) {
    if (status !== PENDING) continue;
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
  const changed = new Set<string>();
  const has = (model: string, version: number): boolean => records.get('modelVersion', `${model}/${version}`) !== undefined;
  for (const one of catalog.all()) {
    if (!one.deleted && !has(one.model, one.version)) {
      restore(registry, one);
      changed.add(one.model);
    } else if (one.deleted && has(one.model, one.version)) {
      registry.removeVersion(one.model, one.version);
      changed.add(one.model);
    }
  }
  for (const entry of lastWords(entries)) {
    // Our own are in the records since they were said.
    if (entry.clone === clone || !registry.list().some(({ name }) => name === entry.model)) continue;
    try {
      if (apply(registry, entry, has)) changed.add(entry.model);
    } catch (error) {
      log.warn(`what ${entry.clone} said of ${entry.model} can't be taken over: ${String(error)}`);
    }
  }
  for (const environment of Object.keys(context.loaded().config.registry.environments)) {
    for (const { name } of registry.list()) {
      const live = liveAt(entries, { model: name, environment });
      if (live && live.entry.clone !== clone) followMove(records, clock, { model: name, version: live.version, environment }, context.loaded().config.registry);
    }
  }
  return [...changed];
}

/** A version that another clone registered, or that a lost store had: under its number, with its words. */
function restore(registry: Registry, { model, version, facts, description, tags, entry }: KnownVersion): void {
  if (!registry.list().some(({ name }) => name === model)) registry.create(model, { description: '', tags: {} });
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
