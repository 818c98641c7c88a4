import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { linearModel } from '../../support/onnx-linear';
import { until } from '../../support/until';
import { MODEL, post, workspace, type Workspace } from '../core/serving/support';

interface Spoken { out: string; err: string; status: number | null }
function runyard(place: Workspace, ...words: string[]): { said: Spoken; interrupt(): void; ended: Promise<Spoken> } {
  const child = spawn(process.execPath, [path.join(inject('programs'), 'cli.js'), ...words, '--workspace', place.folder], { env: { ...process.env, NO_COLOR: '1' } });
  const said: Spoken = { out: '', err: '', status: null };
  child.stdout.on('data', (text) => { said.out += String(text); });
  child.stderr.on('data', (text) => { said.err += String(text); });
  return { said, interrupt: () => void child.kill('SIGINT'), ended: new Promise((resolve) => child.once('close', (status) => { said.status = status; resolve(said); })) };
}

test('serve-model says where it answers, says what becomes live, and ends with Ctrl-C', async () => {
  const place = workspace();
  await place.promote(1, linearModel([1, 2]));
  const { said, interrupt, ended } = runyard(place, 'serve-model', MODEL, '--port', '0');
  const address = await until('the address', () => /(http:\/\/127\.0\.0\.1:\d+)\/invocations answers with m@production, version 1\n/.exec(said.out)?.[1]);
  expect((await post(address, { inputs: [[1, 1]] })).body).toEqual({ predictions: [3] });
  await place.promote(2, linearModel([1, 5]));
  await until('version 2', () => said.err.includes('live: version 2, after version 1'));
  interrupt();
  expect((await ended).status).toBe(0);
});

test('serve-model says what keeps it from starting', async () => {
  const place = workspace();
  const nobody = await runyard(place, 'serve-model', MODEL).ended;
  expect(nobody).toMatchObject({ status: 2, out: '' });
  expect(nobody.err).toContain('runyard: nothing is live in production of m: promote a version: runyard promote m VERSION --to production');
  expect((await runyard(place, 'serve-model', 'm').ended).err).toContain("'m' names no model in an environment: write m@production");
  await place.promote(1, linearModel([1, 2]));
  const other = createServer();
  const port = await new Promise<number>((resolve) => other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)));
  const taken = await runyard(place, 'serve-model', MODEL, '--port', String(port), '--json').ended;
  other.close();
  expect(JSON.parse(taken.out)).toMatchObject({ error: { code: 'conflict', message: `port ${port} of 127.0.0.1 is taken` } });
});
