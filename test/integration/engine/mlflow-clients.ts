/** Clients of MLflow's as plain HTTP: in this process, and as processes of their own that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import http from 'node:http';
import path from 'node:path';
import { existsSync, writeFileSync } from 'node:fs';
import type { EngineClient } from '../../../src/engine/client/client';
import { until } from '../../support/until';
import type { Lab } from './support';

export interface Address { uri: string; token: string }
export interface Answer { status: number; headers: http.IncomingHttpHeaders; text: string; json: Record<string, unknown> }
export interface Ask { method?: string; path: string; body?: unknown; headers?: Record<string, string>; raw?: Buffer | string; agent?: http.Agent }

export const addressOf = async (client: EngineClient): Promise<Address> => client.request('mlflow.serve', { token: true });

/** One request over a connection of its own, or the agent's. `body` goes as JSON, `raw` as it is. */
export function ask({ uri, token }: Address, { method, path: where, body, headers = {}, raw, agent }: Ask): Promise<Answer> {
  const { hostname, port } = new URL(uri);
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: hostname, port, path: where, agent: agent ?? false, method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...(sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }), ...headers },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json: Record<string, unknown> = {};
        try {
          json = JSON.parse(text) as Record<string, unknown>;
        } catch {
          json = {}; // not every answer is JSON: the test looks at the text then
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(sent);
  });
}

export const B = '/api/2.0/mlflow';

/** A new run's id. */
export async function newRun(address: Address, fields: Record<string, unknown> = {}, agent?: http.Agent): Promise<string> {
  const { status, json, text } = await ask(address, { path: `${B}/runs/create`, body: { experiment_id: '0', ...fields }, ...(agent && { agent }) });
  if (status !== 200) throw new Error(text);
  return (json as { run: { info: { run_id: string } } }).run.info.run_id;
}

/** A point's history as the server tells it. */
export async function historyOf(address: Address, run: string, key: string): Promise<{ step: number; value: number }[]> {
  const { json } = await ask(address, { path: `${B}/metrics/get-history?run_id=${run}&metric_key=${key}` });
  return (json as { metrics: { step: number; value: number }[] }).metrics;
}

/**
 * A client's program: makes a run (or takes `RUN`), says its id, logs points `1, 2, ...` of `loss` with retries as MLflow's client has them,
 * each said on its standard output once it was acknowledged. MODE `silent` logs nothing after the first; `closing` keeps no connection;
 * `once` ends after its first call.
 */
const CLIENT = `
const http = require('node:http');
const { URI, TOKEN, MODE = '', RUN = '', POINTS = '1000000', EVERY = '10', KEY = 'loss' } = process.env;
const agent = new http.Agent({ keepAlive: MODE !== 'closing', maxSockets: 1 });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const send = (path, body) => new Promise((done, fail) => {
  const text = JSON.stringify(body);
  const request = http.request(URI + '/api/2.0/mlflow/' + path, { agent, method: 'POST', headers: { authorization: 'Bearer ' + TOKEN, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }, (response) => {
    let said = '';
    response.on('data', (chunk) => { said += chunk; });
    response.on('error', fail);
    response.on('end', () => response.statusCode === 200 ? done(JSON.parse(said)) : fail(Object.assign(new Error(response.statusCode + ' ' + said), { final: response.statusCode < 500 })));
  });
  request.on('error', fail);
  request.end(text);
});
async function call(path, body) {
  for (let tries = 0; ; tries++) {
    try { return await send(path, body); } catch (error) { if (error.final || tries > 100) throw error; await pause(100); }
  }
}
(async () => {
  const run = RUN || (await call('runs/create', { experiment_id: '0', tags: [{ key: 'mlflow.source.name', value: 'train.py' }] })).run.info.run_id;
  console.log('run ' + run);
  if (MODE === 'once') process.exit(0);
  for (let step = 1; step <= Number(POINTS); step++) {
    await call('runs/log-metric', { run_id: run, key: KEY, value: step, step, timestamp: 1700000000000 + step });
    console.log('point ' + step);
    if (MODE === 'silent') await pause(1e8);
    await pause(Number(EVERY));
  }
  if (MODE === 'open') await pause(1e8);
  agent.destroy();
  console.log('done');
})().catch((error) => { console.error(error); process.exit(1); });
`;

export interface Client { child: ChildProcess; run(): Promise<string>; points(): number; kill(): void; done(): Promise<void>; errors(): string }

/** Starts such a program in the lab's workspace, where it is ended with the lab. */
export function startClient(here: Lab, { uri, token }: Address, env: Record<string, string> = {}): Client {
  const file = path.join(here.workspace, 'client.cjs');
  // Once: another client may just be reading it.
  if (!existsSync(file)) writeFileSync(file, CLIENT);
  const child = spawn(process.execPath, [file], { cwd: here.workspace, env: { ...process.env, URI: uri, TOKEN: token, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { texts.out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { texts.err += text; });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    run: () => until('the client to have a run', () => /^run (\w+)$/m.exec(texts.out)?.[1] ?? (texts.err !== '' && Promise.reject(new Error(texts.err)))),
    points: () => Number(/.*^point (\d+)$/ms.exec(texts.out)?.[1] ?? 0),
    kill: () => void child.kill('SIGKILL'),
    async done() {
      await ended;
      if (!/^done$/m.test(texts.out)) throw new Error(`the client ended early: ${texts.err}`);
    },
    errors: () => texts.err,
  };
}
