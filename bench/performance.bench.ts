/**
 * Performance without labels beside NannyML: npm run bench -- performance [--small]. Both sides read the same Parquet files in one run: a reference with labels, a log of a million rows in
 * thirty windows. Prints a line each with its ratio, then one JSON document. Python is RUNYARD_BENCH_PYTHON with nannyml, else the sample's environment; what it lacks is named and left out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LogPlace } from '../src/core/domain/log-place';
import { createDatabase } from '../src/core/evaluation/data/duckdb';
import { performance as job } from '../src/core/monitoring/jobs/performance';
import type { PerformanceDoc } from '../src/protocol/performance';

const { values: options } = parseArgs({ options: { small: { type: 'boolean', default: false } }, allowPositionals: true });
const scale = options.small ? 10 : 1;
const root = path.resolve(__dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'runyard-bench-'));
const own = path.join(root, '.cache', 'venv', 'bin', 'python');
const python = process.env['RUNYARD_BENCH_PYTHON'] ?? (existsSync(own) ? own : 'python3');
const WINDOWS = 30;
const DAY = 86_400_000;
const start = Date.parse('2026-10-01T00:00:00Z');
const short = (value: number): number => Number(value.toPrecision(3));
const report: Record<string, unknown> = {};

interface Peer { seconds: number; mb: number; estimates: Record<string, number[]> }
function peer(what: string, chunk: number): Peer | null {
  const said = spawnSync(python, [path.join(root, 'bench', 'peers', 'performance.py'), what, folder, String(chunk)], { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 900_000, env: { ...process.env, NML_DISABLE_USAGE_LOGGING: '1' } });
  if (said.status === 0) return JSON.parse(said.stdout.trim().split('\n').at(-1) ?? '') as Peer;
  console.error(`  Python could not: ${said.stderr.trim().split('\n').at(-1) ?? String(said.error)}`);
  return null;
}

/** The model's chance is off a little, and more so in the north, of which there is more and more. */
async function write(rows: number, reference: number): Promise<void> {
  const of = (seed: number, n: number, north: string): string => `SELECT *, CASE WHEN p >= 0.5 THEN 1 ELSE 0 END AS said, (luck < p * p * 0.4 + p * 0.6)::INT AS truth, 100 + 9 * x1 AS amount, 100 + 9 * x1 + (luck - 0.5) * (2 + x1) * CASE WHEN region = 'north' THEN 9 ELSE 2 END AS price
    FROM (SELECT range AS n, hash(range, ${seed}) % 100000 / 100000.0 AS p, hash(range, ${seed}, 5) % 100000 / 100000.0 AS luck, hash(range, ${seed}, 6) % 7 AS x1, hash(range, ${seed}, 7) % 1000 / 10.0 AS x2, CASE WHEN hash(range, ${seed}, 8) % 100 < ${north} THEN 'north' ELSE 'south' END AS region FROM range(${n}))`;
  const database = await createDatabase();
  await database.use(async (session) => {
    await session.run(`COPY (SELECT * EXCLUDE (luck) FROM (${of(1, reference, '20')})) TO '${path.join(folder, 'reference.parquet')}' (FORMAT parquet)`);
    await session.run(`COPY (SELECT * EXCLUDE (luck), make_timestamp(${start * 1000} + CAST(n * ${WINDOWS * DAY} / ${rows} AS BIGINT) * 1000) AS at FROM (${of(2, rows, `20 + 60 * range / ${rows}`)}) ORDER BY n) TO '${path.join(folder, 'log.parquet')}' (FORMAT parquet)`);
  });
  database.close();
}

async function ask(what: 'cbpe' | 'dle', metrics: string[]): Promise<{ seconds: number; doc: PerformanceDoc }> {
  const log: LogPlace = {
    kind: 'files', data: { files: ['log.parquet'], types: {} }, labels: null, model: null,
    columns: { time: 'at', keys: ['n'], row: null, version: null, role: null, latency: null, rules: null, prediction: what === 'cbpe' ? 'said' : 'amount', probabilities: what === 'cbpe' ? 'p' : null, label: null },
  };
  const windows = Array.from({ length: WINDOWS }, (_, at) => ({ from: start + at * DAY, to: start + (at + 1) * DAY }));
  const began = performance.now();
  const doc = await job({ workspace: folder, temp: folder, python: null, log, windows, reference: { data: { files: ['reference.parquet'], types: {} }, label: what === 'cbpe' ? 'truth' : 'price' }, metrics, slices: [], seed: 0, task: what === 'cbpe' ? 'binary' : 'regression' }, { signal: new AbortController().signal, progress: () => undefined });
  return { seconds: (performance.now() - began) / 1000, doc };
}

async function compare(what: 'cbpe' | 'dle', metrics: string[], rows: number): Promise<void> {
  const { seconds, doc } = await ask(what, metrics);
  const mb = Math.round(process.resourceUsage().maxRSS / 1024);
  const theirs = peer(what, Math.ceil(rows / WINDOWS));
  // How far apart the estimates are at most, as a share of theirs.
  const apart = theirs && Math.max(...metrics.flatMap((name) => doc.windows.map(({ figures }, at) => Math.abs((figures[name]?.estimated ?? NaN) / (theirs.estimates[name]?.[at] ?? NaN) - 1))));
  report[what] = { rows, reference: doc.referenceRows, windows: WINDOWS, seconds: short(seconds), mb, nannyml: theirs && { seconds: short(theirs.seconds), mb: theirs.mb, ratio: short(theirs.seconds / seconds), apart: apart === null ? null : short(apart) } };
  console.log(`${what}: ${rows} rows, ${short(seconds)} s, ${mb} MB; NannyML ${theirs ? `${short(theirs.seconds)} s, ${theirs.mb} MB, ${short(theirs.seconds / seconds)} x; at most ${short(100 * (apart ?? NaN))} % apart` : 'not measured'}`);
}

async function main(): Promise<void> {
  const rows = 1_000_000 / scale;
  await write(rows, 200_000 / scale);
  await compare('cbpe', ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'roc_auc', 'average_precision'], rows);
  await compare('dle', ['mae', 'rmse'], rows);
  console.log(JSON.stringify({ machine: { cpu: cpus()[0]?.model, cores: cpus().length }, node: process.version, ...report }));
}

main().finally(() => rmSync(folder, { recursive: true, force: true })).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
