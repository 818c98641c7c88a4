/** One connection to an engine that listens. */
import net from 'node:net';
import { createMessageConnection, ErrorCodes, ResponseError, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { RunyardError, describeError, type ErrorCode } from '../../core/base/errors';
import { emitter, type Emitter } from '../../core/base/events';
import { wireError, type EngineEvents, type MethodName, type MethodParams, type MethodResults } from '../../protocol/engine';

export interface EventOf<E extends keyof EngineEvents = keyof EngineEvents> { name: E; value: EngineEvents[E] }
export interface Wire {
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResults[M]>;
  events: Emitter<EventOf>;
  /** Resolves when the connection has ended, whoever ended it. */
  closed: Promise<void>;
  close(): void;
}

/** All of them: one that is missing here is a fault that the compiler tells. */
const HEARD: Readonly<Record<keyof EngineEvents, true>> = { changed: true, notice: true, copying: true, evaluating: true, evaluated: true, registry: true, attention: true, monitoring: true, alert: true, closing: true };
const EVENTS = Object.keys(HEARD) as (keyof EngineEvents)[];

/** Connects to an address; rejects with the system's error (ENOENT, ECONNREFUSED ...) where nobody listens. */
export function openWire(address: string): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(address);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(wireOver(socket));
    });
  });
}

function wireOver(socket: net.Socket): Wire {
  const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
  const events = emitter<EventOf>();
  const lost = new Set<(error: RunyardError) => void>();
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => socket.destroy()); // the engine was killed: 'close' follows
    socket.on('close', () => {
      connection.dispose();
      for (const reject of [...lost]) reject(new RunyardError('engine_unreachable', 'the engine went away before it answered', 'try again'));
      resolve();
    });
  });
  for (const name of EVENTS) connection.onNotification(name, (value: EngineEvents[typeof name]) => events.fire({ name, value }));
  connection.onError(() => socket.destroy());
  connection.listen();
  return {
    events, closed,
    close: () => void socket.destroy(),
    request(method, params) {
      return new Promise((resolve, reject) => {
        lost.add(reject);
        connection.sendRequest<MethodResults[typeof method]>(method, params ?? {}).then(resolve, (error: unknown) => reject(toError(error))).finally(() => lost.delete(reject));
      });
    },
  };
}

/** The library's own errors for a socket that broke while a question was on its way: no engine said them. */
const gone: ReadonlySet<number> = new Set([
  ErrorCodes.MessageWriteError, ErrorCodes.MessageReadError, ErrorCodes.PendingResponseRejected, ErrorCodes.ConnectionInactive,
]);

/** The engine's error as it was thrown there. */
function toError(error: unknown): RunyardError {
  const said = wireError.safeParse(error instanceof ResponseError ? error.data : undefined);
  if (said.success) return new RunyardError(said.data.code as ErrorCode, said.data.message, said.data.hint);
  return new RunyardError(error instanceof ResponseError && !gone.has(error.code) ? 'internal' : 'engine_unreachable', describeError(error), '', { cause: error });
}
