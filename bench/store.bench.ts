/**
 * The store's speed against its targets: npm run bench -- store. Prints one JSON document; times in milliseconds.
 * Rates are compared with a bare better-sqlite3 loop in the same run, so that the machine's own speed cancels out.
 * Options: --points N (spool and curve), --runs N (search), --only spool|curve|search.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import { silentLog } from '../src/core/base/log';
import { openStore } from '../src/core/store/open';
import type { SearchQuery, Store } from '../src/core/store/store';
import { parseLines } from '../src/core/tracking/lines';
import { runSpec, type RunSpec, type SpoolEvent } from '../src/protocol/spool';

const { values: options } = parseArgs({ options: { points: { type: 'string', default: '10000000' }, runs: { type: 'string', default: '100000' }, only: { type: 'string' } }, allowPositionals: true });
const wanted = (name: string): boolean => options.only === undefined || options.only === name;

const id = (n: number): string => n.toString(16).padStart(32, '0');
const spec = (n: number, rest: Partial<RunSpec> = {}): RunSpec =>
  runSpec.parse({ format: 1, runId: id(n), experiment: `e${n % 10}`, name: `run-${n}`, created: 1.7e9 + n, argv: ['python', 'train.py', '--lr', '0.1'], script: 'train.py', ...rest });
/** Numbers that look random and are the same each time. */
const noise = (n: number): number => { const x = Math.sin(n * 12.9898) * 43758.5453; return x - Math.floor(x); };

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}
/** Median and worst of several calls, in milliseconds. */
function timed(times: number, work: (i: number) => void): { median: number; worst: number } {
  const all = Array.from({ length: times }, (_, i) => seconds(() => work(i)) * 1000).sort((a, b) => a - b);
  return { median: round(all[Math.floor(times / 2)] ?? 0), worst: round(all.at(-1) ?? 0) };
}
const round = (value: number): number => Number(value.toPrecision(3));

function withStore<T>(work: (store: Store, file: string) => T): T {
  const dir = mkdtempSync(path.join(tmpdir(), 'runyard-bench-'));
  const store = openStore({ dir, log: silentLog, clock: () => Date.now() / 1000 });
  try { return work(store, path.join(dir, 'runyard.db')); } finally { store.dispose(); rmSync(dir, { recursive: true, force: true }); }
}

/** The same rows into the same table, a prepared statement and transactions of 10,000: rows a second. */
function bareRate(rows: number): number {
  const dir = mkdtempSync(path.join(tmpdir(), 'runyard-bench-'));
  const db = new BetterSqlite3(path.join(dir, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE points (curve INTEGER NOT NULL, step INTEGER NOT NULL, t INTEGER NOT NULL, value ANY NOT NULL, PRIMARY KEY (curve, step, t, value)) STRICT, WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO points VALUES (?, ?, ?, ?)');
  const taken = seconds(() => {
    for (let from = 0; from < rows; from += 10_000) {
      db.transaction(() => { for (let i = from; i < from + 10_000; i += 1) insert.run(1, i, 1.7e12 + i * 10, noise(i)); })();
    }
  });
  db.close();
  rmSync(dir, { recursive: true, force: true });
  return rows / taken;
}

const PIECE = 256 * 1024;
/** One metric a line, as the logger writes it, cut in pieces as the spool is read. */
function spoolPieces(first: number, count: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (let i = first; i < first + count; i += 1) {
    piece += `{"e":"m","t":${(1.7e9 + i / 100).toFixed(6)},"s":${i},"m":{"loss":${noise(i)}}}\n`;
    if (piece.length >= PIECE) { pieces.push(piece); piece = ''; }
  }
  if (piece) pieces.push(piece);
  return pieces;
}

function spoolBench(rows: number): object {
  const bare = [bareRate(rows)];
  const ours = withStore((store, file) => {
    store.createRun(spec(1), 'running');
    const pieces = spoolPieces(0, rows);
    let to = 0;
    let lines = 0;
    const taken = seconds(() => {
      for (const piece of pieces) {
        const parsed = parseLines(piece, 'events.1.jsonl', lines + 1);
        to += piece.length;
        lines += parsed.lines;
        store.applyBatch({ run: id(1), file: 'events.1.jsonl', to, lines, events: parsed.events, problems: parsed.problems });
      }
    });
    store.dispose();
    return { rate: rows / taken, bytes: statSync(file).size / rows };
  });
  bare.push(bareRate(rows));
  const base = (bare[0] ?? 0) / 2 + (bare[1] ?? 0) / 2;
  return { rows, bareRowsPerSecond: bare.map(Math.round), oursRowsPerSecond: Math.round(ours.rate), ratio: round(ours.rate / base), ratioTarget: 0.6, bytesPerPoint: round(ours.bytes), bytesTarget: 35 };
}

function curveBench(rows: number): object {
  return withStore((store, file) => {
    store.createRun(spec(1), 'running');
    const batch = 50_000;
    for (let from = 0; from < rows; from += batch) {
      const events: SpoolEvent[] = Array.from({ length: Math.min(batch, rows - from) }, (_, i) => ({ e: 'm', t: 1.7e9 + (from + i) / 100, s: from + i, m: { loss: noise(from + i) } }));
      store.applyBatch({ run: id(1), file: 'f', to: from + batch, lines: from + batch, events, problems: [] });
    }
    const windows = Array.from({ length: 60 }, (_, i) => ({ size: Math.max(100, rows / 2 ** (i % 20)), at: noise(i) }));
    const ask = (x: 'step' | 'wall') => timed(windows.length, (i) => {
      const { size, at } = windows[i] ?? { size: rows, at: 0 };
      const from = (rows - size) * at;
      const scale = (step: number): number => (x === 'step' ? step : 1.7e9 + step / 100);
      store.curve({ run: id(1), key: 'loss', x, from: scale(from), to: scale(from + size), px: 2000 });
    });
    const all = timed(5, () => store.curve({ run: id(1), key: 'loss', x: 'step', px: 2000 }));
    return { points: rows, px: 2000, targetMs: 50, whole: all, stepWindows: ask('step'), wallWindows: ask('wall'), bytesPerPoint: round(statSync(file).size / rows) };
  });
}

function fill(store: Store, runs: number): void {
  for (let n = 0; n < runs; n += 1) {
    const params = Object.fromEntries(Array.from({ length: 10 }, (_, k) => [`p${k}`, String(Math.floor(noise(n * 10 + k) * 10))]));
    store.createRun(spec(n, { params }), 'finished');
    const metrics = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`m${k}`, noise(n * 20 + k + 0.5)]));
    store.applyBatch({ run: id(n), file: 'f', to: 1, lines: 1, events: [{ e: 'm', t: 1.7e9 + n, s: 0, m: metrics }], problems: [] });
  }
}

