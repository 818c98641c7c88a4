/** A workspace with a registry whose evidence is computed by the real evaluator. */
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { loadConfig } from '../../../../../src/core/config/load';
import { createEvaluations } from '../../../../../src/core/evaluation/service/service';
import { findModel } from '../../../../../src/core/registry/find-model';
import { createGates } from '../../../../../src/core/registry/gates/gate';
import { openLedger } from '../../../../../src/core/registry/ledger/log';
import type { Gates, Ledger, RegistryContext } from '../../../../../src/core/registry/types';
import { createVersions, type VersionsService } from '../../../../../src/core/registry/versions/versions';
import { openStore } from '../../../../../src/core/store/open';
import { registerParams, type CardReport, type GateReport, type RegistryEvents } from '../../../../../src/protocol/registry';

export const reference = path.resolve(import.meta.dirname, '../../../../fixtures/reference');
export const ana = { name: 'Ana', email: 'ana@example.org' };
export const ben = { name: 'Ben', email: 'ben@example.org' };
export const watching = { signal: new AbortController().signal, progress: (): void => undefined };

export interface Place {
  workspace: string; context: RegistryContext; ledger: Ledger; versions: VersionsService; gates: Gates; attention: RegistryEvents['attention'][]; card: { report: CardReport };
  /** seconds */
  time: { ahead: number };
  put(file: string, content: string | Uint8Array): void;
  /** pinned examples are read again, as when their file changes */
  pin(lines: readonly Record<string, unknown>[]): void;
  copy(from: string, to: string): void;
  register(file: string): Promise<number>;
  /** as a promotion leaves it in the ledger */
  live(version: number, environment?: string): void;
  report(version: number, more?: Partial<Parameters<Gates['report']>[0]>): Promise<GateReport>;
}

export function place(script: string, { model, yaml }: { model: string; yaml: string }): Place {
  const workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-gates-')));
  writeFileSync(path.join(workspace, 'runyard.yaml'), yaml);
  const time = { ahead: 0 };
  const clock = (): number => Date.now() / 1000 + time.ahead;
  const loaded = () => loadConfig(workspace);
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
  const evaluations = createEvaluations({ workspace, store, log: silentLog, clock, evaluatorPath: script, loaded, findModel: (spec) => findModel({ workspace, store, clock }, spec), reload: () => undefined, onProgress: () => undefined, onChanged: () => undefined, onProblems: () => undefined });
  const attention: Place['attention'] = [];
  const context: RegistryContext = { workspace, store, clock, log: silentLog, loaded, changed: () => undefined, attention: (what) => { attention.push(what); } };
  const ledger = openLedger(context);
  onTestFinished(() => {
    ledger.dispose();
    evaluations.dispose();
    store.dispose();
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  });
  const { evaluating } = evaluations;
  const versions = createVersions(context, ledger, evaluating, () => Promise.resolve(ana));
  const card = { report: { file: 'cards/x.md', text: '', written: false, missing: ['Intended use'], stale: 0, problems: [] } };
  const gates = createGates(context, { ledger, versions, evaluating, checkCard: () => Promise.resolve(card.report) });
  const at = (file: string): string => {
    const full = path.join(workspace, file);
    mkdirSync(path.dirname(full), { recursive: true });
    return full;
  };
  return {
    workspace, context, ledger, versions, gates, attention, card, time,
    put: (file, content) => writeFileSync(at(file), content), copy: (from, to) => copyFileSync(from, at(to)),
    pin(lines) {
      writeFileSync(at('pinned-examples.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      evaluations.configChanged();
    },
    register: async (file) => (await versions.register(registerParams.parse({ model, file }), ana, watching)).version,
    live: (version, environment = 'production') => void ledger.append({ by: ben, kind: 'promoted', model, version, environment, facts: { from: null, reason: '', digest: '', gates: null, golden: null, latency: null } }),
    report: (version, more = {}) => gates.report({ model, version, to: 'production', by: ben, ...more }, watching),
  };
}
