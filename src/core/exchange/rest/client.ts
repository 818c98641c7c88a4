/** Requests to an MLflow server: who we are, how long we wait, what is asked again. */
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { describeError, RunyardError } from '../../base/errors';
import { stopped } from '../../base/stopping';
import { objectOf, parseJson, printJson, textOf, type JsonObject } from '../json';

export interface ServerOptions {
  /** http(s)://host[:port][/prefix], with name:password@ where it asks for them */
  uri: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** how often a request that fails for want of a server is made again */
  retries?: number;
  /** the first wait, doubled each time */
  waitMs?: number;
  timeoutMs?: number;
}
export interface Query { [key: string]: string | number | readonly string[] | undefined }
export interface Body { stream(): Promise<Readable>; size: number | null; type: string }

export interface SendOptions {
  headers?: Record<string, string>;
  /** A second one would make a second thing: it isn't asked again where the first may have been heard. */
  once?: boolean;
}

export interface MlflowClient {
  readonly base: string;
  get(path: string, query?: Query): Promise<JsonObject>;
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: JsonObject, options?: SendOptions): Promise<JsonObject>;
  /** The bytes of an answer. */
  download(path: string, query?: Query): Promise<Readable>;
  upload(path: string, body: Body): Promise<void>;
}

/** An answer that says no, with MLflow's code (RESOURCE_DOES_NOT_EXIST ...) or '' where it said none. */
export class MlflowRefusal extends RunyardError {
  constructor(readonly status: number, readonly errorCode: string, message: string, hint = '') {
    super(status === 401 || status === 403 ? 'refused' : status === 404 ? 'not_found' : 'bad_input', message, hint);
  }
}

export const isMissing = (error: unknown): boolean => error instanceof MlflowRefusal && (error.status === 404 || error.errorCode === 'RESOURCE_DOES_NOT_EXIST');
export const isThere = (error: unknown): boolean => error instanceof MlflowRefusal && error.errorCode === 'RESOURCE_ALREADY_EXISTS';

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
/** What a server says that did nothing. */
const UNHEARD = new Set([429, 503]);

/** Throws bad_input for an address that is none. Nothing is asked yet. */
export function createMlflowClient({ uri, env = process.env, signal, retries = 5, waitMs = 300, timeoutMs = 120_000 }: ServerOptions): MlflowClient {
  const { base, headers } = readAddress(uri, env);

  async function once(path: string, query: Query, init: RequestInit): Promise<Response> {
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${base}${path}${printQuery(query)}`, {
      ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) }, redirect: 'manual', signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    if (response.ok) return response;
    throw await refusal(response, `${init.method ?? 'GET'} ${path}`, base);
  }

  /** `init` is asked for each time, as a stream is used up. Most requests do no harm when they are made again. */
  async function ask(path: string, query: Query, init: () => RequestInit | Promise<RequestInit>, onlyOnce = false): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(path, query, await init());
      } catch (error) {
        if (signal?.aborted) throw new RunyardError('cancelled', 'stopped', '', { cause: error });
        const refused = error instanceof RunyardError;
        const again = error instanceof MlflowRefusal ? (onlyOnce ? UNHEARD : AGAIN).has(error.status) : !refused && !onlyOnce;
        if (again && attempt < retries) {
          await pause(waitMs * 2 ** attempt, signal);
          continue;
        }
        if (refused) throw error;
        throw new RunyardError('engine_unreachable', `${base} doesn't answer: ${reason(error)}`, 'is the MLflow server running, and its address right?', { cause: error });
      }
    }
  }

  return {
    base,
    get: async (path, query = {}) => objectOf(await readBody(await ask(path, query, () => ({})))),
    send: async (method, path, body, { headers: more = {}, once: onlyOnce = false } = {}) =>
      objectOf(await readBody(await ask(path, {}, () => ({ method, body: printJson(body), headers: { 'content-type': 'application/json', ...more } }), onlyOnce))),
    async download(path, query = {}) {
      const response = await ask(path, query, () => ({}));
      return response.body ? Readable.fromWeb(response.body as WebStream) : Readable.from([]);
    },
    async upload(path, { stream, size, type }) {
      const init = async (): Promise<RequestInit> => ({
        method: 'PUT', body: Readable.toWeb(await stream()) as unknown as RequestInit['body'], duplex: 'half',
        headers: { 'content-type': type, ...(size === null ? {} : { 'content-length': String(size) }) },
      } as RequestInit);
      await (await ask(path, {}, init)).arrayBuffer();
    },
  };
}

function readAddress(uri: string, env: NodeJS.ProcessEnv): { base: string; headers: Record<string, string> } {
  const parsed = URL.canParse(uri) ? new URL(uri) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new RunyardError('bad_input', `${uri} is no address of a server`, 'write http://host:port');
  const token = env['MLFLOW_TRACKING_TOKEN'];
  const name = decodeURIComponent(parsed.username) || env['MLFLOW_TRACKING_USERNAME'];
  const password = decodeURIComponent(parsed.password) || env['MLFLOW_TRACKING_PASSWORD'];
  const basic = name && password ? `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` : undefined;
  const authorization = parsed.username ? basic : basic ?? (token ? `Bearer ${token}` : undefined);
  return { base: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`, headers: authorization ? { authorization } : {} };
}

function printQuery(query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value as readonly string[]) params.append(key, one);
    else if (value !== undefined) params.append(key, String(value as string | number));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.trim() === '') return {};
  try {
    return parseJson(text);
  } catch (error) {
    throw new RunyardError('bad_input', `${response.url} answered with something that isn't MLflow's: ${text.slice(0, 80)}`, 'is this the address of an MLflow server?', { cause: error });
  }
}

async function refusal(response: Response, what: string, base: string): Promise<MlflowRefusal> {
  if (response.status >= 300 && response.status < 400) return new MlflowRefusal(400, '', `${base} sends elsewhere: ${response.headers.get('location') ?? ''}`, 'give that address instead');
  const text = await response.text();
  const said = saidIn(text);
  const code = textOf(said['error_code']);
  const message = textOf(said['message']) || (code ? '' : text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 200));
  const hint = response.status === 401 || response.status === 403 ? 'set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD' : '';
  return new MlflowRefusal(response.status, code, `${what}: ${response.status} ${[code, message].filter(Boolean).join(': ')}`, hint);
}

/** Of a page of HTML nothing: its status says enough. */
function saidIn(text: string): JsonObject {
  try {
    return objectOf(parseJson(text));
  } catch {
    return {};
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return describeError(cause);
}

const pause = (ms: number, signal?: AbortSignal): Promise<void> => new Promise((resolve, reject) => {
  const stop = (): void => { clearTimeout(timer); reject(stopped()); };
  const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, ms);
  signal?.addEventListener('abort', stop, { once: true });
});
