/** Files of MLflow's clients: up, listed, down and deleted over the wire, and where they lie. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineClient } from '../../../src/engine/client/client';
import { until } from '../../support/until';
import { restOf, type Rest } from './mlflow-rest';
import { bundles, lab, type Lab } from './support';

let built: Awaited<ReturnType<typeof bundles>>;
let at: Lab;
let client: EngineClient;
let rest: Rest;
beforeAll(async () => {
  built = await bundles();
  at = lab(built.engine);
  client = await at.connect();
  rest = await restOf(client);
});
afterAll(async () => {
  await at.dispose();
  built.dispose();
});

const ART = '/api/2.0/mlflow-artifacts/artifacts';
const MB = 2 ** 20;
/** What the engine may ever take here, in MB: it begins with some 85, and moves single files of 200. */
const PEAK = 260;
interface Got { status: number; headers: IncomingHttpHeaders; body: Buffer }
interface Info { run_id: string; experiment_id: string; artifact_uri: string }

function open(method: string, target: string, headers: Record<string, string> = {}): { request: ClientRequest; got: Promise<Got> } {
  const { hostname, port } = new URL(rest.uri);
  const request = httpRequest({ hostname, port, method, path: target, headers: { Authorization: `Bearer ${rest.token}`, ...headers } });
  const got = new Promise<Got>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
  });
  return { request, got };
}
const send = (method: string, target: string, body?: string | Buffer, headers?: Record<string, string>): Promise<Got> => {
  const { request, got } = open(method, target, headers);
  request.end(body);
  return got;
};
const put = async (target: string, body: string | Buffer): Promise<void> => expect(await send('PUT', `${ART}/${target}`, body)).toMatchObject({ status: 200 });
const code = ({ status, body }: Got): [number, unknown] => [status, (JSON.parse(body.toString()) as Record<string, unknown>)['error_code']];
const listed = async (target: string): Promise<unknown> => (JSON.parse((await send('GET', `${ART}?path=${target}`)).body.toString()) as { files?: unknown }).files;

