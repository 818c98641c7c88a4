/** The one line to the extension host: requests with replies, events, and the state that survives a reload. */
import { toPanel, type PanelRequests, type CompareSource, type ToHost } from '../../src/protocol/compare';
import type { ChangedEvent } from '../../src/protocol/engine';

interface VsCodeApi { postMessage(message: unknown): void; getState(): unknown; setState(state: unknown): void }
declare function acquireVsCodeApi(): VsCodeApi;

/** An engine's or host's error as a person reads it: what is wrong, and the way out. */
export class HostError extends Error {
  constructor(readonly code: string, message: string, readonly hint: string) {
    super(message);
  }
}

export interface Host {
  /** Rejects with HostError; never settles twice; a reply that never comes leaves it pending (the page goes with its host). */
  ask<M extends keyof PanelRequests>(method: M, params: PanelRequests[M]['params']): Promise<PanelRequests[M]['result']>;
  onInit(listener: (source: CompareSource) => void): void;
  onChanged(listener: (event: ChangedEvent) => void): void;
  /** Tells the host that this page listens. */
  ready(): void;
  /** What was saved before the reload: outside input, to be parsed. */
  readState(): unknown;
  writeState(state: unknown): void;
}

interface Pending { resolve(value: unknown): void; reject(error: Error): void }

/** Connects to the host of this webview. To be called once: VS Code gives its API only once. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  const pending = new Map<number, Pending>();
  const inits: ((source: CompareSource) => void)[] = [];
  const changes: ((event: ChangedEvent) => void)[] = [];
  let next = 1;
  const send = (message: ToHost): void => api.postMessage(message);

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const parsed = toPanel.safeParse(event.data);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.kind === 'init') for (const listener of inits) listener(message.source);
    else if (message.kind === 'changed') for (const listener of changes) listener(message.event);
    else {
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      if (message.ok) waiting?.resolve(message.result);
      else waiting?.reject(new HostError(message.error.code, message.error.message, message.error.hint));
    }
  });

  return {
    ask(method, params) {
      const id = next++;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
        send({ kind: 'request', id, method, params });
      });
    },
    onInit: (listener) => void inits.push(listener),
    onChanged: (listener) => void changes.push(listener),
    ready: () => send({ kind: 'ready' }),
    readState: () => api.getState(),
    writeState: (state) => api.setState(state),
  };
}

/** The sentence of an error, whatever was thrown. */
export function errorText(error: unknown): { message: string; hint: string } {
  if (error instanceof HostError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: '' };
}
