/** Versions whose promotion waits for people. Pure over the fold. */
import type { RegistryConfig } from '../../config/registry';
import type { Person, WaitingRow } from '../../../protocol/registry';
import type { LedgerEntry } from '../ledger/entry';
import { factsOf } from '../ledger/facts';
import { personKey, samePerson } from '../ledger/people';
import { peopleWanted } from './environments';
import type { FoldedModel, FoldedVersion } from './fold';

export const authorOf = ({ facts, registered }: FoldedVersion): Person => facts.author ?? registered.by;
/** The version that is live in each environment. */
export const liveVersions = ({ moves }: FoldedModel): Map<string, number> =>
  new Map([...moves].flatMap(([environment, list]): [string, number][] => { const version = list.at(-1)?.version ?? null; return version === null ? [] : [[environment, version]]; }));

/** Each person's last word on a version for an environment, the author's left out: it counts nothing. */
export function lastWords(model: FoldedModel, version: number, environment: string): LedgerEntry[] {
  const known = model.versions.get(version);
  const words = new Map<string, LedgerEntry>();
  for (const entry of model.judgements) {
    if (entry.version !== version || entry.environment !== environment || (known && samePerson(entry.by, authorOf(known)))) continue;
    words.set(personKey(entry.by), entry);
  }
  return [...words.values()];
}

/**
 * Where the gates were asked, nothing but approval stands against the move, and enough people have not said yes yet. One that was moved there since, or for
 * which a later version was, waits no more; nor does one that somebody rejects.
 */
export function waitingOf(model: FoldedModel, config: RegistryConfig): WaitingRow[] {
  const live = liveVersions(model);
  return [...model.gates.values()].flatMap(({ entry, since }): WaitingRow[] => {
    const asked = factsOf('gates', entry);
    const version = entry.version ?? 0;
    if (!asked || !(asked.to in config.environments) || model.versions.get(version)?.deleted !== false) return [];
    const blocking = asked.gates.filter(({ blocks }) => blocks);
    if (blocking.length === 0 || blocking.some(({ kind }) => kind !== 'approval')) return [];
    const words = lastWords(model, version, asked.to);
    const need = peopleWanted(config, asked.to, [...live].filter(([, number]) => number === version).map(([environment]) => environment));
    const have = words.filter(({ kind }) => kind === 'approved').length;
    return have >= need || words.some(({ kind }) => kind === 'rejected') ? [] : [{ model: model.name, version, environment: asked.to, have, need, since }];
  });
}
