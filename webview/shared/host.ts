/** The compare panel's line to its host: what it may ask, typed, and the host's events. */
import { toPanel, type PanelRequests, type CompareSource } from '../../src/protocol/compare';
import type { ChangedEvent } from '../../src/protocol/engine';
import { openLine, type Line } from './line';

export { errorText, HostError } from './line';

export interface Host extends Omit<Line, 'ask'> {
  ask<M extends keyof PanelRequests>(method: M, params: PanelRequests[M]['params']): Promise<PanelRequests[M]['result']>;
  onInit(listener: (source: CompareSource) => void): void;
  onChanged(listener: (event: ChangedEvent) => void): void;
}

/** Connects to the host of this webview. To be called once: VS Code gives its API only once. */
export function connectHost(): Host {
  const inits: ((source: CompareSource) => void)[] = [];
  const changes: ((event: ChangedEvent) => void)[] = [];
  const line = openLine((data) => toPanel.safeParse(data).data ?? null, (message) => {
    if (message.kind === 'init') for (const listener of inits) listener(message.source);
    else if (message.kind === 'changed') for (const listener of changes) listener(message.event);
  });
  return {
    ...line,
    ask: line.ask as Host['ask'],
    onInit: (listener) => void inits.push(listener),
    onChanged: (listener) => void changes.push(listener),
  };
}
