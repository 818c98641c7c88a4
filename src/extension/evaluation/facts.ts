/** What the engine knows of the workspace's evaluations, asked when something is shown of it and kept until it changes: for tests, problems and lenses alike. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { EvaluationSummary, EvaluationTest } from '../../protocol/evaluation/result';
import type { Engine } from '../engine';

export interface EvaluationFacts extends vscode.Disposable {
  /** Something of it may be other than before. */
  readonly onChange: vscode.Event<void>;
  /** Slices, pinned examples and whole evaluations as tests; none where nothing is kept here or the engine can't say. */
  tests(): Promise<readonly EvaluationTest[]>;
  /** The newest ones, and the names under `evaluations:` of runyard.yaml. */
  list(): Promise<{ evaluations: readonly EvaluationSummary[]; configured: readonly string[] }>;
  /** Forgets what was told. */
  refresh(): void;
}

export interface FactsOptions { engine: Engine; log: vscode.LogOutputChannel; hasStore(): Promise<boolean> }

/** Several evaluations that end together, or a file that is saved twice, are one change. */
const QUIET_MS = 250;

export function createEvaluationFacts({ engine, log, hasStore }: FactsOptions): EvaluationFacts {
  const changes = new vscode.EventEmitter<void>();
  const known = new Map<string, Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  const forget = (): void => {
    known.clear();
    clearTimeout(timer);
    timer = setTimeout(() => changes.fire(), QUIET_MS);
  };
  const once = <T>(key: string, empty: T, ask: () => Promise<T>): Promise<T> => {
    const before = known.get(key);
    if (before) return before as Promise<T>;
    const answer = hasStore().then((there) => (there ? ask() : empty)).catch((error: unknown) => {
      log.debug(`no ${key}: ${describeError(error)}`);
      return empty;
    });
    known.set(key, answer);
    return answer;
  };
  const subscriptions = [
    engine.onEvaluated(forget),
    engine.onChanged((event) => { if (event.config) forget(); }),
    engine.onState((state) => { if (state === 'ready') forget(); }),
  ];
  return {
    onChange: changes.event,
    tests: () => once('tests', [], async () => (await engine.request('evaluations.tests', {})).tests),
    list: () => once('evaluations', { evaluations: [], configured: [] }, () => engine.request('evaluations.list', { limit: 1000 })),
    refresh: forget,
    dispose() {
      clearTimeout(timer);
      for (const one of [...subscriptions, changes]) one.dispose();
    },
  };
}
