/** MLflow's REST API on loopback: connections, limits, and answers in the one shape that clients read. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Disposable } from '../../core/base/disposable';
import type { Log } from '../../core/base/log';
import { parseBody, queryFields, readBody } from './body';
import { dropRest, guardConnections, LIMITS, serverOptions, watchBody, watchReader, type ConnectionLimits } from './connections';
import { invalid, MlflowError, toMlflowError } from './errors';
import { admit, type GuardOptions } from './guard';
import { bindLoopback } from './ports';
import { ANSWERED, createRouter, type Call, type Route } from './router';

/** A JSON body larger than this is refused. */
const BODY_LIMIT = 64 * 2 ** 20;

export interface HttpOptions {
  routes: readonly Route[];
  guard: GuardOptions;
  log: Log;
  /** Is waited for between the work and the answer. */
  beforeAnswer?(socket: Socket): Promise<unknown> | undefined;
  limits?: ConnectionLimits;
}
export interface HttpServer extends Disposable {
  readonly port: number;
  /** connections of those who were let in */
  clients(): number;
}

/** Listens on 127.0.0.1; a `port` that is taken gives another one, unless it has to be that one: then it throws conflict. */
export async function listenHttp(port: number, options: HttpOptions & { exact?: boolean }): Promise<HttpServer> {
  const { limits = LIMITS } = options;
  const router = createRouter(options.routes);
  const admitted = new Set<Socket>();
  const server = http.createServer(serverOptions(limits), (request, response) => void answer(request, response, { ...options, limits, router, admitted }));
  const connections = guardConnections(server, limits);
  await bindLoopback(server, port, options.exact ?? false);
  return {
    port: (server.address() as AddressInfo).port,
    clients: () => admitted.size,
    dispose() {
      server.close();
      connections.dispose();
    },
  };
}

interface Answering extends HttpOptions { router: ReturnType<typeof createRouter>; limits: ConnectionLimits; admitted: Set<Socket> }

async function answer(request: IncomingMessage, response: ServerResponse, options: Answering): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  watchBody(request, options.limits);
  try {
    const result = await respond(request, response, options);
    const wait = options.beforeAnswer?.(request.socket);
    if (wait) await wait;
    if (result === ANSWERED) return;
    await endRequest(request, response, options);
    if (response.destroyed) return;
    if (typeof result === 'string') sendText(response, result);
    else {
      watchReader(response, options.limits);
      sendJson(response, 200, result ?? {});
    }
  } catch (error) {
    // Its client has hung up.
    if (request.destroyed && !request.complete) return void response.destroy();
    const known = toMlflowError(error);
    if (known.status === 500) options.log.error(`${request.method ?? ''} ${(request.url ?? '').slice(0, 200)} failed`, error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (known.code === 'UNAUTHENTICATED') response.setHeader('WWW-Authenticate', 'Bearer realm="runyard"');
    await endRequest(request, response, options);
    sendJson(response, known.status, { error_code: known.code, message: known.message });
  }
}

/** Whoever isn't let in, or still sends, is let go with the answer. */
async function endRequest(request: IncomingMessage, response: ServerResponse, { limits, admitted }: Answering): Promise<void> {
  await dropRest(request, limits);
  if (!request.complete || !admitted.has(request.socket)) response.setHeader('Connection', 'close');
}

async function respond(request: IncomingMessage, response: ServerResponse, { router, guard, admitted }: Answering): Promise<unknown> {
  const { pathname, query } = split(request.url ?? '/');
  if (pathname === '/health') return 'OK';
  // Whoever follows a link that MLflow's client printed.
  if (pathname === '/' && request.method === 'GET') return "Runyard: MLflow's clients log here. Their runs are shown in VS Code, in the Runyard view, and by `runyard runs`.\n";
  const run = admit(request, guard);
  letIn(request.socket, admitted);
  const method = request.method ?? 'GET';
  const match = router(method, pathname);
  if (match === 'no such method') throw new MlflowError('BAD_REQUEST', `${method} is not allowed for ${pathname}`, 405);
  if (match === 'no such path') throw new MlflowError('ENDPOINT_NOT_FOUND', `${pathname} is not an endpoint of this server`);
  const { route, params } = match;
  const call: Call = { method, params, query, input: queryFields(query), size: 0, body: null, run, request, response };
  if (!route.raw && method !== 'GET') {
    const body = await readBody(request, BODY_LIMIT);
    call.size = body.length;
    call.body = body;
    if (body.length > 0) checkContentType(request.headers['content-type']);
    call.input = { ...call.input, ...parseBody(body) };
  }
  return route.handle(call);
}

function letIn(socket: Socket, admitted: Set<Socket>): void {
  if (admitted.has(socket)) return;
  admitted.add(socket);
  socket.once('close', () => admitted.delete(socket));
}

/** A page's form can send no JSON without asking first: what comes as something else is no client's. */
function checkContentType(given = ''): void {
  if (given.split(';')[0]?.trim().toLowerCase() !== 'application/json') throw invalid(`Bad Request. Content-Type must be one of ['application/json']; it is '${given}'`);
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
