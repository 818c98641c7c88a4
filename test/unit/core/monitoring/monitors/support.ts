/** Monitors over a store of their own, with a log that says what a test tells it to. Time stands still until a test moves it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '../../../../../src/core/base/log';
import { RunyardError } from '../../../../../src/core/base/errors';
import { parseConfig } from '../../../../../src/core/config/load';
import type { LogFacts } from '../../../../../src/core/evaluation/process/jobs';
import { createJobTable } from '../../../../../src/core/evaluation/service/jobs';
import { watching, type Watch } from '../../../../../src/core/monitoring/monitors/monitoring';
import type { MonitoringContext } from '../../../../../src/core/monitoring/types';
import { openStore } from '../../../../../src/core/store/open';
import type { EngineEvents } from '../../../../../src/protocol/engine';
import type { MonitoringMethodName } from '../../../../../src/protocol/monitoring';
import { monitoringMethods } from '../../../../../src/protocol/monitoring';

export const DAY = 86_400_000;
export const MONDAY = Date.parse('2026-11-16T00:00:00Z');
export const ana = { name: 'Ana', email: 'ana@example.org' };

export interface World {
  workspace: string; now: number; alerts: EngineEvents['alert'][]; changes: EngineEvents['monitoring'][];
  /** rows in the window that begins then; 100 unless said */
  rows: Map<number, number>;
  /** what else the log says */
  facts: Partial<LogFacts>;
  /** what a job does before it answers; may throw */
  job: (name: string, params: { log: { data?: { files: string[] } }; window?: { from: number | null } }, signal: AbortSignal) => Promise<void> | void;
  asked: string[]; back: string[];
  watch: Watch;
  /** any method, with its defaults */
  ask<M extends MonitoringMethodName & keyof Watch['handlers']>(method: M, params?: object): ReturnType<Watch['handlers'][M]>;
  configure(text: string): void;
  /** ends everything and begins again over the same store, as a new engine would */
  restart(): void;
  files(monitor: string): string[];
  context: MonitoringContext;
  end(): void;
}

const facts = (rows: number, from: number): LogFacts => ({ rows, from: rows > 0 ? from : null, to: rows > 0 ? from : null, versions: rows > 0 ? [{ version: 3, rows, role: 'live' }] : [], latency: null, rules: [], labelled: 0, files: 1, future: 0, unreadable: [] });

/** `timing`: of the ticker; it doesn't tick unless it is given. */
export function world(yaml: string, timing: { every: number; after: number; settle?: number } = { every: 1e9, after: 0 }): World {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'runyard-monitors-'));
  for (const model of ['m', 'q']) mkdirSync(path.join(workspace, '.runyard', 'serving', model, 'production'), { recursive: true });
  let loaded = { file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') };
  let open: (() => void)[] = [];
  const here = { workspace, now: MONDAY + DAY, alerts: [], changes: [], rows: new Map(), facts: {}, job: () => undefined, asked: [], back: [] } as unknown as World;
  function begin(): void {
    const clock = (): number => here.now / 1000;
    const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
    const jobs = createJobTable(() => undefined);
    const work = async (name: string, params: Parameters<World['job']>[1], { watching: { signal } }: { watching: { signal: AbortSignal } }): Promise<unknown> => {
      here.asked.push(name);
      await here.job(name, params, signal);
      if (signal.aborted) throw new RunyardError('cancelled', 'stopped', '');
      const from = params.window?.from ?? 0;
      if (name === 'logFacts') return { ...facts(here.rows.get(from) ?? 100, from), ...here.facts };
      throw new RunyardError('bad_input', `${name}: the reference is not there`, 'write another');
    };
    here.context = {
      workspace, store, log: silentLog, clock, jobs, loaded: () => loaded, work: work as MonitoringContext['work'], ask: (() => Promise.reject(new Error('nobody asks here'))) as unknown as MonitoringContext['ask'],
      identity: (by) => Promise.resolve(by ?? ana), findModel: (spec) => spec, changed: (what, monitors = []) => { here.changes.push({ what, monitors: [...monitors] }); }, alerted: (event) => { here.alerts.push(event); },
      registry: { at: () => 3, moves: () => [], alert: (model, environment, text) => { here.back.push(`${model}@${environment}: ${text}`); return Promise.resolve('went back from version 3 to 2'); } },
    };
    here.watch = watching(here.context, timing);
    open = [() => here.watch.dispose(), () => jobs.dispose(), () => store.dispose()];
  }
  begin();
  here.ask = (method, params = {}) => (here.watch.handlers[method] as (args: unknown) => never)(monitoringMethods[method].parse(params));
  here.configure = (text) => { loaded = { file: 'runyard.yaml', ...parseConfig(text, 'runyard.yaml') }; };
  here.restart = () => { for (const one of open) one(); begin(); };
  here.files = (monitor) => { try { return readdirSync(path.join(workspace, '.runyard', 'monitoring', monitor)).sort(); } catch { return ['none']; } };
  here.end = () => { for (const one of open) one(); rmSync(workspace, { recursive: true, force: true }); };
  return here;
}
