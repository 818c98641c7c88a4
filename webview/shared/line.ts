/** The line from a panel's page to its host in the extension: requests with replies, and whatever else the host says. */
import type { z } from 'zod';
import type { wireError } from '../../src/protocol/engine';

interface VsCodeApi { postMessage(message: unknown): void; getState(): unknown; setState(state: unknown): void }
declare function acquireVsCodeApi(): VsCodeApi;

/** An engine's or host's error as a person reads it: what is wrong, and the way out. */
export class HostError extends Error {
  constructor(readonly code: string, message: string, readonly hint: string) {
    super(message);
  }
}

export type Reply = { kind: 'reply'; id: number; ok: true; result: unknown } | { kind: 'reply'; id: number; ok: false; error: z.infer<typeof wireError> };

export interface Line {
  /** Rejects with HostError; never settles twice; a reply that never comes leaves it pending (the page goes with its host). */
  ask(method: string, params: unknown): Promise<unknown>;
  /** Tells the host that this page listens. */
  ready(): void;
  /** What was saved before the reload: outside input, to be parsed. */
  readState(): unknown;
  writeState(state: unknown): void;
}

/**
 * Opens the line. `parse` reads what the host says (null: not for us); what is no reply goes to `said`.
 * To be called once: VS Code gives its API only once.
 */
export function openLine<M extends { kind: string }>(parse: (data: unknown) => M | Reply | null, said: (message: M) => void): Line {
  const api = acquireVsCodeApi();
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = parse(event.data);
    if (!message) return;
    if (!isReply(message)) return said(message);
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.ok) waiting?.resolve(message.result);
    else waiting?.reject(new HostError(message.error.code, message.error.message, message.error.hint));
  });
  return {
    ask(method, params) {
      const id = next++;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        api.postMessage({ kind: 'request', id, method, params });
      });
    },
    ready: () => api.postMessage({ kind: 'ready' }),
    readState: () => api.getState(),
    writeState: (state) => api.setState(state),
  };
}

const isReply = (message: { kind: string }): message is Reply => message.kind === 'reply';

/** The sentence of an error, whatever was thrown. */
export function errorText(error: unknown): { message: string; hint: string } {
  if (error instanceof HostError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: '' };
}
