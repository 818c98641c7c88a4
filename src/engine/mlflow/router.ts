/** From a request's method and path to who answers it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { readFields } from './fields';

/** One request as an endpoint sees it. */
export interface Call {
  method: string;
  /** decoded parts of the path that the route names */
  params: Record<string, string>;
  query: URLSearchParams;
  /** the body's fields, or the query's; for a raw route the query's alone */
  input: Record<string, unknown>;
  /** bytes of the body; 0 for a raw route, which reads it itself */
  size: number;
  /** the body as it came, where it was read */
  body: Buffer | null;
  /** the run of Runyard that the client is part of, where its token says so */
  run: string | null;
  request: IncomingMessage;
  response: ServerResponse;
}

/** What a raw route answers when it has written the response itself. */
export const ANSWERED = Symbol('answered');

export interface Route {
  method: string;
  /** such as /api/2.0/mlflow/logged-models/:model_id; '*' at the end takes the rest. /ajax-api is the same as /api. */
  path: string;
  /** reads its body and writes its answer itself */
  raw: boolean;
  handle(call: Call): unknown;
}

/** An endpoint whose fields are read by a schema and whose answer is a JSON object. Parts of the path count as fields. */
export function route<T>(on: string, schema: z.ZodType<T>, handle: (input: T, call: Call) => unknown): Route {
  const [method = 'GET', path = ''] = on.split(' ');
  return { method, path, raw: false, handle: (call) => handle(readFields(schema, { ...call.input, ...call.params }, { query: call.method === 'GET', body: call.body }), call) };
}

export function rawRoute(on: string, handle: (call: Call) => unknown): Route {
  const [method = 'GET', path = ''] = on.split(' ');
  return { method, path, raw: true, handle };
}

export interface Match { route: Route; params: Record<string, string> }
export type Router = (method: string, path: string) => Match | 'no such path' | 'no such method';

/** `path` is as it came, still encoded. A HEAD is answered as a GET. */
export function createRouter(routes: readonly Route[]): Router {
  const exact = new Map(routes.filter(({ path }) => !/[:*]/.test(path)).map((one) => [`${one.method} ${one.path}`, one]));
  const patterns = routes.filter(({ path }) => /[:*]/.test(path)).map((one) => ({ one, pattern: patternOf(one.path) }));
  const paths = new Set(routes.map(({ path }) => path));
  return (asked, given) => {
    const method = asked === 'HEAD' ? 'GET' : asked;
    const path = given.replace(/^\/ajax-api\//, '/api/').replace(/(.)\/$/, '$1');
    const found = exact.get(`${method} ${path}`);
    if (found) return { route: found, params: {} };
    let known = paths.has(path);
    for (const { one, pattern } of patterns) {
      const match = pattern.exec(path);
      if (!match) continue;
      known = true;
      if (one.method === method) return { route: one, params: decodeAll(match.groups ?? {}) };
    }
    return known ? 'no such method' : 'no such path';
  };
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/\./g, '\\.').replace(/:([a-z_]+)/g, '(?<$1>[^/]+)').replace(/\*$/, '(?<rest>.*)')}$`);

/** Named parts are decoded once; the rest of a path is left to who knows what it names. */
function decodeAll(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, name === 'rest' ? value : decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not an encoding: it names what it says
  }
}