function searchBench(runs: number): object {
  return withStore((store) => {
    const filled = seconds(() => fill(store, runs));
    let n = 0;
    // A write before each question, so that no kept answer is measured.
    function touch(): void { store.applyBatch({ run: id(0), file: 'touch', to: (n += 1), lines: n, events: [], problems: [] }); }
    function ask(query: Partial<SearchQuery>): { median: number; worst: number } {
      const all: number[] = [];
      for (let i = 0; i < 9; i += 1) {
        touch();
        all.push(seconds(() => store.search({ filter: '', orderBy: [], limit: 100, offset: 0, view: 'active', ...query })) * 1000);
      }
      all.sort((a, b) => a - b);
      return { median: round(all[4] ?? 0), worst: round(all.at(-1) ?? 0) };
    }
    return {
      runs, metrics: 20, params: 10, fillSeconds: round(filled),
      firstPage: { ...ask({}), target: 100 },
      firstPageOneExperiment: ask({ experiments: ['e3'] }),
      sortByMetric: { ...ask({ orderBy: ['metrics.m7 DESC'] }), target: 150 },
      sortByParam: ask({ orderBy: ['params.p4'] }),
      filter: { ...ask({ filter: "metrics.m1 > 0.9 and params.p2 = '3'" }), target: 150 },
      filterAndSort: ask({ filter: "metrics.m1 > 0.5 and params.p2 = '3'", orderBy: ['metrics.m2 DESC', 'params.p1'] }),
      page500: { ...ask({ offset: 49_900 }), target: 'as the first page' },
      page500Sorted: ask({ offset: 49_900, orderBy: ['metrics.m7 DESC'] }),
      nextPageKept: timed(9, (i) => store.search({ filter: '', orderBy: ['metrics.m7 DESC'], limit: 100, offset: i * 100, view: 'active' })),
      experiments: timed(3, () => { touch(); store.experiments(); }),
      keys: timed(3, () => store.keys()),
    };
  });
}

const points = Number(options.points);
console.log(JSON.stringify({
  machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version },
  spool: wanted('spool') ? spoolBench(Math.min(points, 2_000_000)) : undefined,
  curve: wanted('curve') ? curveBench(points) : undefined,
  search: wanted('search') ? searchBench(Number(options.runs)) : undefined,
}, null, 2));
