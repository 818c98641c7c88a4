/** A panel's line to its host, typed by that panel's contract: what it may ask, and what the host says unasked. */
import { openLine, type Line, type Reply } from './line';

/** Each method's params and result. */
type Requests<R> = { [M in keyof R]: { params: unknown; result: unknown } };
/** One kind of what the host says. */
type Saying<M extends { kind: string }, K extends M['kind'] = M['kind']> = Extract<Exclude<M, Reply>, { kind: K }>;

/** `R`: what the panel may ask; `M`: all that the host may send. */
export interface PanelHost<R extends Requests<R>, M extends { kind: string }> extends Omit<Line, 'ask'> {
  ask<N extends keyof R & string>(method: N, params: R[N]['params']): Promise<R[N]['result']>;
  /** Hears each message of that kind, for as long as the page is there. */
  on<K extends Saying<M>['kind']>(kind: K, listener: (message: Saying<M, K>) => void): void;
}

/** Connects to the host of this webview; `schema` parses what it sends. To be called once: VS Code gives its API only once. */
export function connectPanel<R extends Requests<R>, M extends { kind: string }>(schema: { safeParse(data: unknown): { data?: M | undefined } }): PanelHost<R, M> {
  const listeners: { kind: string; hear(message: never): void }[] = [];
  const line = openLine<Saying<M>>((data) => (schema.safeParse(data).data ?? null) as Saying<M> | Reply | null, (message) => {
    for (const { kind, hear } of listeners) if (kind === message.kind) hear(message as never);
  });
  return {
    ...line,
    ask: line.ask as PanelHost<R, M>['ask'],
    on: (kind, listener) => void listeners.push({ kind, hear: listener }),
  };
}
