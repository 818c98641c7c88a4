/** The registry's parts as they know each other. Each is made by a function of its folder; service/ puts them together. */
import type { z } from 'zod';
import type { Clock } from '../base/clock';
import type { Log } from '../base/log';
import type { LoadedConfig } from '../config/load';
import type { Store } from '../store/store';
import type { ConflictRow, FileFacts, GateReport, Person, registerParams, RegistryEvents, Verification, VersionFacts } from '../../protocol/registry';
import type { Watching } from '../evaluation/service/evaluating';
import type { LedgerEntry, LedgerFacts } from './ledger/entry';

/** What every part of the registry may use. */
export interface RegistryContext {
  /** absolute */
  workspace: string; store: Store; log: Log; clock: Clock;
  loaded(): LoadedConfig;
  /** tells the doors */
  changed(models: string[]): void;
  attention(what: RegistryEvents['attention']): void;
}

/** ledger/log.ts: `openLedger(context): Ledger`. All chains that are here; ours is the only one that is written. */
export interface Ledger {
  /** this clone's chain */
  readonly clone: string;
  /** of all chains, as `ordered` puts them; cheap to ask again */
  entries(): readonly LedgerEntry[];
  /** the next entry of our chain, whole, with its hash; nothing is written */
  next(facts: Omit<LedgerFacts, 't'> & { t?: number }): LedgerEntry;
  /** On the disk when it returns: in our chain's file (synced), then in the store and in the shared folder. Throws conflict where it isn't the next one any more, disk_full. */
  commit(entry: LedgerEntry): void;
  /** next and commit */
  append(facts: Omit<LedgerFacts, 't'> & { t?: number }): LedgerEntry;
  /** Reads others' chains again: also done by itself, within seconds of a change. Whoever waits by onPulled hears of what is new before it returns. Whether anything is. */
  refresh(): boolean;
  onPulled(hear: () => void): void;
  verify(): Verification;
  conflicts(): ConflictRow[];
}

export type RegisterArgs = z.output<typeof registerParams>;
export interface Registered { model: string; version: number; existing: boolean; digest: string; facts: VersionFacts; /** what didn't work out and hinders nothing: the folder for weights can't be reached */ notes?: string[] }

/** versions/versions.ts: `createVersions(context, ledger, readSignature): Versions`. Versions, and their files by content below .runyard/weights/DIGEST/. */
export interface Versions {
  register(args: RegisterArgs, by: Person, watching: Watching): Promise<Registered>;
  /** Throws not_found naming what there is. A version that an MLflow client made is taken up when it is first asked for. */
  facts(model: string, version: number): Promise<VersionFacts>;
  /** Absolute folder of its files, fetched from the folder for weights where they aren't here. Throws not_found that says how to bring them. */
  folder(model: string, version: number): Promise<string>;
  /** Whether the files are on this machine, without fetching. */
  here(facts: VersionFacts): boolean;
  /** Paths whose bytes aren't what they were, or that are gone. */
  altered(model: string, version: number): Promise<FileFacts[]>;
  fetch(model: string, version: number, from: string | undefined): Promise<{ folder: string; files: FileFacts[] }>;
  /** A number from '3', 3, 'latest', an alias or an environment's name. Throws not_found naming what there is. */
  resolve(model: string, ref: number | string): number;
}

export type { Evaluating, Watching } from '../evaluation/service/evaluating';
export type { Golden, ProbeParams, ProbeResult } from '../evaluation/process/probe';

/** gates/gate.ts: `createGates(...)`. */
export interface Gates {
  /** Every gate of the edge that the version would take. Computes what isn't kept; writes the entry 'gates' into the ledger unless `quiet`. Throws bad_input for an unknown environment, refused for an edge that isn't allowed. */
  report(args: { model: string; version: number; to: string; fresh?: boolean; python?: string | undefined; by: Person; quiet?: boolean }, watching: Watching): Promise<GateReport>;
}
