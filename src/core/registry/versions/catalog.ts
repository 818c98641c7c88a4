/** Which versions there are, by the ledger's entries; what a person calls one. Pure over entries and records. */
import * as z from 'zod';
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { liveAt } from '../ledger/history';
import { MOVES, type LedgerEntry } from '../ledger/entry';
import { ledgerFacts } from '../ledger/facts';
import { artifactPathProblem } from '../../tracking/artifacts';
import type { VersionFacts } from '../../../protocol/registry';

/** A chain may be of another clone's making: nothing in it leads out of the folder for weights. */
const safePath = z.string().min(1).refine((name) => artifactPathProblem(name) === null && !name.includes('\\') && name.split('/').every((part) => part !== '' && part !== '.'));
const versionFacts = ledgerFacts.registered.extend({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.array(z.looseObject({ path: safePath, digest: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().min(0) })).min(1),
});

export interface KnownVersion { model: string; version: number; entry: LedgerEntry; facts: VersionFacts; description: string; tags: Record<string, string>; /** entry that took it away */ deleted: LedgerEntry | null }
export interface Catalog {
  /** Undefined where the ledger knows none. */
  get(model: string, version: number): KnownVersion | undefined;
  /** In the order of the ledger; those that were deleted too. */
  all(model?: string): KnownVersion[];
  /** Whether the ledger says anything of the model. */
  knows(model: string): boolean;
  /** The largest number that a version ever had; 0 without any. */
  largest(model: string): number;
  /** Environments that a version is live in now. */
  liveIn(model: string, version: number): string[];
  /** Digests of all that is, or was, live anywhere. */
  moved(): Set<string>;
}

/** Folders and addresses are made of it. */
const isName = (model: string): boolean => !/[\\/:\0]/.test(model) && model !== '.' && model !== '..';

/** Of two clones that gave one number to other bytes the first in the ledger's order has it; `conflicts` names them. Entries that can't be read as a version are none, nor are those of models that nobody can call so. */
export function catalogOf(entries: readonly LedgerEntry[]): Catalog {
  const versions = new Map<string, KnownVersion>();
  const models = new Set<string>();
  const environments = new Map<string, Set<string>>();
  const key = (model: string, version: number): string => `${version}/${model}`;
  for (const entry of entries) {
    const { model, version, kind, environment } = entry;
    if (model === '' || !isName(model)) continue;
    models.add(model);
    if (MOVES.includes(kind) && environment !== null) environments.set(model, (environments.get(model) ?? new Set()).add(environment));
    if (version === null) continue;
    const before = versions.get(key(model, version));
    if (kind === 'deleted' && before) versions.set(key(model, version), { ...before, deleted: entry });
    const said = kind === 'registered' && !before ? versionFacts.safeParse(entry.facts).data : undefined;
    if (!said) continue;
    const { description, tags, author = entry.by, ...facts } = said;
    versions.set(key(model, version), { model, version, entry, facts: { ...facts, author }, description, tags, deleted: null });
  }
  const all = (model?: string): KnownVersion[] => [...versions.values()].filter((one) => model === undefined || one.model === model);
  return {
    all, knows: (model) => models.has(model),
    get: (model, version) => versions.get(key(model, version)),
    largest: (model) => Math.max(0, ...all(model).map(({ version }) => version)),
    liveIn: (model, version) => [...environments.get(model) ?? []].filter((environment) => liveAt(entries, { model, environment })?.version === version),
    moved: () => new Set(entries.filter(({ kind }) => MOVES.includes(kind)).flatMap(({ model, version, facts }) => {
      const known = version === null ? undefined : versions.get(key(model, version))?.facts.digest;
      return [...(known === undefined ? [] : [known]), ...(typeof facts['digest'] === 'string' ? [facts['digest']] : [])];
    })),
  };
}

/** The catalogue of a ledger, made again only when there is more in it. */
export function catalogOver(entries: () => readonly LedgerEntry[]): () => Catalog {
  let made: { of: readonly LedgerEntry[]; count: number; catalog: Catalog } | undefined;
  return () => {
    const of = entries();
    if (made?.of !== of || made.count !== of.length) made = { of, count: of.length, catalog: catalogOf(of) };
    return made.catalog;
  };
}

export interface Names { models: readonly string[]; /** numbers of the model, newest first */ versions: readonly number[]; aliases: Readonly<Record<string, number>>; environments: readonly string[]; live(environment: string): number | null }

/** A version's number from what a person calls it. Throws not_found naming what there is, bad_input where a word names two. */
export function resolveVersion(model: string, ref: number | string, names: Names): number {
  if (!names.models.includes(model)) throw noModel(model, names.models);
  const text = String(ref);
  const none = (what: string): RunyardError => new RunyardError('not_found', `the model '${model}' has no ${what}`, thereIs(names));
  if (/^v?\d{1,15}$/i.test(text)) {
    const number = Number(text.replace(/^v/i, ''));
    if (names.versions.includes(number)) return number;
    throw none(`version ${number}`);
  }
  if (text.toLowerCase() === 'latest') {
    const [newest] = names.versions;
    if (newest === undefined) throw none('version');
    return newest;
  }
  const alias = Object.hasOwn(names.aliases, text) ? names.aliases[text] : undefined;
  const live = names.environments.includes(text) ? names.live(text) : null;
  if (alias !== undefined && live !== null && alias !== live) throw new RunyardError('bad_input', `'${text}' is an alias of version ${alias}, and version ${live} is live in the environment ${text}`, 'give the number of the version');
  const found = live ?? alias;
  if (found !== undefined) return found;
  throw names.environments.includes(text) ? none(`version that is live in ${text}`) : none(`alias '${text}', and there is no such environment`);
}

export function noModel(model: string, models: readonly string[]): RunyardError {
  const near = nearest(model, models);
  return new RunyardError('not_found', `there is no registered model '${model}'`, near ? `did you mean '${near}'?` : models.length > 0 ? `there are ${models.slice(0, 10).join(', ')}` : 'register one: runyard models register NAME --file model.onnx');
}

function thereIs({ versions, aliases, environments, live }: Names): string {
  if (versions.length === 0) return 'it has no version at all';
  const of = (version: number): string => [
    version, ...Object.keys(aliases).filter((alias) => aliases[alias] === version).sort().map((alias) => `@${alias}`), ...environments.filter((one) => live(one) === version).map((one) => `(${one})`),
  ].join(' ');
  return `it has ${versions.slice(0, 10).map(of).join(', ')}`;
}
