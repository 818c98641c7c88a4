/** The server alone, over real connections, with waits that a test can wait for. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { LIMITS } from '../../../../src/engine/mlflow/connections';
import { invalid } from '../../../../src/engine/mlflow/errors';
import { rawRoute, route } from '../../../../src/engine/mlflow/router';
import { listenHttp, type HttpServer } from '../../../../src/engine/mlflow/server';
import { until } from '../../../support/until';

const token = 'a'.repeat(48);
const right = `Bearer ${token}`;
const logged: unknown[] = [];
const silent = { info: () => undefined, warn: () => undefined, error: (...what: unknown[]) => void logged.push(what) };
let server: HttpServer;
let handled = 0;
const routes = [
  route('POST /api/echo', z.object({ a: z.unknown() }), ({ a }) => { handled++; return { a }; }),
  route('GET /api/get', z.object({}), () => ({})),
  route('POST /api/refuses', z.object({}), () => { throw invalid('no'); }),
  route('POST /api/fails', z.object({}), () => { throw new TypeError('secret'); }),
  route('GET /api/large', z.object({}), () => ({ text: 'x'.repeat(30 * 2 ** 20) })),
  rawRoute('PUT /api/early', () => { throw invalid('not here'); }),
];
beforeEach(async () => {
  handled = 0;
  logged.length = 0;
  server = await listenHttp(0, { routes, guard: { token, tokenNeeded: true }, log: silent, limits: { ...LIMITS, headers: 400, stall: 1500, linger: 600, connections: 5 } });
});
afterEach(() => server.dispose());

interface Answer { status: number; text: string; headers: http.IncomingHttpHeaders }
function ask(path: string, { method = 'POST', headers = {}, body = '' }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, path, method, agent: false, headers: { authorization: right, ...(body === '' ? {} : { 'content-type': 'application/json' }), ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers })).on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
/** A connection as raw as it can be; `said` is what has come back. */
async function raw(text: string): Promise<{ socket: net.Socket; said(): string; closed(): boolean }> {
  const socket = net.connect(server.port, '127.0.0.1');
  let said = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => { said += chunk.toString('latin1'); }).on('close', () => { closed = true; }).on('error', () => { closed = true; });
  await once(socket, 'connect');
  socket.write(text);
  return { socket, said: () => said, closed: () => closed };
}
const head = (line: string, ...more: string[]): string => [line, `Host: 127.0.0.1:${server.port}`, `Authorization: ${right}`, 'Content-Type: application/json', ...more, '', ''].join('\r\n');

test('it is bound to 127.0.0.1 and nothing else', async () => {
  const other = net.createServer().listen(server.port, '127.0.0.2');
  await once(other, 'listening'); // would fail if it was bound to every address
  other.close();
});

test('errors are JSON with a code and a message, never a stack', async () => {
  expect(JSON.parse((await ask('/api/refuses')).text)).toEqual({ error_code: 'INVALID_PARAMETER_VALUE', message: 'no' });
  const failed = await ask('/api/fails');
  expect(failed.status).toBe(500);
  expect(failed.text).not.toMatch(/secret|at .*\.ts|node:/);
  expect(logged).toHaveLength(1);
});

test('every answer says that it is not to be kept or guessed at, and none lets other origins in', async () => {
  for (const { headers } of [await ask('/api/get', { method: 'GET' }), await ask('/api/get', { method: 'OPTIONS' }), await ask('/no'), await ask('/health', { method: 'GET' })]) {
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
  expect((await ask('/api/get', { method: 'OPTIONS' })).status).toBe(405);
});

test('whoever has no right token is let go with the answer', async () => {
  const answer = await ask('/api/get', { method: 'GET', headers: { authorization: 'Bearer no', connection: 'keep-alive' } });
  expect([answer.status, answer.headers.connection]).toEqual([401, 'close']);
  expect(answer.headers['www-authenticate']).toContain('Bearer');
});

test('nothing of a body is read before its sender is let in, and the answer comes all the same', async () => {
  const answer = await ask('/api/echo', { headers: { authorization: 'no' }, body: Buffer.alloc(5_000_000, 'x') });
  expect(answer.status).toBe(401);
  expect(handled).toBe(0);
});

test('a refused upload reads its answer, and the connection goes on', async () => {
  expect((await ask('/api/early', { method: 'PUT', body: Buffer.alloc(5_000_000) })).status).toBe(400);
});

test('a body that says it is too large, is too large, or unpacks to too much is 413', async () => {
  expect((await ask('/api/echo', { headers: { 'content-length': 65 * 2 ** 20 }, body: Buffer.alloc(65 * 2 ** 20, ' ') })).status).toBe(413);
  expect((await ask('/api/echo', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(65 * 2 ** 20, ' ')) })).status).toBe(413);
  expect((await ask('/api/echo', { headers: { 'transfer-encoding': 'chunked' }, body: Buffer.alloc(65 * 2 ** 20, ' ') })).status).toBe(413);
});

