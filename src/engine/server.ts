/** The socket: who is connected, what is told to all. */
import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import type { Disposable } from '../core/base/disposable';
import { describeError, RunyardError, systemCode } from '../core/base/errors';
import type { Log } from '../core/base/log';
import type { EngineEvents } from '../protocol/engine';
import { serve, type Handlers } from './dispatch';

export interface Server extends Disposable {
  clients(): number;
  tell<E extends keyof EngineEvents>(event: E, value: EngineEvents[E]): void;
  /** No new connections from here on; the ones there are stay. */
  stopAccepting(): void;
  /** Ends every connection after what was written to it has left. */
  drain(): Promise<void>;
}
export interface ServerOptions { handlers: Handlers; log: Log; onClients: () => void }

/**
 * Listens at `address`. The caller holds the workspace's lock, so a socket that lies there and that nobody answers on is
 * a dead engine's and is removed. Throws `conflict` where somebody does answer.
 */
export async function listen(address: string, options: ServerOptions): Promise<Server> {
  const open = new Map<net.Socket, MessageConnection>();
  const sending = new Set<Promise<void>>();
  const server = net.createServer((socket) => {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    open.set(socket, connection);
    const gone = (): void => {
      if (!open.delete(socket)) return;
      connection.dispose();
      socket.destroy();
      options.onClients();
    };
    socket.on('close', gone);
    socket.on('error', gone); // a client that was killed: its 'close' says the same
    connection.onError(([error]) => options.log.warn(`a connection failed: ${describeError(error)}`));
    serve(connection, options.handlers, options.log);
    connection.listen();
    options.onClients();
  });
  await bind(server, address);
  const stopAccepting = (): void => void server.close();
  return {
    clients: () => open.size,
    tell(event, value) {
      for (const connection of open.values()) {
        const sent = connection.sendNotification(event, value)
          .catch((error: unknown) => options.log.warn(`an event didn't reach a client: ${describeError(error)}`))
          .finally(() => sending.delete(sent));
        sending.add(sent);
      }
    },
    stopAccepting,
    async drain() {
      const patience = new Promise<void>((resolve) => setTimeout(resolve, 500).unref());
      await Promise.race([Promise.all(sending), patience]);
      const ended = [...open.keys()].map((socket) => new Promise<void>((resolve) => void socket.end(resolve)));
      await Promise.race([Promise.all(ended), patience]);
    },
    dispose() {
      if (server.listening) stopAccepting();
      for (const socket of open.keys()) socket.destroy();
      if (process.platform !== 'win32') rmSync(address, { force: true });
    },
  };
}

async function bind(server: net.Server, address: string): Promise<void> {
  try {
    await listenOnce(server, address);
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE' || process.platform === 'win32') throw error;
    if (await answers(address)) throw new RunyardError('conflict', `another program listens at ${address}`, 'end it and try again', { cause: error });
    rmSync(address, { force: true });
    await listenOnce(server, address);
  }
  if (process.platform !== 'win32') chmodSync(address, 0o600);
}

function listenOnce(server: net.Server, address: string): Promise<void> {
  // The file is made while listen() runs: it is nobody else's from its first moment on.
  const before = process.umask(0o177);
  try {
    return new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    process.umask(before);
  }
}

/** Whether somebody takes a connection at an address. */
function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
