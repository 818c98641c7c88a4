/** MLflow's REST API of a lab's engine, asked over the wire as a client does. */
import { request as httpRequest } from 'node:http';
import type { EngineClient } from '../../../src/engine/client/client';

export interface Answer { status: number; body: Record<string, unknown> }
export interface Rest {
  uri: string;
  token: string;
  /** GET with a query, anything else with a JSON body; paths are after /api/2.0/mlflow, or whole where they begin with /api. */
  ask(on: string, fields?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>;
  /** The body of an answer that has to be 200. */
  get<T = Record<string, never>>(on: string, fields?: Record<string, unknown>): Promise<T>;
}

export async function restOf(client: EngineClient, run?: string): Promise<Rest> {
  const { uri, token } = await client.request('mlflow.serve', {});
  return restAt(uri, run === undefined ? token : `${token}.${run}`);
}

export function restAt(uri: string, token: string): Rest {
  const ask: Rest['ask'] = async (on, fields = {}, headers = {}) => {
    const [method = 'GET', short = ''] = on.split(' ');
    const path = short.startsWith('/api') || short.startsWith('/ajax') || short.startsWith('/v') ? short : `/api/2.0/mlflow/${short}`;
    const query = method === 'GET' ? new URLSearchParams(Object.entries(fields).flatMap(([key, value]) => (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, String(one)]))).toString() : '';
    const response = await fetch(`${uri}${path}${query === '' ? '' : `?${query}`}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers }, ...(method === 'GET' ? {} : { body: JSON.stringify(fields) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : { text } };
  };
  return {
    uri, token, ask,
    async get<T>(on: string, fields?: Record<string, unknown>) {
      const { status, body } = await ask(on, fields);
      if (status !== 200) throw new Error(`${on}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
  };
}

/** A request as raw as it comes: any header, any path. */
export function raw(uri: string, options: { method?: string; path: string; headers?: Record<string, string>; body?: string | Buffer }): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }> {
  const { hostname, port } = new URL(uri);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method: options.method ?? 'GET', path: options.path, headers: options.headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }));
    });
    request.on('error', reject);
    request.end(options.body);
  });
}
