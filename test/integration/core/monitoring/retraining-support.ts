/** A workspace with a log whose concept changed, a live model of old, and a script that fits a new one to RUNYARD_DATA. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineClient } from '../../../../src/engine/client/client';
import type { RetrainingRun } from '../../../../src/protocol/monitoring';
import { linearModel } from '../../../support/onnx-linear';
import { until } from '../../../support/until';

const root = path.resolve(import.meta.dirname, '../../../..');
const HOUR = 3_600_000;
export const ROWS = 480;

/** y = 2a - b of old, a + b now; the script waits for the file `go` where the file `wait` is there. */
export function prepare(workspace: string, yaml: string): void {
  mkdirSync(path.join(workspace, 'data'));
  const file = (name: string, text: string | Uint8Array): void => writeFileSync(path.join(workspace, name), text);
  const now = Date.now();
  const point = (i: number): [number, number] => [(i * 37) % 11 - 5, (i * 53) % 13 - 6];
  const log = Array.from({ length: ROWS }, (_, i) => {
    const [a, b] = point(i);
    return `${new Date(now - (ROWS - i) * HOUR).toISOString()},r${i},${a},${b},${a + b + ((i * 7) % 5 - 2) / 100},${2 * a - b}`;
  });
  file('data/log.csv', `t,id,a,b,y,said\n${log.join('\n')}\n`);
  const old = Array.from({ length: 200 }, (_, i) => {
    const [a, b] = point(i * 3 + 1);
    return `${a},${b},${2 * a - b + ((i * 7) % 5 - 2) / 100}`;
  });
  file('data/old.csv', `a,b,y\n${old.join('\n')}\n`);
  file('v1.onnx', linearModel([2, -1]));
  file('train.mjs', `import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { linearModel } from ${JSON.stringify(pathToFileURL(path.join(root, 'test/support/onnx-linear.ts')).href)};
const { DuckDBInstance } = createRequire(${JSON.stringify(path.join(root, 'package.json'))})('@duckdb/node-api');
const { RUNYARD_DATA, RUNYARD_DATA_FROM, RUNYARD_DATA_TO, RUNYARD_RUN_DIR } = process.env;
while (existsSync('wait') && !existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
const connection = await (await DuckDBInstance.create()).connect();
const rows = (await connection.runAndReadAll(\`SELECT a, b, y FROM '\${RUNYARD_DATA}'\`)).getRows().map((row) => row.map(Number));
console.log(JSON.stringify({ rows: rows.length, from: RUNYARD_DATA_FROM, to: RUNYARD_DATA_TO, told: Object.keys(process.env).filter((name) => name.startsWith('RUNYARD_') && name.includes('HOLD')) }));
if (process.argv[2] === 'fail') process.exit(3);
let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
for (const [a, b, y] of rows) { aa += a * a; ab += a * b; bb += b * b; ay += a * y; by += b * y; }
const d = aa * bb - ab * ab;
if (process.argv[2] === 'nothing') process.exit(0);
mkdirSync(RUNYARD_RUN_DIR + '/artifacts/out', { recursive: true });
writeFileSync(RUNYARD_RUN_DIR + '/artifacts/out/model.onnx', linearModel([(ay * bb - by * ab) / d, (by * aa - ay * ab) / d]));
`);
  file('runyard.yaml', yaml);
}

const run = (...args: string[]): string => JSON.stringify([process.execPath, 'train.mjs', ...args]);
export const yamlOf = (retraining: string): string => `version: 1
experiments:
  fit: {command: ${run()}}
  fails: {command: ${run('fail')}}
  nothing: {command: ${run('nothing')}}
evaluations:
  old: {data: data/old.csv, label: y}
registry: {environments: [production], edges: [{to: production, gates: []}]}
monitors:
  daily: {model: score@production, log: {data: data/log.csv, time: t, id: id, prediction: said, label: y}, checks: [{check: rows, min: 100000}]}
retraining:
${retraining}`;

/** The model of old, live in production. */
export async function goLive(client: EngineClient): Promise<void> {
  await client.request('registry.register', { model: 'score', file: 'v1.onnx' });
  await client.request('registry.promote', { model: 'score', version: 1, to: 'production', job: 'first' });
}

export async function latest(client: EngineClient, name: string): Promise<RetrainingRun | null> {
  const { retrainings } = await client.request('retraining.list');
  return retrainings.find((one) => one.name === name)?.last ?? null;
}
export const ended = (client: EngineClient, name: string): Promise<RetrainingRun> => until(`the retraining ${name} to end`, async () => {
  const last = await latest(client, name);
  return last?.ended == null ? null : last;
}, 30_000);