const newRun = async (fields: Record<string, unknown> = {}): Promise<Info> => (await rest.get<{ run: { info: Info } }>('POST runs/create', fields)).run.info;
const home = ({ artifact_uri: uri }: Info): string => uri.replace('mlflow-artifacts:/', '');
const store = (...parts: string[]): string => path.join(at.workspace, '.runyard', ...parts);
const fileOf = (info: Info, ...parts: string[]): string => store('runs', info.run_id, 'artifacts', ...parts);
const uploads = (): string[] => (existsSync(store('uploads')) ? readdirSync(store('uploads')) : []);
const detail = (info: Info): Promise<{ artifacts: { path: string; kind: string; digest: string; size: number }[]; problems: unknown[] }> => client.request('runs.get', { run: info.run_id });
const peak = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${at.enginePid()}/status`, 'utf8'))?.[1]) / 1024;
const digest = (body: string | Buffer): string => createHash('sha256').update(body).digest('hex');
const kept = (body: string | Buffer): string => store('objects', digest(body).slice(0, 2), digest(body));

describe('a file of a run', () => {
  it('goes up, is listed, comes down, and shows in the run while it runs', async () => {
    const info = await newRun();
    const blob = randomBytes(3 * MB + 1);
    await put(`${home(info)}/plots/a%20b.png`, blob);
    await put(`${home(info)}/empty`, '');
    expect(await listed(home(info))).toEqual([{ path: 'empty', is_dir: false, file_size: 0 }, { path: 'plots', is_dir: true }]);
    expect(await rest.get('GET artifacts/list', { run_id: info.run_id, path: 'plots' })).toEqual({ root_uri: info.artifact_uri, files: [{ path: 'plots/a b.png', is_dir: false, file_size: blob.length }] });
    const down = await send('GET', `${ART}/${home(info)}/plots/a%20b.png`);
    expect(down.body.equals(blob)).toBe(true);
    expect(down.headers).toMatchObject({ 'content-type': 'image/png', 'content-disposition': 'attachment; filename="a b.png"', 'x-content-type-options': 'nosniff', 'content-length': String(blob.length) });
    const { artifacts, problems } = await until('its digest', async () => {
      const now = await detail(info);
      return now.artifacts.length === 2 && now.artifacts.every((one) => one.digest !== '') && now;
    });
    expect(artifacts).toMatchObject([{ path: 'empty', kind: 'file', size: 0, digest: digest('') }, { path: 'plots/a b.png', kind: 'image', size: blob.length, digest: digest(blob) }]);
    expect(problems).toEqual([]);
    expect(statSync(kept(blob)).ino).toBe(statSync(fileOf(info, 'plots', 'a b.png')).ino);
  });

  it('is one object with any other of the same bytes, and is written over without changing that one', async () => {
    const [first, second] = [await newRun(), await newRun()];
    const body = randomBytes(1000);
    await put(`${home(first)}/a`, body);
    await put(`${home(second)}/b`, body);
    await until('one file under both names', () => statSync(fileOf(first, 'a')).ino === statSync(fileOf(second, 'b')).ino);
    await put(`${home(first)}/a`, 'other');
    expect([readFileSync(fileOf(first, 'a'), 'utf8'), readFileSync(fileOf(second, 'b')).equals(body)]).toEqual(['other', true]);
    await until('its new digest', async () => (await detail(first)).artifacts[0]?.digest === digest('other'));
  });

  it('is handed out in parts, by its head alone, and under the paths that pages use', async () => {
    const info = await newRun();
    await put(`${home(info)}/digits.txt`, '0123456789');
    const target = `${ART}/${home(info)}/digits.txt`;
    const part = await send('GET', target, undefined, { Range: 'bytes=2-5' });
    expect([part.status, part.body.toString(), part.headers['content-range'], part.headers['content-length']]).toEqual([206, '2345', 'bytes 2-5/10', '4']);
    expect(await send('GET', target, undefined, { Range: 'bytes=20-' })).toMatchObject({ status: 416, headers: { 'content-range': 'bytes */10' } });
    const head = await send('HEAD', target);
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '10']);
    for (const other of [target.replace('/api/', '/ajax-api/'), `/get-artifact?run_id=${info.run_id}&path=digits.txt`, `/get-artifact?run_uuid=${info.run_id}&path=digits.txt`]) expect((await send('GET', other)).body.toString()).toBe('0123456789');
    expect(code(await send('GET', `/get-artifact?run_id=${'0'.repeat(32)}&path=a`))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    expect(code(await send('GET', `/get-artifact?run_id=${info.run_id}&path=none`))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    expect(code(await send('GET', `/get-artifact?run_id=${info.run_id}&path=`))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  it('is deleted alone or with its folder, and the run forgets it, also right after it came', async () => {
    const info = await newRun();
    for (const name of ['d/a', 'd/e/b', 'c', 'brief']) await put(`${home(info)}/${name}`, name);
    await send('DELETE', `${ART}/${home(info)}/brief`);
    await until('what is named', async () => (await detail(info)).artifacts.map((one) => one.path).join() === 'c,d/a,d/e/b');
    expect(await send('DELETE', `${ART}/${home(info)}/d`)).toMatchObject({ status: 200 });
    expect(await send('DELETE', `${ART}/${home(info)}/nothing`)).toMatchObject({ status: 200 });
    const { artifacts, problems } = await detail(info);
    expect([artifacts.map((one) => one.path), problems, existsSync(fileOf(info, 'd'))]).toEqual([['c'], [], false]);
    await send('DELETE', `${ART}/${home(info)}/`);
    expect([(await detail(info)).artifacts, await listed(home(info))]).toEqual([[], undefined]);
  });

  it('can be put by a page, up to its limit', async () => {
    const info = await newRun();
    const page = (query: string, body: string | Buffer): Promise<Got> => send('POST', `/ajax-api/2.0/mlflow/upload-artifact?${query}`, body);
    expect((await page(`run_uuid=${info.run_id}&path=up/x.txt`, 'hello')).status).toBe(200);
    expect(readFileSync(fileOf(info, 'up', 'x.txt'), 'utf8')).toBe('hello');
    for (const [query, body] of [['path=x', 'b'], [`run_uuid=${info.run_id}`, 'b'], [`run_uuid=${info.run_id}&path=x`, ''], [`run_uuid=${info.run_id}&path=../x`, 'b'], [`run_uuid=${info.run_id}&path=x`, Buffer.alloc(10 * MB + 1)]] as const) {
      expect(code(await page(query, body))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
    expect(code(await page(`run_uuid=${'0'.repeat(32)}&path=x`, 'b'))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('a place of its own', () => {
  it('that an experiment names leads to the run, and everything above it is listed', async () => {
    const { experiment_id: id } = await rest.get<{ experiment_id: string }>('POST experiments/create', { name: 'elsewhere', artifact_location: 'mlflow-artifacts:/other/place' });
    const info = await newRun({ experiment_id: id });
    expect(info.artifact_uri).toBe(`mlflow-artifacts:/other/place/${info.run_id}/artifacts`);
    await put(`${home(info)}/a.txt`, 'x');
    await put('other/place/beside.txt', 'y');
    expect(readFileSync(fileOf(info, 'a.txt'), 'utf8')).toBe('x');
    expect(await rest.get('GET artifacts/list', { run_id: info.run_id })).toMatchObject({ files: [{ path: 'a.txt' }] });
    expect(await listed('other/place')).toEqual([{ path: info.run_id, is_dir: true }, { path: 'beside.txt', is_dir: false, file_size: 1 }].sort((a, b) => (a.path < b.path ? -1 : 1)));
    expect(await listed(`other/place/${info.run_id}`)).toEqual([{ path: 'artifacts', is_dir: true }]);
    expect(await listed('other')).toEqual([{ path: 'place', is_dir: true }]);
    await send('DELETE', `${ART}/other/place`);
    expect([await listed('other/place'), (await detail(info)).artifacts]).toEqual([undefined, []]);
  });

  it('in a folder of the machine is read there, and in a bucket is not ours to read', async () => {
    const folder = path.join(at.workspace, 'files of mine');
    const made = async (name: string, location: string): Promise<Info> => newRun({ experiment_id: (await rest.get<{ experiment_id: string }>('POST experiments/create', { name, artifact_location: location })).experiment_id });
    const local = await made('local', `file://${encodeURI(folder)}`);
    mkdirSync(path.join(folder, local.run_id, 'artifacts'), { recursive: true });
    writeFileSync(path.join(folder, local.run_id, 'artifacts', 'a.txt'), 'mine');
    expect(await rest.get('GET artifacts/list', { run_id: local.run_id })).toEqual({ root_uri: local.artifact_uri, files: [{ path: 'a.txt', is_dir: false, file_size: 4 }] });
    expect((await send('GET', `/get-artifact?run_id=${local.run_id}&path=a.txt`)).body.toString()).toBe('mine');
    const bucket = await made('bucket', 's3://bucket/x');
    expect((await rest.ask('GET artifacts/list', { run_id: bucket.run_id })).body).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('s3://bucket/x') as string });
  });
});

