/**
 * Drift beside Evidently: npm run bench -- drift [--small] [--cap SECONDS] [--multivariate]. Both read the same two Parquet files of 30 columns (24 of numbers, 6 of categories) in
 * processes of their own, from files to a report; prints a line each with its ratio, then one JSON document. Python is RUNYARD_BENCH_PYTHON, else the sample's environment: it needs
 * evidently 0.7, pandas and pyarrow. Where it doesn't end within the cap (600 s), the ratio is 'at least'.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from '../src/core/evaluation/data/duckdb';
import { setThreadScript } from '../src/core/evaluation/process/thread-script';
import { driftReport } from '../src/core/monitoring/jobs/drift-report';
import { requestOf } from '../src/core/monitoring/drift/handlers';

const { values: options } = parseArgs({ options: { small: { type: 'boolean', default: false }, cap: { type: 'string', default: '600' }, multivariate: { type: 'boolean', default: false }, rows: { type: 'string' }, ours: { type: 'boolean', default: false }, child: { type: 'string' } }, allowPositionals: true });
const root = path.resolve(__dirname, '..');
const own = path.join(root, '.cache', 'venv', 'bin', 'python');
const python = process.env['RUNYARD_BENCH_PYTHON'] ?? (existsSync(own) ? own : 'python3');
const short = (value: number): number => Number(value.toPrecision(3));

const NUMBERS = 24;
const GROUPS = 6;
/** Every sixth column moves: its mean by half of its deviation, or its categories. */
async function write(file: string, rows: number, current: boolean): Promise<void> {
  const side = current ? 1 : 0;
  const unit = (column: number, part: number): string => `((hash(range * 1000 + ${column * 10 + part * 2 + side}) % 1000000007 + 0.5) / 1000000007.0)`;
  const normal = (column: number): string => `sqrt(-2 * ln(${unit(column, 0)})) * cos(2 * pi() * ${unit(column, 1)})`;
  const numbers = Array.from({ length: NUMBERS }, (_, at) => {
    const value = `${normal(at)} + ${current && at % 6 === 0 ? 0.5 : 0}`;
    const shaped = at % 4 === 0 ? value : at % 4 === 1 ? `exp(${value})` : at % 4 === 2 ? `CAST(round(20 * (${value})) AS BIGINT)` : `CASE WHEN ${unit(at, 2)} < 0.05 THEN NULL ELSE ${value} END`;
    return `${shaped} AS n${at}`;
  });
  const groups = Array.from({ length: GROUPS }, (_, at) => `'g' || CAST(floor(pow(${unit(100 + at, 0)}, ${current && at === 2 ? 1.3 : 2}) * ${[2, 5, 12, 50, 200, 1000][at]}) AS INT) AS g${at}`);
  const database = await createDatabase();
  try {
    await database.use((session) => session.run(`COPY (SELECT ${[...numbers, ...groups].join(', ')} FROM range(${rows})) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`));
  } finally {
    database.close();
  }
}

/** In a process of its own, as the evaluator is: what it takes and how much memory at most. */
async function child(folder: string): Promise<void> {
  setThreadScript(path.join(__dirname, 'thread.js'));
  const start = performance.now();
  const doc = await driftReport({
    workspace: folder, temp: folder, python: null, created: 0, request: requestOf({ reference: { files: ['reference.parquet'] }, current: { files: ['current.parquet'] }, multivariate: options.multivariate }),
  }, { signal: new AbortController().signal, progress: () => undefined });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, mb: Math.round(process.resourceUsage().maxRSS / 1024), bytes: JSON.stringify(doc).length, drifted: doc.drifted, multivariate: doc.multivariate?.map(({ measure, value, outcome }) => `${measure} ${value} ${outcome}`) }));
}

interface Answer { seconds: number; mb: number; bytes: number; drifted: unknown; [more: string]: unknown }

function main(folder: string, rows: number): Promise<void> {
  const ours = spawnSync(process.execPath, [process.argv[1] ?? '', '--child', folder, ...(options.multivariate ? ['--multivariate'] : [])], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ours.status !== 0) throw new Error(ours.stderr);
  const found = JSON.parse(ours.stdout) as Answer;
  console.log(`drift of ${rows} rows x ${NUMBERS + GROUPS} columns on both sides: ${short(found.seconds)} s, ${found.mb} MB at most, a report of ${Math.round(found.bytes / 1000)} KB; drifted: ${String(found.drifted)}`);
  const cap = Number(options.cap);
  const theirs = options.ours ? null : spawnSync(python, [path.join(root, 'bench', 'peers', 'drift.py'), folder], { encoding: 'utf8', maxBuffer: 1 << 26, timeout: cap * 1000, killSignal: 'SIGKILL' });
  const peer = theirs?.status === 0 ? (JSON.parse(theirs.stdout.trim().split('\n').at(-1) ?? '{}') as Answer) : null;
  const timedOut = theirs !== null && theirs.error !== undefined && 'code' in theirs.error && theirs.error.code === 'ETIMEDOUT';
  const seconds = peer?.seconds ?? (timedOut ? cap : null);
  if (theirs && seconds === null) console.error(`  Python could not: ${theirs.stderr.trim().split('\n').at(-1) ?? String(theirs.error)}`);
  if (seconds !== null) console.log(`Evidently: ${timedOut ? `not done in ${cap} s, at least ` : `${short(seconds)} s, ${peer?.mb ?? 0} MB, a report of ${Math.round((peer?.bytes ?? 0) / 1000)} KB, `}${short(seconds / found.seconds)} x`);
  console.log(JSON.stringify({
    machine: cpus()[0]?.model, cores: cpus().length, node: process.version, date: new Date().toISOString().slice(0, 10), rows, fileMb: Math.round(statSync(path.join(folder, 'reference.parquet')).size / 1e6),
    ours: found, evidently: peer ?? (timedOut ? { notDoneIn: cap } : null), ratio: seconds === null ? null : { [timedOut ? 'atLeast' : 'is']: short(seconds / found.seconds) },
  }, null, 1));
  return Promise.resolve();
}

async function bench(): Promise<void> {
  const rows = options.rows === undefined ? (options.small ? 100_000 : 1_000_000) : Number(options.rows);
  const folder = mkdtempSync(path.join(tmpdir(), 'runyard-bench-'));
  try {
    for (const [name, current] of [['reference', false], ['current', true]] as const) await write(path.join(folder, `${name}.parquet`), rows, current);
    await main(folder, rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

(options.child === undefined ? bench() : child(options.child)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
