/** The review panel's line to its host: what it may ask, typed, and the host's events. */
import type { EvaluationProgress } from '../../src/protocol/evaluation/result';
import { reviewToPanel, type ReviewPanelRequests } from '../../src/protocol/review-panel';
import { openLine, type Line } from '../shared/line';

export interface Host extends Omit<Line, 'ask'> {
  ask<M extends keyof ReviewPanelRequests>(method: M, params: ReviewPanelRequests[M]['params']): Promise<ReviewPanelRequests[M]['result']>;
  onInit(listener: (model: string) => void): void;
  onChanged(listener: () => void): void;
  onProgress(listener: (progress: EvaluationProgress) => void): void;
}

/** Connects to the host of this webview. To be called once: VS Code gives its API only once. */
export function connectHost(): Host {
  const inits: ((model: string) => void)[] = [];
  const changes: (() => void)[] = [];
  const steps: ((progress: EvaluationProgress) => void)[] = [];
  const line = openLine((data) => reviewToPanel.safeParse(data).data ?? null, (message) => {
    if (message.kind === 'init') for (const listener of inits) listener(message.model);
    else if (message.kind === 'changed') for (const listener of changes) listener();
    else if (message.kind === 'progress') for (const listener of steps) listener(message.progress);
  });
  return {
    ...line,
    ask: line.ask as Host['ask'],
    onInit: (listener) => void inits.push(listener),
    onChanged: (listener) => void changes.push(listener),
    onProgress: (listener) => void steps.push(listener),
  };
}