describe('what leads out', () => {
  it.each(['../x', 'a/../../x', '/etc/passwd', '//etc/passwd', '%2e%2e/x', '%2e%2e%2fx', '..%2f..%2fx', '%252e%252e%252fx', 'a/%2e%2e/%2e%2e/x', 'file:/etc/passwd', 'C:/x', 'C:%5Cx', '%2fetc%2fpasswd', 'a%00b', 'a%23b'])('%s is refused by every call', async (out) => {
    const info = await newRun();
    const refused = [400, 'INVALID_PARAMETER_VALUE'];
    for (const method of ['GET', 'PUT', 'DELETE']) {
      for (const target of [`${ART}/${out}`, `${ART}/${home(info)}/${out}`]) {
        // Behind a run's path a leading slash is only a second one.
        if (!/^(\/|C:|file:|%2f)/.test(out) || target === `${ART}/${out}`) expect(code(await send(method, target, method === 'PUT' ? 'x' : undefined)), `${method} ${target}`).toEqual(refused);
      }
    }
    for (const target of [`${ART}?path=${out}`, `/api/2.0/mlflow/artifacts/list?run_id=${info.run_id}&path=${out}`, `/get-artifact?run_id=${info.run_id}&path=${out}`, `/model-versions/get-artifact?name=a&version=1&path=${out}`]) expect(code(await send('GET', target)), target).toEqual(refused);
  });

  it('through a link is refused, and not listed', async () => {
    const info = await newRun();
    await put(`${home(info)}/a.txt`, 'x');
    writeFileSync(path.join(at.workspace, 'secret.txt'), 'secret');
    symlinkSync(at.workspace, fileOf(info, 'out'));
    expect(await listed(home(info))).toEqual([{ path: 'a.txt', is_dir: false, file_size: 1 }]);
    for (const method of ['GET', 'PUT', 'DELETE']) expect(code(await send(method, `${ART}/${home(info)}/out/secret.txt`, method === 'PUT' ? 'mine' : undefined))).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(readFileSync(path.join(at.workspace, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('is not a name with dots', async () => {
    const info = await newRun();
    await put(`${home(info)}/..hidden`, 'x');
    await put(`${home(info)}/a..b/c...txt`, 'x');
    expect(await listed(home(info))).toEqual([{ path: '..hidden', is_dir: false, file_size: 1 }, { path: 'a..b', is_dir: true }]);
  });
});

describe('an upload', () => {
  it('whose client hangs up in the middle leaves nothing', async () => {
    const info = await newRun();
    for (const headers of [{ 'Content-Length': String(8 * MB) }, {}] as Record<string, string>[]) {
      const { request, got } = open('PUT', `${ART}/${home(info)}/half.bin`, headers);
      got.catch(() => undefined);
      request.write(randomBytes(MB));
      await until('its beginning', () => uploads().length === 1);
      request.destroy();
      await until('it to be gone', () => uploads().length === 0);
    }
    expect([await listed(home(info)), existsSync(fileOf(info, 'half.bin'))]).toEqual([undefined, false]);
  });

  it('that can not be is told why, however much of it is on its way', async () => {
    const info = await newRun();
    await put(`${home(info)}/d/a`, 'x');
    for (const name of ['d', 'd/a/b', `${'x'.repeat(300)}`]) {
      const { request, got } = open('PUT', `${ART}/${home(info)}/${name}`);
      Readable.from((function* () { for (let i = 0; i < 40; i++) yield Buffer.alloc(MB); })()).pipe(request);
      expect(code(await got)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
    expect(uploads()).toEqual([]);
  });

  it('of 200 MB, and its way back, are not held in memory', async () => {
    const info = await newRun();
    const piece = randomBytes(MB);
    const { request, got } = open('PUT', `${ART}/${home(info)}/big.bin`);
    Readable.from((function* () { for (let i = 0; i < 200; i++) yield piece; })()).pipe(request);
    expect((await got).status).toBe(200);
    const { request: asked } = open('GET', `${ART}/${home(info)}/big.bin`);
    const hash = createHash('sha256');
    asked.removeAllListeners('response').end();
    const [response] = await once(asked, 'response') as [IncomingMessage];
    for await (const chunk of response as AsyncIterable<Buffer>) hash.update(chunk);
    const sum = hash.digest('hex');
    await until('its digest', async () => (await detail(info)).artifacts[0]?.digest === sum, 30_000);
    expect(statSync(fileOf(info, 'big.bin')).size).toBe(200 * MB);
    if (process.platform === 'linux') expect(peak()).toBeLessThan(PEAK);
  });

  it('that the engine was ended in is taken away by the next one', async () => {
    const info = await newRun();
    const { request, got } = open('PUT', `${ART}/${home(info)}/half.bin`);
    got.catch(() => undefined);
    request.write(randomBytes(MB));
    await until('its beginning', () => uploads().length === 1);
    process.kill(at.enginePid(), 'SIGKILL');
    await until('the connection to break', () => request.destroyed);
    client = await at.connect();
    rest = await restOf(client);
    expect([uploads(), await listed(home(info))]).toEqual([[], undefined]);
  });
});

describe('files of no run', () => {
  const model = (n: number): string => `0/models/m-${n.toString(16).padStart(32, '0')}/artifacts`;

  it('lie by their path, and the same bytes once', async () => {
    const body = randomBytes(500);
    for (const n of [1, 2]) await put(`${model(n)}/model.pkl`, body);
    await until('one file', () => statSync(store('artifacts', model(1), 'model.pkl')).ino === statSync(store('artifacts', model(2), 'model.pkl')).ino);
    expect(await listed(model(1))).toEqual([{ path: 'model.pkl', is_dir: false, file_size: 500 }]);
    await send('DELETE', `${ART}/${model(1)}`);
    expect((await send('GET', `${ART}/${model(2)}/model.pkl`)).body.equals(body)).toBe(true);
    expect((await send('GET', `${ART}/${model(1)}/model.pkl`)).status).toBe(404);
  });

  it('stay through gc, shared as they were, when the files of a purged run go', async () => {
    const info = await newRun();
    const [shared, own] = [randomBytes(700), randomBytes(800)];
    await put(`${home(info)}/shared`, shared);
    await put(`${home(info)}/own`, own);
    await put(`${model(3)}/shared`, shared);
    await until('their objects', () => existsSync(kept(own)) && statSync(kept(shared)).ino === statSync(store('artifacts', model(3), 'shared')).ino);
    await rest.get('POST runs/update', { run_id: info.run_id, status: 'FINISHED' });
    await rest.get('POST runs/delete', { run_id: info.run_id });
    const told = await client.request('gc.run', { dryRun: true });
    expect(await client.request('gc.run', { dryRun: false })).toEqual({ ...told, dryRun: false });
    expect([existsSync(store('runs', info.run_id)), existsSync(kept(own)), existsSync(kept(shared))]).toEqual([false, false, true]);
    expect((await send('GET', `${ART}/${model(3)}/shared`)).body.equals(shared)).toBe(true);
    await send('DELETE', `${ART}/${model(3)}`);
    await client.request('gc.run', { dryRun: false });
    expect(existsSync(kept(shared))).toBe(false);
  });

  it('of a logged model are found by its id', async () => {
    const { model: made } = await rest.get<{ model: { info: { model_id: string; artifact_uri: string } } }>('POST logged-models', { experiment_id: '0', name: 'forest' });
    const { model_id: id, artifact_uri: uri } = made.info;
    await put(`${uri.replace('mlflow-artifacts:/', '')}/sub/MLmodel`, 'flavors');
    expect(await rest.get(`GET logged-models/${id}/artifacts/directories`)).toEqual({ root_uri: uri, files: [{ path: 'sub', is_dir: true }] });
    expect(await rest.get(`GET logged-models/${id}/artifacts/directories`, { artifact_directory_path: 'sub' })).toMatchObject({ files: [{ path: 'sub/MLmodel', file_size: 7 }] });
    expect((await send('GET', `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files?artifact_file_path=sub/MLmodel`)).body.toString()).toBe('flavors');
    expect(code(await send('GET', `/ajax-api/2.0/mlflow/logged-models/${id}/artifacts/files`))).toEqual([400, 'BAD_REQUEST']);
    expect(code(await send('GET', `/ajax-api/2.0/mlflow/logged-models/m-${'0'.repeat(32)}/artifacts/files?artifact_file_path=a`))).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
  });
});

describe('ways around this server', () => {
  it('are declined as MLflow declines them for files on its own disk', async () => {
    const info = await newRun();
    const said = async (on: string, fields: Record<string, unknown>): Promise<[number, unknown, unknown]> => {
      const { status, body } = await rest.ask(on, fields);
      return [status, body['error_code'], String(body['message']).split(' is not supported')[0]];
    };
    const S = '/api/2.0/mlflow-artifacts';
    expect(await said(`POST ${S}/mpu/create/${home(info)}`, { path: 'x', num_parts: 2 })).toEqual([501, 'NOT_IMPLEMENTED', 'Multipart upload']);
    expect(await said(`POST ${S}/mpu/complete/${home(info)}`, { path: 'x', upload_id: 'u', parts: [] })).toEqual([501, 'NOT_IMPLEMENTED', 'Multipart upload']);
    expect(await said(`POST ${S}/mpu/abort/${home(info)}`, { path: 'x', upload_id: 'u' })).toEqual([501, 'NOT_IMPLEMENTED', 'Multipart upload']);
    expect((await said(`POST ${S}/mpu/create/${home(info)}`, {})).slice(0, 2)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(await said(`GET ${S}/presigned/${home(info)}/a`, {})).toEqual([501, 'NOT_IMPLEMENTED', 'Multipart download']);
    expect(await said('POST artifacts/presigned-upload-url', { run_id: info.run_id, path: 'x' })).toEqual([400, 'INVALID_PARAMETER_VALUE', 'Presigned upload']);
    expect(await said('POST artifacts/presigned-download-url', { run_id: info.run_id, path: 'x' })).toEqual([400, 'INVALID_PARAMETER_VALUE', 'Presigned download']);
    expect((await said('POST artifacts/presigned-download-url', { run_id: info.run_id, path: 'x', expiration: 0 })).slice(0, 2)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect((await said('POST artifacts/presigned-upload-url', { path: 'x' })).slice(0, 2)).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });
});
