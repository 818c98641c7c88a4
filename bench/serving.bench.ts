/**
 * The scoring server under an open-loop load of 500 requests a second of one row, from a process of its own, beside `mlflow models serve` on the same columns in the same run:
 * npm run bench -- serving [--seconds N] [--rate N] [--peer no]. Prints a line each, then one JSON document. Targets: p99 at most 10 ms; over 20 promotions and rollbacks under that
 * load no answer lost or wrong; as many rows in the log as were answered; after kill -9 every answer in the log, once.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createDatabase } from '../src/core/evaluation/data/duckdb';
import { servingFolder } from '../src/core/monitoring/log/place';
import { preparePointer, swapPointer } from '../src/core/registry/live/pointer';
import { linearModel } from '../test/support/onnx-linear';

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '30' }, rate: { type: 'string', default: '500' }, peer: { type: 'string', default: 'yes' } }, allowPositionals: true });
const [rate, seconds] = [Number(options.rate), Number(options.seconds)];
const root = process.cwd();
const here = path.dirname(process.argv[1] ?? '');
const fixtures = path.join(root, 'test', 'fixtures', 'reference', 'p1_binary_breast_cancer');
const workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-bench-')));
const report: Record<string, unknown> = {};
const children = new Set<ChildProcess>();
function line(name: string, facts: Record<string, unknown>): void {
  report[name] = facts;
  console.log(`${name}: ${JSON.stringify(facts)}`);
}

async function promote(model: string, version: number, from: string): Promise<void> {
  const file = { digest: createHash('sha256').update(readFileSync(from)).digest('hex'), size: statSync(from).size };
  const pointer = { root: path.join(workspace, '.runyard', 'models'), model, environment: 'production' };
  const manifest = { format: 1 as const, model, environment: 'production', version, files: { 'model.onnx': file }, at: Date.now(), by: { name: 'bench', email: 'b@b' }, reason: '', entry: `${version}-${Date.now()}` };
  await swapPointer(await preparePointer(pointer, manifest, [{ path: 'model.onnx', from }]));
}

interface Server { address: string; process: ChildProcess; said(): string; ended: Promise<void> }
async function serve(model: string): Promise<Server> {
  const child = spawn(process.execPath, [path.join(here, 'serving.js'), '--workspace', workspace, '--model', `${model}@production`, '--version', '0.0.0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let said = '';
  child.stderr.on('data', (text) => { said += String(text); });
  const first = JSON.parse(await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))) as { address?: string; error?: { message: string } };
  if (first.address === undefined) throw new Error(first.error?.message);
  return { address: first.address, process: child, said: () => said, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}

interface Load { answered: number; wrong: number; refused: number; failed: number; p50: number; p95: number; p99: number; p999: number; max: number; versions: Record<string, number>; firstErrors: string[]; ids: string[]; seconds: number; sent: number }
interface Body { text: string; base: number }
function load(address: string, how: { rate: number; seconds: number; bodies: readonly Body[]; check?: boolean; ids?: boolean }): Promise<Load> {
  const child = spawn(process.execPath, [path.join(root, 'bench', 'peers', 'serving-load.mjs'), '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ address, ...how }));
  let text = '';
  child.stdout.on('data', (part) => { text += String(part); });
  return new Promise((resolve, reject) => child.once('exit', () => { try { resolve(JSON.parse(text) as Load); } catch (error) { reject(error instanceof Error ? error : new Error(String(error))); } }));
}

const shown = ({ versions: _versions, ids: _ids, ...rest }: Load): Record<string, unknown> => rest;

async function inLog(model: string, select: string, from = ''): Promise<Record<string, unknown>> {
  const database = await createDatabase();
  try {
    return await database.use(async (session) => (await session.rows(`SELECT ${select} FROM read_parquet('${servingFolder(workspace, `${model}@production`)}/date=*/*.parquet', union_by_name = true, hive_partitioning = false) ${from}`))[0] ?? {});
  } finally {
    database.close();
  }
}

const CASE = JSON.parse(readFileSync(path.join(fixtures, 'case.json'), 'utf8')) as { features: string[]; label: string };
const [head = '', ...lines] = readFileSync(path.join(fixtures, 'current.csv'), 'utf8').trim().split('\n');
const names = head.split(',');
const places = CASE.features.map((name) => names.indexOf(name));
const cancer: Body[] = lines.slice(0, 100).map((one) => { const cells = one.split(','); return { base: 0, text: JSON.stringify({ dataframe_split: { columns: CASE.features, data: [places.map((at) => (cells[at] === '' ? 0 : Number(cells[at])))] } }) }; });
const sums: Body[] = Array.from({ length: 100 }, (_, i) => ({ base: i + 7, text: JSON.stringify({ inputs: [[i, 7]] }) }));

