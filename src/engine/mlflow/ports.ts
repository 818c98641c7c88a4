/** Where the server listens: on 127.0.0.1, at the port that clients were told, where it can be had. */
import { randomInt } from 'node:crypto';
import type { Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { RunyardError, systemCode } from '../../core/base/errors';

/**
 * A new port is taken from here, below those that systems give to outgoing connections: one of these could take ours while no engine is
 * there, and a client that tries a dead port again and again could even meet itself.
 */
const RANGE = { from: 20_000, to: 32_000 } as const;
const TRIES = 20;
/** An engine that was killed a moment ago may still be letting go: a process keeps its sockets until the last of its threads is gone. */
const PATIENCE_MS = [100, 200, 400, 800];

/** `exact`: that port or none; it throws conflict. Otherwise a port that is taken gives another one, and 0 a new one. */
export async function bindLoopback(server: Server, port: number, exact: boolean): Promise<void> {
  if (port > 0) {
    for (const wait of exact ? [0] : [...PATIENCE_MS, 0]) {
      const failed = await tryListen(server, port);
      if (!failed) return;
      if (exact) throw new RunyardError('conflict', `port ${port} can't be used (${systemCode(failed)})`, 'take another one with --port', { cause: failed });
      if (wait > 0) await pause(wait);
    }
  }
  for (let i = 0; i < TRIES; i++) if (!await tryListen(server, randomInt(RANGE.from, RANGE.to))) return;
  const failed = await tryListen(server, 0);
  if (failed) throw failed;
}

/** Undefined where it listens; the error where the port isn't to be had. Throws any other. */
function tryListen(server: Server, port: number): Promise<Error | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      if (['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(systemCode(error))) resolve(error);
      else reject(error);
    };
    server.once('error', failed);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', failed);
      resolve(undefined);
    });
  });
}
