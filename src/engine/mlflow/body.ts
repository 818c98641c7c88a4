/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { invalid, MlflowError } from './errors';

const inflate = promisify(gunzip);

/** The whole body, unpacked where it is gzip. Throws REQUEST_LIMIT_EXCEEDED beyond `limit` bytes, packed or not. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): MlflowError => new MlflowError('REQUEST_LIMIT_EXCEEDED', `The request's body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    throw error instanceof RangeError ? tooLarge() : invalid('The body is not gzip, though its header says so');
  }
}

/** A JSON object; nothing is an empty one, and an object in a text is that object (old clients encode twice). */
export function parseBody(body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8').trim();
  if (text === '') return {};
  let value = parseJson(text);
  if (typeof value === 'string') value = value.trim() === '' ? {} : parseJson(value);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('The body must be a JSON object');
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // NaN and Infinity aren't JSON, but some clients write them.
    try {
      return JSON.parse(text.replace(/(?<=[:[,]\s*)(-?Infinity|NaN)(?=\s*[,}\]])/g, '"$1"')) as unknown;
    } catch (error) {
      throw invalid(`The body is not JSON: ${error instanceof Error ? error.message : ''}`);
    }
  }
}

/** Fields of a query: a key that comes again is a list. */
export function queryFields(query: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    fields[key] = values.length === 1 ? values[0] : values;
  }
  return fields;
}
