/** MLflow's REST API on loopback: connections, limits, and answers in the one shape that clients read. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Disposable } from '../../core/base/disposable';
import { RunyardError, systemCode } from '../../core/base/errors';
import type { Log } from '../../core/base/log';
import { parseBody, queryFields, readBody } from './body';
import { MlflowError, toMlflowError } from './errors';
import { admit, type GuardOptions } from './guard';
import { ANSWERED, createRouter, type Call, type Route } from './router';

/** A JSON body larger than this is refused. */
const BODY_LIMIT = 64 * 2 ** 20;

export interface HttpOptions {
  routes: readonly Route[];
  guard: GuardOptions;
  log: Log;
  /** Is waited for between the work and the answer. */
  beforeAnswer?(socket: Socket): Promise<unknown> | undefined;
}
export interface HttpServer extends Disposable { readonly port: number }

/** Listens on 127.0.0.1; a `port` that is taken gives another one, unless it has to be that one: then it throws conflict. */
export async function listenHttp(port: number, options: HttpOptions & { exact?: boolean }): Promise<HttpServer> {
  const router = createRouter(options.routes);
  const sockets = new Set<Socket>();
  // Connections of clients are kept open: that one closes tells that its client is gone.
  const server = http.createServer({ maxHeaderSize: 64 * 1024, headersTimeout: 20_000, requestTimeout: 0, keepAliveTimeout: 0, connectionsCheckingInterval: 5000 },
    (request, response) => void answer(request, response, { ...options, router }));
  server.on('connection', (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('clientError', (_error, socket) => { if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'); else socket.destroy(); });
  await bind(server, port, options.exact ?? false);
  return {
    port: (server.address() as AddressInfo).port,
    dispose() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function bind(server: http.Server, port: number, exact: boolean): Promise<void> {
  try {
    await listenOnce(server, port);
  } catch (error) {
    if (exact) throw new RunyardError('conflict', `port ${port} can't be used (${systemCode(error)})`, 'take another one with --port', { cause: error });
    if (!['EADDRINUSE', 'EACCES'].includes(systemCode(error))) throw error;
    await listenOnce(server, 0);
  }
}

const listenOnce = (server: http.Server, port: number): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
    server.off('error', reject);
    resolve();
  });
});

interface Answering extends HttpOptions { router: ReturnType<typeof createRouter> }

async function answer(request: IncomingMessage, response: ServerResponse, options: Answering): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  try {
    const result = await respond(request, response, options);
    const wait = options.beforeAnswer?.(request.socket);
    if (wait) await wait;
    if (result === ANSWERED) return;
    if (typeof result === 'string') sendText(response, result);
    else sendJson(response, 200, result ?? {});
  } catch (error) {
    const known = toMlflowError(error);
    if (known.status >= 500) options.log.error(`${request.method ?? ''} ${(request.url ?? '').slice(0, 200)} failed`, error);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (known.code === 'UNAUTHENTICATED') response.setHeader('WWW-Authenticate', 'Bearer realm="runyard"');
    // What is left of a body that nobody read isn't waited for.
    if (!request.complete) response.setHeader('Connection', 'close');
    sendJson(response, known.status, { error_code: known.code, message: known.message });
  }
}

async function respond(request: IncomingMessage, response: ServerResponse, { router, guard }: Answering): Promise<unknown> {
  const { pathname, query } = split(request.url ?? '/');
  if (pathname === '/health') return 'OK';
  const run = admit(request, guard);
  const method = request.method ?? 'GET';
  const match = router(method, pathname);
  if (match === 'no such method') throw new MlflowError('BAD_REQUEST', `${method} is not allowed for ${pathname}`, 405);
  if (match === 'no such path') throw new MlflowError('ENDPOINT_NOT_FOUND', `${pathname} is not an endpoint of this server`);
  const { route, params } = match;
  const call: Call = { method, params, query, input: queryFields(query), size: 0, run, request, response };
  if (!route.raw && method !== 'GET') {
    const body = await readBody(request, BODY_LIMIT);
    call.size = body.length;
    call.input = { ...call.input, ...parseBody(body) };
  }
  return route.handle(call);
}

/** The path as it came, and the query. */
function split(url: string): { pathname: string; query: URLSearchParams } {
  const mark = url.indexOf('?');
  return mark < 0 ? { pathname: url, query: new URLSearchParams() } : { pathname: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': text.length }).end(text);
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }).end(text);
}