test('headers that are too large are 431', async () => {
  expect((await ask('/api/get', { method: 'GET', headers: { 'x-long': 'x'.repeat(70_000) } })).status).toBe(431);
});

test('headers that come too slowly, or not at all, end the connection', async () => {
  const [slow, nothing] = [await raw('GET /api/get HTTP/1.1\r\nHost: 127'), await raw('')];
  await until('both to be closed', () => slow.closed() && nothing.closed());
  expect(slow.said()).toContain('408');
});

test('a body that stalls ends the connection, one that only is slow does not', async () => {
  const stalls = await raw(`${head('POST /api/echo HTTP/1.1', 'Content-Length: 20')}{"a":`);
  const slow = await raw(head('POST /api/echo HTTP/1.1', 'Content-Length: 9'));
  for (const letter of '{"a":"b"}') {
    await new Promise((resolve) => setTimeout(resolve, 250));
    slow.socket.write(letter);
  }
  await until('the answer', () => slow.said() !== '' || slow.closed());
  expect(slow.said()).toContain('200 OK');
  await until('the other one to be closed', () => stalls.closed());
  expect([handled, stalls.said(), logged.length]).toEqual([1, '', 0]);
  slow.socket.destroy();
});

test('the rest of a refused body that stalls is not waited for', async () => {
  const one = await raw(`${head('PUT /api/early HTTP/1.1', 'Content-Length: 1000')}x`);
  await until('the answer', () => one.said().includes('400 Bad Request'));
  await until('the connection to be closed', () => one.closed());
});

test('an answer that nobody takes is not held for ever, one that is taken comes whole', async () => {
  const idle = await raw('');
  idle.socket.pause();
  idle.socket.write(head('GET /api/large HTTP/1.1'));
  await until('it to be let in', () => server.clients() === 1);
  expect((await ask('/api/large', { method: 'GET' })).text).toHaveLength(30 * 2 ** 20 + 11);
  await until('the other one to be let go', () => server.clients() === 0);
  idle.socket.destroy();
});

test('a client that hangs up in its body is no error of ours, and nothing was done', async () => {
  const one = await raw(`${head('POST /api/echo HTTP/1.1', 'Content-Length: 9')}{"a":`);
  one.socket.destroy();
  await until('it to be gone', () => server.clients() === 0);
  expect([handled, logged.length]).toEqual([0, 0]);
});

test('a connection that waits between requests is kept', async () => {
  const one = await raw(head('GET /api/get HTTP/1.1'));
  await until('the answer', () => one.said().includes('200 OK'));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  one.socket.write(head('GET /api/get HTTP/1.1'));
  await until('another answer', () => one.said().split('200 OK').length === 3);
  expect(server.clients()).toBe(1);
  one.socket.destroy();
  await until('it to be gone', () => server.clients() === 0);
});

test('connections beyond the limit are dropped, and there is room again when one ends', async () => {
  const held = await Promise.all(Array.from({ length: 5 }, () => raw(head('GET /api/get HTTP/1.1'))));
  await until('all to be let in', () => server.clients() === 5);
  await expect(ask('/api/get', { method: 'GET' })).rejects.toThrow();
  held[0]?.socket.destroy();
  await until('room', () => ask('/api/get', { method: 'GET' }).then(({ status }) => status === 200, () => false));
  for (const { socket } of held) socket.destroy();
});

test.each(['\u0000\u0001\u0002', 'GET / HTTP/9.9\r\n\r\n', 'BREW /api/get HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 'GET /api/get HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 'POST /api/echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n'])('%j is answered with 400 and let go', async (text) => {
  const one = await raw(text);
  await until('it to be closed', () => one.closed());
  expect(one.said()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"error_code"/);
});

test('a port that is taken gives another one, or a conflict where it has to be that one', async () => {
  const other = await listenHttp(server.port, { routes, guard: { token, tokenNeeded: true }, log: silent });
  expect(other.port).not.toBe(server.port);
  other.dispose();
  await expect(listenHttp(server.port, { routes, guard: { token, tokenNeeded: true }, log: silent, exact: true })).rejects.toMatchObject({ code: 'conflict' });
});

test('a new port lies below those that outgoing connections have', () => {
  expect(server.port).toBeGreaterThanOrEqual(20_000);
  expect(server.port).toBeLessThan(32_000);
});
