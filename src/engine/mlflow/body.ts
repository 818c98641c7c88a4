/** Reads a request's body, up to a limit. */
import { isUtf8 } from 'node:buffer';
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
  // Whoever sends too much reads the answer to it all the same: its connection isn't ended by that.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  if (!request.complete) throw invalid('The request ended before its body did');
  const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  const coding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity' || coding === '') return body;
  if (coding !== 'gzip') throw invalid(`The body's Content-Encoding ${JSON.stringify(coding.slice(0, 40))} is not known: send it plain or as gzip`);
  try {
    return await inflate(body, { maxOutputLength: limit });
  } catch (error) {
    throw error instanceof RangeError ? tooLarge() : invalid('The body is not gzip, though its header says so');
  }
}

/** What is nested deeper is no message of MLflow's, and readers that call themselves would run out of stack. Protocol Buffers' own readers stop at 100 too. */
const DEEPEST = 100;

/** A JSON object; nothing is an empty one, and an object in a text is that object (old clients encode twice). */
export function parseBody(body: Buffer): Record<string, unknown> {
  if (!isUtf8(body)) throw invalid('The body is not UTF-8');
  const text = body.toString('utf8').trim();
  if (text === '') return {};
  let value = parseJson(text);
  if (typeof value === 'string') value = value.trim() === '' ? {} : parseJson(value);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('The body must be a JSON object');
  if (isDeep(value)) throw invalid(`The body is nested deeper than ${DEEPEST} levels`);
  return value as Record<string, unknown>;
}

/** Without calling itself. */
function isDeep(root: object): boolean {
  let level: object[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => Object.values(one) as unknown[]).filter((one): one is object => typeof one === 'object' && one !== null);
  }
  return false;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // NaN and Infinity aren't JSON, but some clients write them.
    try {
      return JSON.parse(text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g, (word) => (word.startsWith('"') ? word : `"${word}"`))) as unknown;
    } catch (error) {
      throw invalid(`The body is not JSON: ${error instanceof Error ? error.message : ''}`);
    }
  }
}

/** Fields of a query: a key that comes again is a list. */
export function queryFields(query: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...new Set(query.keys())].map((key) => {
    const values = query.getAll(key);
    return [key, values.length === 1 ? values[0] : values];
  }));
}
