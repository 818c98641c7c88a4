/** The scoring server's HTTP: MLflow's scoring protocol. Errors are JSON as MLflow's are: {"error_code", "message"}. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RunyardError } from '../../base/errors';
import type { Answer, Invocation } from '../invoke';
import { readBody } from './body';
import { Refusal } from './refusal';

export interface Routes {
  invoke(asked: Invocation): Promise<Answer>;
  maxBytes(): number;
  /** whether it can answer, and if not why */
  ready(): string | null;
  /** what /version says */
  version: string;
  /** only names of this machine's own are answered: a page in a browser can't reach it by another */
  loopback: boolean;
  count(status: number): void;
  failed(error: unknown): void;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i;
/** So much of a body that was refused is still taken and dropped, so that the refusal can be read. */
const DROPPED_MS = 10_000;

export async function handle(request: IncomingMessage, response: ServerResponse, routes: Routes): Promise<void> {
  const started = performance.now();
  const id = idOf(request);
  response.setHeader('X-Request-Id', id);
  try {
    admit(request, routes.loopback);
    const path = (request.url ?? '/').split('?')[0]?.replace(/(.)\/+$/, '$1');
    switch (path) {
      case '/invocations': return await invocations(request, response, { routes, id, started });
      case '/ping': case '/health': return health(request, response, routes.ready());
      case '/version': allow(request, ['GET', 'HEAD', 'POST']); return send(response, 200, { text: routes.version, type: 'text/plain; charset=utf-8' });
      default: throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `there is no ${path ?? ''} here: POST /invocations, GET /ping, /health and /version`);
    }
  } catch (error) {
    refuse(request, response, { error, routes });
  }
}

/** The asker's, where it is one that a log can hold. */
function idOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : randomUUID();
}

function admit({ headers }: IncomingMessage, loopback: boolean): void {
  const site = headers['sec-fetch-site'];
  const foreign = (loopback && !LOOPBACK.test(headers.host ?? '')) || (site !== undefined && site !== 'same-origin' && site !== 'none') || (headers.origin !== undefined && headers.origin.toLowerCase() !== `http://${headers.host?.toLowerCase() ?? ''}`);
  if (foreign) throw new Refusal(403, 'PERMISSION_DENIED', 'web pages and other names of this machine have no access to this server');
}

function allow({ method = 'GET' }: IncomingMessage, methods: readonly string[]): void {
  if (!methods.includes(method)) throw new Refusal(405, 'METHOD_NOT_ALLOWED', `${method} isn't answered here, but ${methods.join(', ')}`, { allow: methods.join(', ') });
}

function health(request: IncomingMessage, response: ServerResponse, problem: string | null): void {
  allow(request, ['GET', 'HEAD', 'POST']);
  if (problem !== null) throw new Refusal(503, 'TEMPORARILY_UNAVAILABLE', problem);
  send(response, 200, { text: '\n', type: 'application/json' });
}

async function invocations(request: IncomingMessage, response: ServerResponse, { routes, id, started }: { routes: Routes; id: string; started: number }): Promise<void> {
  allow(request, ['POST']);
  const csv = contentType(request) === 'text/csv';
  const time = Date.now();
  if (request.headers.expect?.toLowerCase() === '100-continue' && Number(request.headers['content-length'] ?? 0) <= routes.maxBytes()) response.writeContinue();
  const text = await readBody(request, routes.maxBytes());
  const { predictions, probabilities, version, role, rules, ignored } = await routes.invoke({ request: id, text, csv, time, started, probabilities: request.headers['x-runyard-probabilities'] === 'true' });
  response.setHeader('X-Runyard-Version', String(version));
  if (role !== 'live') response.setHeader('X-Runyard-Role', role);
  if (rules.length > 0) response.setHeader('X-Runyard-Rules', listed(rules));
  if (ignored.length > 0) response.setHeader('X-Runyard-Ignored', listed(ignored.slice(0, 50)));
  routes.count(200);
  send(response, 200, { text: JSON.stringify(probabilities ? { predictions, probabilities } : { predictions }), type: 'application/json' });
}

/** Names in a header: what isn't plain is percent-encoded. */
const listed = (names: readonly string[]): string => names.map((name) => name.replace(/[^\x20-\x7e]|[%,]/gu, (sign) => encodeURIComponent(sign))).join(', ');

function contentType({ headers }: IncomingMessage): 'text/csv' | 'application/json' {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json' && type !== 'text/csv') throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `the content type has to be application/json or text/csv; it is ${type || 'not given'}`);
  const odd = parameters.find((parameter) => parameter !== '' && !/^charset=("?)utf-?8\1$/.test(parameter));
  if (odd !== undefined) throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `${odd}: only UTF-8 is read, and no other parameter of the content type`);
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', `a body packed as ${coding} isn't read: send it as it is`);
  return type;
}

function send(response: ServerResponse, status: number, { text, type }: { text: string; type: string }): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length });
  response.end(body);
}

function refuse(request: IncomingMessage, response: ServerResponse, { error, routes }: { error: unknown; routes: Routes }): void {
  const refusal = asRefusal(error);
  if (refusal.status >= 500) routes.failed(error);
  routes.count(refusal.status);
  if (response.headersSent) return void response.destroy();
  const { column, rule, allow: methods } = refusal.more;
  if (methods !== undefined) response.setHeader('Allow', methods);
  if (refusal.status === 503) response.setHeader('Retry-After', '1');
  if (!request.complete) {
    // what still comes is read and dropped for a while: a connection that is cut would take the answer with it
    response.setHeader('Connection', 'close');
    request.resume();
    const late = setTimeout(() => request.destroy(), DROPPED_MS);
    late.unref();
    request.on('close', () => clearTimeout(late));
  }
  send(response, refusal.status, { text: JSON.stringify({ error_code: refusal.code, message: refusal.message, ...(column !== undefined && { column }), ...(rule !== undefined && { rule }) }), type: 'application/json' });
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof RunyardError) {
    const text = error.hint ? `${error.message}: ${error.hint}` : error.message;
    if (error.code === 'conflict' || error.code === 'cancelled' || error.code === 'disk_full') return new Refusal(503, 'TEMPORARILY_UNAVAILABLE', text);
    if (error.code === 'bad_input') return new Refusal(400, 'BAD_REQUEST', text);
    return new Refusal(500, 'INTERNAL_ERROR', text);
  }
  return new Refusal(500, 'INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
}
