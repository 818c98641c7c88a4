import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createMlflowClient, type ServerOptions } from '../../../../src/core/exchange/rest/client';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let end: (() => void) | null = null;
afterEach(() => { end?.(); end = null; });

async function serving(answer: Answer): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  end = () => { server.closeAllConnections(); server.close(); };
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
const client = (uri: string, options: Partial<ServerOptions> = {}) => createMlflowClient({ uri, env: {}, waitMs: 1, ...options });

test('a server that is overloaded is asked again, a refusal is not', async () => {
  let asked = 0;
  const uri = await serving((_request, response) => {
    asked += 1;
    if (asked < 3) response.writeHead(503).end();
    else response.end('{"n": 12345678901234567890}');
  });
  expect(await client(uri).get('/x')).toEqual({ n: 12345678901234567890n });
  expect(asked).toBe(3);
  end?.();
  let refused = 0;
  const other = await serving((_request, response) => { refused += 1; response.writeHead(404).end('{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no such run"}'); });
  await expect(client(other).get('/x')).rejects.toMatchObject({ code: 'not_found', errorCode: 'RESOURCE_DOES_NOT_EXIST', message: expect.stringContaining('no such run') as string });
  expect(refused).toBe(1);
});

test.each([
  [{ MLFLOW_TRACKING_TOKEN: 'abc' }, '', 'Bearer abc'],
  [{ MLFLOW_TRACKING_USERNAME: 'ann', MLFLOW_TRACKING_PASSWORD: 'pw' }, '', `Basic ${Buffer.from('ann:pw').toString('base64')}`],
  [{ MLFLOW_TRACKING_TOKEN: 'abc' }, 'bob:p%40w@', `Basic ${Buffer.from('bob:p@w').toString('base64')}`],
  [{}, '', undefined],
])('credentials come from the environment or the address: %j %s', async (env, userinfo, expected) => {
  const uri = await serving((request, response) => response.end(JSON.stringify({ authorization: request.headers.authorization ?? null })));
  expect(await client(uri.replace('http://', `http://${userinfo}`), { env }).get('/x')).toEqual({ authorization: expected ?? null });
});

test('a server that sends elsewhere is not followed: credentials would go there too', async () => {
  const uri = await serving((_request, response) => response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end());
  await expect(client(uri).get('/x')).rejects.toThrow(/sends elsewhere: http:\/\/elsewhere.invalid/);
});

test('a page that is not of MLflow, an address that is none and a server that is not there are told apart', async () => {
  const uri = await serving((_request, response) => response.end('<html>hello</html>'));
  await expect(client(uri).get('/x')).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining("isn't MLflow's") as string });
  expect(() => client('nowhere')).toThrow(/is no address/);
  end?.();
  await expect(client(uri, { retries: 1 }).get('/x')).rejects.toMatchObject({ code: 'engine_unreachable' });
});

test('a stop ends the wait for a server at once', async () => {
  const stop = new AbortController();
  const uri = await serving(() => stop.abort());
  await expect(client(uri, { signal: stop.signal }).get('/x')).rejects.toMatchObject({ code: 'cancelled' });
});

test('files go up as they are, again from the start after a failure', async () => {
  let tries = 0;
  const got: string[] = [];
  const uri = await serving((request, response) => {
    void text(request).then((body) => {
      got.push(body);
      response.writeHead(++tries === 1 ? 503 : 200).end('{}');
    });
  });
  await client(uri).upload('/f', { stream: () => Promise.resolve(Readable.from([Buffer.from('he'), Buffer.from('llo')])), size: 5, type: 'text/plain' });
  expect(got).toEqual(['hello', 'hello']);
});
