import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '../../../../../src/core/base/log';
import { parseConfig } from '../../../../../src/core/config/load';
import type { LedgerFacts } from '../../../../../src/core/registry/ledger/entry';
import { openLedger } from '../../../../../src/core/registry/ledger/log';
import type { Ledger, RegistryContext } from '../../../../../src/core/registry/types';
import { openStore } from '../../../../../src/core/store/open';

export const ana = { name: 'Ana', email: 'ana@example.org' };
export const ben = { name: 'Ben', email: 'ben@example.org' };

/** A folder that goes with the test. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-ledger-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Place {
  workspace: string; context: RegistryContext; ledger: Ledger;
  /** of this clone's own chain */
  file: string;
  warnings: string[]; attention: string[];
  /** told as changed: names of models, [] is all of them */
  changes: string[][];
  /** seconds */
  time: { now: number };
  close(): void;
}

/** A workspace with its store and ledger, opened as the engine does; opened again, it is the next start. */
export function place(workspace = tempFolder(), config = ''): Place {
  const warnings: string[] = [];
  const attention: string[] = [];
  const changes: string[][] = [];
  const time = { now: 1_800_000_000 };
  const log: Log = { info: () => undefined, warn: (text) => warnings.push(text), error: (text) => warnings.push(text) };
  const store = openStore({ dir: path.join(workspace, '.runyard'), log, clock: () => time.now });
  const loaded = { file: 'runyard.yaml', ...parseConfig(config, 'runyard.yaml') };
  const context: RegistryContext = { workspace, store, log, clock: () => (time.now += 1), loaded: () => loaded, changed: (models) => changes.push(models), attention: ({ text }) => attention.push(text) };
  const ledger = openLedger(context);
  const close = (): void => { ledger.dispose(); store.dispose(); };
  onTestFinished(close);
  return { workspace, context, ledger, file: path.join(workspace, '.runyard', 'ledger', `${ledger.clone}.jsonl`), warnings, attention, changes, time, close };
}

/** A move of production of the model 'loan', unless said otherwise. */
export const move = (version: number, rest: Partial<LedgerFacts> = {}): Omit<LedgerFacts, 't'> =>
  ({ by: ana, kind: 'promoted', model: 'loan', version, environment: 'production', facts: { from: null, reason: '', digest: '', gates: null, golden: null, latency: null }, ...rest });
