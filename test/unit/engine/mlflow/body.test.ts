import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { parseBody, queryFields, readBody } from '../../../../src/engine/mlflow/body';

const request = (body: Buffer | string, headers: Record<string, string> = {}): IncomingMessage => Object.assign(Readable.from([Buffer.from(body)]), { headers, complete: true }) as unknown as IncomingMessage;
const parse = (text: string | Buffer): Record<string, unknown> => parseBody(Buffer.from(text));
const refused = { code: 'INVALID_PARAMETER_VALUE', status: 400 };

test('a body is read whole, plain and packed', async () => {
  expect(String(await readBody(request('{"a":1}'), 100))).toBe('{"a":1}');
  expect(String(await readBody(request(gzipSync('{"a":1}'), { 'content-encoding': 'GZIP' }), 100))).toBe('{"a":1}');
});

test('a body that is too large is refused by what it says and by what it is, and packed ones by what they unpack to', async () => {
  const tooLarge = { code: 'REQUEST_LIMIT_EXCEEDED', status: 413 };
  await expect(readBody(request('', { 'content-length': '101' }), 100)).rejects.toMatchObject(tooLarge);
  await expect(readBody(request('x'.repeat(101)), 100)).rejects.toMatchObject(tooLarge);
  await expect(readBody(request(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }), 1_000_000)).rejects.toMatchObject(tooLarge);
});

test('a packed body that is none, and a packing that is not known, are told', async () => {
  await expect(readBody(request('plain', { 'content-encoding': 'gzip' }), 100)).rejects.toMatchObject(refused);
  await expect(readBody(request('plain', { 'content-encoding': 'br' }), 100)).rejects.toMatchObject({ ...refused, message: expect.stringContaining('"br"') as string });
});

test('nothing, null and an object in a text are objects', () => {
  expect([parse(''), parse('  '), parse('null'), parse('"{\\"a\\": 1}"'), parse('""')]).toEqual([{}, {}, {}, { a: 1 }, {}]);
});

test('NaN and infinities are read where other clients write them, outside of texts', () => {
  expect(parse('{"a": NaN, "b": [Infinity, -Infinity], "c": ": NaN,"}')).toEqual({ a: 'NaN', b: ['Infinity', '-Infinity'], c: ': NaN,' });
});

test.each(['{', '[]', '3', 'true', '{"a":}', '{"a":1,}', "{'a':1}", '{"a":1}{"b":2}', '"[1]"', '\u0000', '{"a":"\u0000"}'])('%j is told to be no JSON object', (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining(refused) as Error);
});

test('what is not UTF-8 is told, not mended', () => {
  expect(() => parse(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(expect.objectContaining({ ...refused, message: 'The body is not UTF-8' }) as Error);
});

test.each([['lists', '[', ']'], ['objects', '{"a":', '}']])('%s nested a hundred thousand deep are refused without harm', (_what, open, close) => {
  const deep = `{"a":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
  expect(() => parse(deep)).toThrow(expect.objectContaining(refused) as Error);
  expect(() => parse(JSON.stringify(deep))).toThrow(expect.objectContaining(refused) as Error);
});

test('a hundred levels are read', () => {
  expect(() => parse(`{"a":${'['.repeat(98)}1${']'.repeat(98)}}`)).not.toThrow();
});

test("keys that mean something in JavaScript are keys like any other, and change no other object", () => {
  const body = parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
  expect(Object.keys(body)).toEqual(['__proto__', 'constructor']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('a key that comes again in a query is a list', () => {
  expect(queryFields(new URLSearchParams('a=1&b=2&a=3&__proto__=4&c='))).toMatchObject({ a: ['1', '3'], b: '2', c: '' });
});
