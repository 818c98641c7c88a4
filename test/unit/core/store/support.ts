import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { openStore } from '../../../../src/core/store/open';
import type { SearchQuery, Store } from '../../../../src/core/store/store';
import { runSpec, type RunSpec, type SpoolEvent } from '../../../../src/protocol/spool';

/** A folder that goes with the test. */
export function tempDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'runyard-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A store on disk that is closed with the test; opening the same folder again is opening again. */
export function store(dir = tempDir()): Store {
  const opened = openStore({ dir, log: silentLog, clock: () => 1_700_000_000 });
  onTestFinished(() => opened.dispose());
  return opened;
}

export const id = (n: number): string => n.toString(16).padStart(32, '0');

export function spec(n: number, rest: Partial<RunSpec> = {}): RunSpec {
  return runSpec.parse({ format: 1, runId: id(n), experiment: 'loan', name: `run-${n}`, created: 1000 + n, argv: ['python', 'train.py'], script: 'train.py', ...rest });
}

let file = 0;
/** Says events of a run, as a spool file of their own. */
export function say(to: Store, n: number, ...events: SpoolEvent[]): void {
  to.applyBatch({ run: id(n), file: `events.${file++}.jsonl`, to: 100, lines: events.length, events, problems: [] });
}

export const m = (step: number, metrics: Record<string, number | 'NaN' | 'Infinity' | '-Infinity'>, t = 2000 + step): SpoolEvent => ({ e: 'm', t, s: step, m: metrics });

export function find(of: Store, query: Partial<SearchQuery> = {}): number[] {
  return of.search({ filter: '', orderBy: [], limit: 100, offset: 0, view: 'active', ...query }).rows.map((row) => Number.parseInt(row.id, 16));
}
