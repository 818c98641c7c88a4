/** The drift panel's line to its host: what it may ask, typed, and the host's events. */
import { driftToPanel, type DriftPanelRequests, type DriftShow, type DriftSource } from '../../src/protocol/drift-panel';
import type { EvaluationProgress } from '../../src/protocol/evaluation/result';
import type { MonitoringEvents } from '../../src/protocol/monitoring';
import { openLine, type Line } from '../shared/line';

type What = MonitoringEvents['monitoring']['what'];
export interface Host extends Omit<Line, 'ask'> {
  ask<M extends keyof DriftPanelRequests>(method: M, params: DriftPanelRequests[M]['params']): Promise<DriftPanelRequests[M]['result']>;
  onInit(listener: (source: DriftSource, show: DriftShow) => void): void;
  onChanged(listener: (what: What) => void): void;
  onProgress(listener: (progress: EvaluationProgress) => void): void;
}

/** Connects to the host of this webview. To be called once: VS Code gives its API only once. */
export function connectHost(): Host {
  const inits: ((source: DriftSource, show: DriftShow) => void)[] = [];
  const changes: ((what: What) => void)[] = [];
  const steps: ((progress: EvaluationProgress) => void)[] = [];
  const line = openLine((data) => driftToPanel.safeParse(data).data ?? null, (message) => {
    if (message.kind === 'init') for (const listener of inits) listener(message.source, message.show ?? {});
    else if (message.kind === 'changed') for (const listener of changes) listener(message.what);
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
