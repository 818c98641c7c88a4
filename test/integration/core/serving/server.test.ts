import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { RunyardError } from '../../../../src/core/base/errors';
import { createFleet } from '../../../../src/core/serving/follow/fleet';
import { pointedAt } from '../../../../src/core/serving/follow/pointer';
import { isAlive } from '../../../../src/core/tracking/process';
import { connectEngine } from '../../../../src/engine/client/client';
import { lockPath, readLock } from '../../../../src/engine/client/lock-record';
import { linearModel } from '../../../support/onnx-linear';
import { until } from '../../../support/until';
import { fixture, logged, MODEL, post, serve, workspace } from './support';

const CARDS = fixture('p2_multiclass_cards', 'model.onnx');
const card = { acq_channel: 'Partner1', app_channel: 'web', app_behavioral_score: 1.5, requested_credit_limit: 500, credit_bureau_score: 300, stated_income: 20_000, is_customer: true };
const csv = (...rows: object[]): string => [Object.keys(card).join(','), ...rows.map((row) => Object.values(row).map((cell) => cell ?? '').join(','))].join('\n');

describe('a scoring server', () => {
  test("answers every form of the protocol, says what is wrong with a request, keeps rules and privacy, logs what it answered, and ends with status 0", async () => {
    const place = workspace(`registry:
  personal: {app_channel: 'hashed', acq_channel: 'dropped'}
serving:
  ${MODEL}:
    hash: [app_channel]
    drop: [requested_credit_limit]
    maxBytes: 100000
    rules:
      - {name: rich, when: stated_income > 90000, action: reject, note: too rich}
      - {name: unsure, on: output, when: score < 0.7, action: replace, value: nobody}
      - {name: odd, when: app_behavioral_score IS NULL}
`);
    await place.promote(3, CARDS);
    const running = await serve(place);
    const { address } = running;
    const first = await post(address, { dataframe_records: [card, { ...card, acq_channel: null }], params: { probabilities: true, other: 1 } }, { 'x-request-id': 'first' });
    expect([first.status, first.headers.get('x-request-id'), first.headers.get('x-runyard-version'), first.headers.get('x-runyard-rules'), first.headers.get('x-runyard-ignored')]).toEqual([200, 'first', '3', 'unsure', 'params.other']);
    expect(first.body.predictions).toEqual(['nobody', 'prepaid_card']);
    const forms = [
      { dataframe_split: { columns: ['extra', ...Object.keys(card)], data: [[1, ...Object.values(card)]] } }, { instances: [card] }, { inputs: Object.fromEntries(Object.entries(card).map(([name, cell]) => [name, [[cell]]])) }, { inputs: [Object.values(card)] },
    ];
    for (const form of forms) expect((await post(address, form)).body, JSON.stringify(form)).toEqual({ predictions: ['nobody'] });
    expect((await post(address, csv(card, { ...card, app_behavioral_score: null }), { 'content-type': 'text/csv; charset=utf-8' })).body.predictions).toHaveLength(2);
    expect((await post(address, '{"dataframe_records": [{"acq_channel": "x", "app_channel": "web", "app_behavioral_score": NaN, "requested_credit_limit": 1, "credit_bureau_score": 1, "stated_income": 1, "is_customer": "True"}]}')).headers.get('x-runyard-rules')).toContain('odd');
    const { app_channel: _, ...less } = card;
    expect(await post(address, { dataframe_records: [less] })).toMatchObject({ status: 400, body: { error_code: 'BAD_REQUEST', column: 'app_channel' } });
    expect((await post(address, { dataframe_records: [{ ...card, stated_income: 'much' }] })).body).toMatchObject({ column: 'stated_income', message: 'row 1, column stated_income: "much" is not a whole number' });
    expect((await post(address, { dataframe_records: [{ ...card, stated_income: null }] })).body.column).toBe('stated_income');
    expect(await post(address, { dataframe_records: [card, { ...card, stated_income: 100_000 }] })).toMatchObject({ status: 422, body: { rule: 'rich' } });
    expect((await post(address, '{"dataframe_records": [')).status).toBe(400);
    expect((await post(address, { instances: [card], inputs: [card] })).status).toBe(400);
    expect((await post(address, 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(address, 'x'.repeat(200_000))).status).toBe(413);
    for (const [method, where, status] of [['GET', '/invocations', 405], ['GET', '/nowhere', 404], ['GET', '/ping', 200], ['POST', '/health', 200], ['DELETE', '/ping', 405]] as const) expect((await fetch(address + where, { method })).status, where).toBe(status);
    expect(await (await fetch(`${address}/version`)).text()).toBe('1.2.3');
    expect(await fromAPage(address)).toBe(403);
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(readdirSync(path.join(place.log, 'open'))).toEqual([]);
    const rows = await logged(place.log, '*');
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.not.arrayContaining(['acq_channel', 'requested_credit_limit']));
    expect(rows).toHaveLength(9);
    expect(rows[0]).toMatchObject({ ry_request: 'first', ry_row: 0n, ry_version: 3n, ry_role: 'live', ry_rules: 'unsure', ry_answer: 'nobody', ry_prediction: 'prepaid_card', ry_p_prepaid_card: first.body.probabilities?.[0]?.['prepaid_card'], stated_income: 20_000n, is_customer: 'True' });
    expect(new Set(rows.map((row) => row['app_channel'])).size).toBe(1);
    expect(rows[0]?.['app_channel']).toMatch(/^[0-9a-f]{32}$/);
    const key = path.join(place.folder, '.runyard', 'serving', 'key');
    if (process.platform !== 'win32') expect(statSync(key).mode & 0o777).toBe(0o600);
    const state = JSON.parse(readFileSync(path.join(place.log, 'state.json'), 'utf8')) as { counts: object; ended: number };
    expect(state.counts).toMatchObject({ answered: 7, rows: 9, logged: 9, refused: { '400': 5, '422': 1, '415': 1, '413': 1 }, rules: { rich: 1, odd: 2 } });
  });

  test('refuses a body of 100 MB while it comes, and does not hold it', async () => {
    const place = workspace();
    await place.promote(1, linearModel([1, 2]));
    const { address, process: server } = await serve(place);
    const before = memoryOf(server.pid);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${address}/invocations`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => { resolve(response.statusCode); response.resume(); sending.destroy(); });
      sending.on('error', reject);
      const part = Buffer.alloc(1 << 20, '1');
      let sent = 0;
      const more = (): void => { while (sent++ < 100) if (!sending.write(part)) return void sending.once('drain', more); sending.end(); };
      more();
    });
    expect(status).toBe(413);
    if (before !== null) expect((memoryOf(server.pid) ?? 0) - before).toBeLessThan(80_000_000);
    expect((await post(address, { inputs: [[1, 2]] })).body).toEqual({ predictions: [5] });
  });

  test('that is killed under load has every answer in its log, once, and the next one makes it whole', async () => {
    const place = workspace();
    await place.promote(1, linearModel([1, 10]));
    const first = await serve(place);
    const answered: string[] = [];
    let n = 0;
    const asking = Array.from({ length: 8 }, async () => {
      for (;;) {
        const id = `r${n++}`;
        try {
          const { status } = await post(first.address, { inputs: [[n, 1]] }, { 'x-request-id': id });
          if (status === 200) answered.push(id);
        } catch {
          return;
        }
      }
    });
    await until('some answers', () => answered.length > 150);
    first.process.kill('SIGKILL');
    await Promise.all(asking);
    expect(readdirSync(path.join(place.log, 'open')).filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
    const [left] = readdirSync(path.join(place.log, 'open')).filter((name) => name.endsWith('.jsonl'));
    appendFileSync(path.join(place.log, 'open', left ?? ''), '{"ry_request":"torn');
    const second = await serve(place);
    await until('the journal is settled', () => !existsSync(path.join(place.log, 'open', left ?? '')));
    await post(second.address, { inputs: [[1, 1]] }, { 'x-request-id': 'after' });
    second.process.kill('SIGTERM');
    await second.ended;
    const names = (await logged(place.log, 'ry_request')).map((row) => String(row['ry_request']));
    expect(new Set(names).size).toBe(names.length);
    expect(answered.filter((id) => !names.includes(id))).toEqual([]);
    expect(names).toContain('after');
    expect(names).not.toContain('torn');
  });

  test('follows promotions and rollbacks under load: no answer is lost, and each is its own version\'s', async () => {
    const place = workspace();
    await place.promote(1, linearModel([1, 0], 1000));
    const { address, process: server, ended, said } = await serve(place);
    let over = false;
    const versions = new Set<string>();
    let answers = 0;
    const asking = Array.from({ length: 4 }, async (_, worker) => {
      for (let i = 0; !over; i++) {
        const { status, headers, body } = await post(address, { inputs: [[i, worker]] });
        const version = headers.get('x-runyard-version') ?? '';
        versions.add(version);
        answers += 1;
        if (status !== 200 || body.predictions?.[0] !== i + Number(version) * 1000) throw new Error(`${status} ${version} ${JSON.stringify(body)} for ${i}: ${said()}`);
      }
    });
    for (let move = 2; move <= 11; move++) {
      const version = move % 2 === 0 ? move : 1;
      await place.promote(version, linearModel([1, 0], version * 1000));
      await until(`version ${version}`, () => said().split('\n').some((line) => line.includes(`live: version ${version}, after version`) && said().split('\n').filter((one) => one.includes('live: version')).length >= move));
    }
    over = true;
    await Promise.all(asking);
    server.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect([...versions].sort()).toEqual(['1', '10', '2', '4', '6', '8']);
    expect(await logged(place.log, 'count(*) AS n, count(DISTINCT ry_request) AS ids, sum(CASE WHEN ry_prediction = x_0 + ry_version * 1000 THEN 1 ELSE 0 END) AS right')).toEqual([{ n: BigInt(answers), ids: BigInt(answers), right: BigInt(answers) }]);
  });

  test('asks a shadow too, sends a canary its share, starts a scorer again that ends, and follows runyard.yaml', async () => {
    const place = workspace(`serving:\n  ${MODEL}:\n    shadow: {environment: staging}\n    canary: {environment: trial, percent: 50}\n`);
    await place.promote(1, linearModel([1, 0]));
    await place.promote(2, linearModel([1, 0], 0), 'staging');
    await place.promote(3, linearModel([1, 0], 500), 'trial');
    writeFileSync(path.join(place.folder, 'runyard.yaml'), `registry:\n  environments: [trial, staging, production]\nserving:\n  ${MODEL}:\n    shadow: {environment: staging}\n    canary: {environment: trial, percent: 50}\n`);
    const running = await serve(place);
    const ask = (id: string): ReturnType<typeof post> => post(running.address, { inputs: [[7, 0]] }, { 'x-request-id': id });
    const said = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(`id${i}`)));
    for (const { headers, body } of said) expect(body.predictions).toEqual([headers.get('x-runyard-version') === '3' ? 507 : 7]);
    const trial = said.filter(({ headers }) => headers.get('x-runyard-role') === 'canary').length;
    expect(trial).toBeGreaterThan(15);
    expect(trial).toBeLessThan(45);
    expect((await ask('id5')).headers.get('x-runyard-version')).toBe(said[5]?.headers.get('x-runyard-version'));
    const scorers = childrenOf(running.process.pid);
    if (scorers !== null) {
      for (const pid of scorers) process.kill(pid, 'SIGKILL');
      await until('the scorers to end', () => running.said().includes('is started again'));
      expect((await ask('again')).status).toBe(200);
    }
    const yaml = path.join(place.folder, 'runyard.yaml');
    const before = readFileSync(yaml, 'utf8');
    writeFileSync(yaml, `${before}    sample: 5\n`);
    await until('the settings to be refused', () => running.said().includes('what was before goes on'));
    writeFileSync(yaml, `${before}    sample: 0\n`);
    await until('other settings', () => running.said().includes('runyard.yaml: other settings'));
    expect((await ask('not logged')).status).toBe(200);
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    const roles = await logged(place.log, "count(*) FILTER (ry_role IN ('live', 'canary')) AS given, count(*) FILTER (ry_role = 'shadow' AND ry_version = 2) AS shadow");
    expect(roles[0]?.['given']).toBe(BigInt(scorers === null ? 61 : 62));
    expect(Number(roles[0]?.['shadow'])).toBeGreaterThanOrEqual(60);
  });

  test.each([
    ['nothing is live', null, '', 'not_found: nothing is live in production of m'],
    ['a rule that can not be asked', linearModel([1, 2]), `serving:\n  ${MODEL}:\n    rules: [{name: r, when: x_9 > 1}]\n`, 'bad_input: version 1 can\'t be served: serving rule r, at 1: there is no column x_9'],
    ['a section that is wrong', linearModel([1, 2]), `serving:\n  ${MODEL}:\n    sample: 7\n`, 'bad_input: runyard.yaml, line 3'],
    ['no ONNX model', new TextEncoder().encode('pickle'), '', 'bad_input: version 1 can\'t be served: model.onnx is no ONNX model'],
  ])('does not start where there is %s', async (_, model, yaml, message) => {
    const place = workspace(yaml);
    if (model) await place.promote(1, model);
    await expect(serve(place)).rejects.toThrow(message);
  });
});

test('a canary and a shadow may be versions by their number, which no environment points at; old days of the log go', async () => {
  const place = workspace(`serving:\n  ${MODEL}:\n    keepDays: 2\n    shadow: {version: 3}\n    canary: {version: 2, percent: 50}\n`);
  const client = await connectEngine({ workspace: place.folder, version: '1.2.3', clientName: 'test', enginePath: path.join(inject('programs'), 'engine.js') });
  onTestFinished(async () => {
    client.dispose();
    const record = readLock(lockPath(place.folder));
    if (!record) return;
    process.kill(record.pid, 'SIGTERM');
    await until('the engine to end', () => !isAlive(record));
  });
  for (const version of [1, 2, 3]) {
    writeFileSync(path.join(place.folder, 'm.onnx'), linearModel([1, 0], version * 100));
    await client.request('registry.register', { model: 'm', file: 'm.onnx' });
  }
  await client.request('registry.promote', { model: 'm', version: 1, to: 'production', job: 'p' });
  const day = (back: number): string => `date=${new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)}`;
  for (const back of [1, 9]) mkdirSync(path.join(place.log, day(back)), { recursive: true });
  const running = await serve(place);
  const said = await Promise.all(Array.from({ length: 60 }, (_, i) => post(running.address, { inputs: [[i, 0]] }, { 'x-request-id': `id${i}` })));
  for (const [i, { headers, body }] of said.entries()) expect([headers.get('x-runyard-version'), body.predictions]).toEqual(headers.get('x-runyard-role') === 'canary' ? ['2', [i + 200]] : ['1', [i + 100]]);
  const canary = said.filter(({ headers }) => headers.get('x-runyard-role') === 'canary').length;
  expect(Math.abs(canary - 30)).toBeLessThan(16);
  running.process.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(await logged(place.log, "count(*) FILTER (ry_role = 'live' AND ry_version = 1) AS live, count(*) FILTER (ry_role = 'canary' AND ry_version = 2) AS canary, count(*) FILTER (ry_role = 'shadow' AND ry_version = 3) AS shadow, count(*) AS n"))
    .toEqual([{ live: BigInt(60 - canary), canary: BigInt(canary), shadow: 60n, n: 120n }]);
  expect(readdirSync(place.log).filter((name) => name.startsWith('date=')).sort()).toEqual([day(1), day(0)].sort());
});

test('a version by its number is asked for once, and again only where the settings are others', async () => {
  const place = workspace();
  await place.promote(1, linearModel([1, 0]));
  await place.promote(2, linearModel([1, 0]), 'elsewhere');
  const asked: number[] = [];
  const config = { rules: [], batch: { rows: 10, waitMs: 0 }, shadow: { version: 2, share: 1 } };
  const fleet = await createFleet({
    workspace: place.folder, temp: place.folder, script: path.join(inject('programs'), 'scorer.js'), model: 'm', environment: 'production', config, privacy: { hash: new Set(), drop: new Set(), key: null }, say: () => undefined, onLost: () => undefined,
    async find(version) {
      asked.push(version);
      const pointed = version === 2 ? await pointedAt(place.folder, 'm', 'elsewhere') : null;
      if (!pointed) throw new RunyardError('not_found', `there is no version ${version}`, '');
      return pointed;
    },
  });
  onTestFinished(() => fleet.dispose());
  await fleet.look();
  expect([fleet.get('live')?.version, fleet.get('shadow')?.version, asked]).toEqual([1, 2, [2]]);
  await fleet.configure({ ...config, shadow: { version: 9, share: 1 } }, { hash: new Set(), drop: new Set(), key: null });
  await fleet.look();
  // What can't be had leaves what was before.
  expect([fleet.get('shadow')?.version, fleet.problems.get('shadow'), asked]).toEqual([2, 'there is no version 9', [2, 9]]);
});

/** Bytes of memory that a process holds; null where nobody tells. */
const memoryOf = (pid: number | undefined): number | null => (process.platform === 'linux' ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) * 1024 : null);
const childrenOf = (pid: number | undefined): number[] | null => (process.platform === 'linux' ? readFileSync(`/proc/${pid ?? 0}/task/${pid ?? 0}/children`, 'utf8').trim().split(/\s+/).map(Number) : null);

/** As a page that had this machine's address under another name would ask. */
const fromAPage = (address: string): Promise<number | undefined> => new Promise((resolve, reject) => {
  request(`${address}/ping`, { headers: { host: 'evil.example' } }, (response) => { response.resume(); resolve(response.statusCode); }).on('error', reject).end();
});
