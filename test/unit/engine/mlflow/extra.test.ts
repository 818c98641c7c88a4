import { expect, test } from 'vitest';
import { createExtraServers, type Wanted } from '../../../../src/engine/mlflow/extra';
import type { HttpServer } from '../../../../src/engine/mlflow/server';
import { until } from '../../../support/until';

interface Fake extends HttpServer { connected: number; closed: boolean; tokenNeeded: boolean }
function setUp(): { made: Fake[]; servers: ReturnType<typeof createExtraServers>; asker: (wanted: Omit<Wanted, 'onGone'>) => { wanted: Wanted; leave(): void } } {
  const made: Fake[] = [];
  const servers = createExtraServers({
    keepSeconds: 0.1,
    listen: (port, { tokenNeeded }) => {
      const server: Fake = { port: port || 20_000 + made.length, connected: 0, closed: false, tokenNeeded, clients: () => server.connected, dispose: () => { server.closed = true; } };
      made.push(server);
      return Promise.resolve(server);
    },
  });
  return {
    made, servers,
    asker(wanted) {
      const heard: (() => void)[] = [];
      return { wanted: { ...wanted, onGone: (one) => { heard.push(one); } }, leave: () => { for (const one of heard) one(); } };
    },
  };
}

test('two who want the same get the same one, and it stays until both are gone', async () => {
  const { made, servers, asker } = setUp();
  const [a, b] = [asker({ port: 5000, tokenNeeded: true }), asker({ port: 5000, tokenNeeded: true })];
  const [first, second] = await Promise.all([servers.open(a.wanted), servers.open(b.wanted)]);
  expect([first === second, made.length]).toEqual([true, 1]);
  a.leave();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(made[0]?.closed).toBe(false);
  b.leave();
  await until('it to be closed', () => made[0]?.closed);
  servers.dispose();
});

test('one that a client is connected to stays', async () => {
  const { made, servers, asker } = setUp();
  const a = asker({ port: null, tokenNeeded: false });
  await servers.open(a.wanted);
  const [server] = made;
  if (!server) throw new Error('none was made');
  server.connected = 1;
  a.leave();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect([server.closed, servers.clients()]).toEqual([false, 1]);
  server.connected = 0;
  await until('it to be closed', () => server.closed);
  servers.dispose();
});

test('one without a token is never given to who asked for one with it', async () => {
  const { made, servers, asker } = setUp();
  await servers.open(asker({ port: null, tokenNeeded: false }).wanted);
  await servers.open(asker({ port: 6000, tokenNeeded: true }).wanted);
  expect(made.map(({ tokenNeeded }) => tokenNeeded)).toEqual([false, true]);
  servers.dispose();
  expect(made.every(({ closed }) => closed)).toBe(true);
});
