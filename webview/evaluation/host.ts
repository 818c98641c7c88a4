/** The evaluation panel's line to its host: what it may ask, typed, and the host's events. */
import { evaluationToPanel, type EvaluationPanelRequests } from '../../src/protocol/evaluation/panel';
import type { EvaluationProgress } from '../../src/protocol/evaluation/result';
import { openLine, type Line } from '../shared/line';

export interface Host extends Omit<Line, 'ask'> {
  ask<M extends keyof EvaluationPanelRequests>(method: M, params: EvaluationPanelRequests[M]['params']): Promise<EvaluationPanelRequests[M]['result']>;
  /** `show`: the part that is to be open. */
  onInit(listener: (evaluation: string, show: 'discovery' | undefined) => void): void;
  onChanged(listener: (evaluations: string[]) => void): void;
  onProgress(listener: (progress: EvaluationProgress) => void): void;
}

/** Connects to the host of this webview. To be called once: VS Code gives its API only once. */
export function connectHost(): Host {
  const inits: ((evaluation: string, show: 'discovery' | undefined) => void)[] = [];
  const changes: ((evaluations: string[]) => void)[] = [];
  const steps: ((progress: EvaluationProgress) => void)[] = [];
  const line = openLine((data) => evaluationToPanel.safeParse(data).data ?? null, (message) => {
    if (message.kind === 'init') for (const listener of inits) listener(message.evaluation, message.show);
    else if (message.kind === 'changed') for (const listener of changes) listener(message.evaluations);
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
