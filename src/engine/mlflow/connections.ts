/** What a connection may cost: how many there are, how long one may take to say something, and what is left of a body that nobody reads. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Disposable } from '../../core/base/disposable';
import { systemCode } from '../../core/base/errors';

/** Milliseconds, but for the numbers of bytes and connections. */
export interface ConnectionLimits {
  connections: number; header: number; headers: number;
  /** without one byte of a body that is on its way, or of an answer's reader */
  stall: number;
  /** for the rest of a body that was refused, so that its sender reads the answer */
  linger: number; lingerBytes: number;
}
export const LIMITS: ConnectionLimits = { connections: 1000, header: 64 * 1024, headers: 20_000, stall: 30_000, linger: 5000, lingerBytes: 256 * 2 ** 20 };

/** What createServer is given. Connections stay open between requests: that one closes tells that its client is gone. */
export const serverOptions = ({ header, headers }: ConnectionLimits): { maxHeaderSize: number; headersTimeout: number; requestTimeout: number; keepAliveTimeout: number; connectionsCheckingInterval: number } =>
  ({ maxHeaderSize: header, headersTimeout: headers, requestTimeout: 0, keepAliveTimeout: 0, connectionsCheckingInterval: Math.min(headers / 2, 5000) });

/** Bounds a server's connections, answers what isn't HTTP, and ends every connection when disposed. */
export function guardConnections(server: Server, limits: ConnectionLimits): Disposable {
  const sockets = new Set<Socket>();
  server.maxConnections = limits.connections;
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('clientError', (error: Error, socket: Socket) => {
    if (socket.writable && socket.bytesWritten === 0) socket.end(refusal(systemCode(error)));
    else socket.destroy();
  });
  return { dispose: () => { for (const socket of sockets) socket.destroy(); } };
}

function refusal(code: string): string {
  const [status, message] = code === 'HPE_HEADER_OVERFLOW' ? ['431 Request Header Fields Too Large', 'The headers are too large']
    : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? ['408 Request Timeout', 'The request did not come in time'] : ['400 Bad Request', 'This is not HTTP/1.1'];
  const body = JSON.stringify({ error_code: 'BAD_REQUEST', message });
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Ends the connection where its body stalls, so that what came so far isn't held for ever. */
export function watchBody(request: IncomingMessage, { stall }: ConnectionLimits): void {
  if (request.complete || !hasBody(request)) return;
  const { socket } = request;
  const stalled = (): void => void socket.destroy();
  const over = (): void => {
    socket.setTimeout(0);
    socket.off('timeout', stalled);
  };
  socket.setTimeout(stall, stalled);
  request.once('end', over);
  request.once('close', over);
}

/** Ends the connection where nobody takes the answer that is written next, so that it isn't held for ever. */
export function watchReader(response: ServerResponse, { stall }: ConnectionLimits): void {
  const { socket } = response;
  if (!socket) return;
  const stalled = (): void => void socket.destroy();
  socket.setTimeout(stall, stalled);
  response.once('close', () => {
    socket.setTimeout(0);
    socket.off('timeout', stalled);
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * An answer is given though the body isn't read: the rest of it is thrown away first, up to a limit. A sender whose connection is closed
 * while it sends is told of that by its system, and never reads the answer.
 */
export async function dropRest(request: IncomingMessage, { linger, lingerBytes }: ConnectionLimits): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let left = lingerBytes;
    const timer = setTimeout(resolve, linger).unref();
    request.on('data', (chunk: Buffer) => { if ((left -= chunk.length) < 0) resolve(); });
    for (const over of ['end', 'close', 'error']) request.once(over, () => resolve());
    request.once('close', () => clearTimeout(timer));
    request.resume();
  });
}