async function main(): Promise<void> {
  mkdirSync(path.join(workspace, '.runyard'));
  report['machine'] = { cores: cpus().length, model: cpus()[0]?.model ?? '', load: loadavg().map((one) => Number(one.toFixed(1))) };
  await promote('cancer', 1, path.join(fixtures, 'model.onnx'));
  const server = await serve('cancer');
  const warm = await load(server.address, { rate, seconds: 3, bodies: cancer });
  const steady = await load(server.address, { rate, seconds, bodies: cancer });
  server.process.kill('SIGTERM');
  await server.ended;
  const { n } = await inLog('cancer', 'count(*) AS n');
  line(`${rate} requests/s of one row`, { ...shown(steady), load: loadavg()[0], answeredInAll: warm.answered + steady.answered, rowsInLog: Number(n) });
  await moves();
  await kill();
  if (options.peer !== 'no') await peer();
  console.log(JSON.stringify(report, null, 1));
}

async function moves(): Promise<void> {
  const versions = [1, 2, 3, 4];
  for (const version of versions) writeFileSync(path.join(workspace, `sum-${version}.onnx`), linearModel([1, 1], version * 1000));
  await promote('sum', 1, path.join(workspace, 'sum-1.onnx'));
  const server = await serve('sum');
  let over = false;
  const loading = load(server.address, { rate, seconds: 24, bodies: sums, check: true }).finally(() => { over = true; });
  let moved = 0;
  for (; moved < 20 && !over; moved++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const version = versions[(moved + 1) % versions.length] ?? 1;
    await promote('sum', version, path.join(workspace, `sum-${version}.onnx`));
  }
  const found = await loading;
  server.process.kill('SIGTERM');
  await server.ended;
  const facts = await inLog('sum', 'count(*) AS n, count(DISTINCT ry_request) AS ids, sum(CASE WHEN ry_prediction = x_0 + x_1 + ry_version * 1000 THEN 1 ELSE 0 END) AS own');
  line('20 promotions and rollbacks under that load', { ...shown(found), moves: moved, switches: server.said().split('\n').filter((one) => one.includes(', after version')).length, versions: found.versions, rowsInLog: Number(facts['n']), ids: Number(facts['ids']), ownPrediction: Number(facts['own']) });
}

async function kill(): Promise<void> {
  await promote('killed', 1, path.join(workspace, 'sum-1.onnx'));
  const server = await serve('killed');
  const loading = load(server.address, { rate, seconds: 5, bodies: sums, check: true, ids: true });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  server.process.kill('SIGKILL');
  const found = await loading;
  const again = await serve('killed');
  again.process.kill('SIGTERM');
  await again.ended;
  writeFileSync(path.join(workspace, 'ids.json'), JSON.stringify(found.ids.map((id) => ({ id }))));
  const facts = await inLog('killed', 'count(*) AS n, count(DISTINCT ry_request) AS ids');
  const lost = await inLog('killed', `count(*) AS n FROM read_json('${path.join(workspace, 'ids.json')}') WHERE id NOT IN (SELECT ry_request`, ')');
  line('kill -9 under that load', { answered: found.answered, wrong: found.wrong, rowsInLog: Number(facts['n']), twice: Number(facts['n']) - Number(facts['ids']), answeredAndNotInLog: Number(lost['n']), journalsLeft: readdirSync(path.join(servingFolder(workspace, 'killed@production'), 'open')).length });
}

/** `mlflow models serve`, where the environment of the contract tests is there. */
async function peer(): Promise<void> {
  const bin = path.join(root, '.cache', 'mlflow-venv', 'bin');
  if (!existsSync(path.join(bin, 'mlflow'))) return line('mlflow models serve', { left: 'MLflow is not installed here: npm test -- contract makes its environment' });
  const folder = path.join(workspace, 'mlflow-model');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, MLFLOW_TRACKING_URI: `sqlite:///${path.join(workspace, 'mlflow.db')}`, GIT_PYTHON_REFRESH: 'quiet' };
  execFileSync(path.join(bin, 'python'), [path.join(root, 'bench', 'peers', 'serving.py'), path.join(fixtures, 'reference.csv'), CASE.label, folder, ...CASE.features], { env, stdio: ['ignore', 'ignore', 'inherit'], cwd: workspace });
  const port = 20_000 + (process.pid % 20_000);
  const child = spawn(path.join(bin, 'mlflow'), ['models', 'serve', '-m', folder, '--env-manager', 'local', '-p', String(port), '-w', '2'], { env, stdio: 'ignore', cwd: workspace, detached: true });
  const address = `http://127.0.0.1:${port}`;
  try {
    const end = Date.now() + 120_000;
    while (Date.now() < end && !await fetch(`${address}/ping`).then((one) => one.ok, () => false)) await new Promise((resolve) => setTimeout(resolve, 300));
    await load(address, { rate: 20, seconds: 3, bodies: cancer });
    line('mlflow models serve, 2 workers, 50 requests/s', shown(await load(address, { rate: 50, seconds: 10, bodies: cancer })));
    line(`mlflow models serve, 2 workers, ${rate} requests/s`, shown(await load(address, { rate, seconds: Math.min(seconds, 10), bodies: cancer })));
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
}).finally(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
});
