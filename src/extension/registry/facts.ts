/** What the engine knows of the registry, asked when something is shown of it and kept until it changes: for the tree, the status bar, picks and notifications alike. */
import * as vscode from 'vscode';
import type { MethodResults } from '../../protocol/engine';
import type { ModelDetail } from '../../protocol/registry';
import type { Engine } from '../engine';

export type Overview = MethodResults['registry.models'];

export interface RegistryFacts extends vscode.Disposable {
  /** Something of it may be other than before. */
  readonly onChange: vscode.Event<void>;
  /** All models with what is live and what waits; nothing where nothing is kept here. @throws RunyardError where the engine can't say */
  overview(): Promise<Overview>;
  /** One model with its versions. @throws RunyardError not_found */
  model(name: string): Promise<ModelDetail>;
  /** Forgets what was told. */
  refresh(): void;
}

export interface FactsOptions { engine: Engine; hasStore(): Promise<boolean> }

/** A promotion is told of several times within a moment: one change. */
const QUIET_MS = 150;
const NOTHING: Overview = { models: [], environments: [], waiting: [], conflicts: [] };

export function createRegistryFacts({ engine, hasStore }: FactsOptions): RegistryFacts {
  const changes = new vscode.EventEmitter<void>();
  const known = new Map<string, Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  const fire = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => changes.fire(), QUIET_MS);
  };
  const forget = (models: readonly string[] = []): void => {
    known.delete('');
    if (models.length === 0) known.clear();
    for (const model of models) known.delete(model);
    fire();
  };
  /** By a model's name, which is never empty; '' is all of them. */
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const before = known.get(key);
    if (before) return before as Promise<T>;
    const answer = ask();
    known.set(key, answer);
    answer.catch(() => { if (known.get(key) === answer) known.delete(key); });
    return answer;
  };
  const subscriptions = [
    engine.onRegistry(({ models }) => forget(models)),
    // A version shows its newest evaluation.
    engine.onEvaluated(() => forget()),
    engine.onChanged((event) => { if (event.config) forget(); }),
    engine.onState((state) => { if (state === 'ready') forget(); }),
  ];
  return {
    onChange: changes.event,
    overview: () => once('', async () => ((await hasStore()) ? engine.request('registry.models', {}) : NOTHING)),
    model: (name) => once(name, () => engine.request('registry.model', { model: name })),
    refresh: () => forget(),
    dispose() {
      clearTimeout(timer);
      for (const one of [...subscriptions, changes]) one.dispose();
    },
  };
}
