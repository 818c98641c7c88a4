/** What the parts of versions/ share. */
import type { Evaluating, Ledger, RegistryContext, Watching } from '../types';
import type { Registry } from '../registry';
import type { Person } from '../../../protocol/registry';
import type { Catalog } from './catalog';

/** Whoever git says that works here. */
export type Identity = () => Promise<Person>;

export interface VersionParts {
  context: RegistryContext; ledger: Ledger; registry: Registry; identity: Identity;
  evaluating: Pick<Evaluating, 'signature' | 'get'>;
  catalog(): Catalog;
  /** digests whose files are in place and whose entry is not yet in the ledger: nobody collects them */
  arriving: Set<string>;
}

/** Nobody stops it, and nobody is told. */
export const unwatched = (): Watching => ({ signal: new AbortController().signal, progress: () => undefined });

/** A version that isn't whole yet has it, so that an engine that was killed knows it again. */
export const PENDING = 'PENDING_REGISTRATION';
