import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashed, shareOf, workspaceKey } from '../../../../../src/core/serving/record/hash';
import { lineForm } from '../../../../../src/core/serving/record/lines';
import { settleJournals } from '../../../../../src/core/serving/record/settle';
import { createWriter } from '../../../../../src/core/serving/record/writer';
import type { ServedSchema } from '../../../../../src/core/serving/types';
import { inDuckdb } from '../../monitoring/log/support';

let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-writer-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const schema: ServedSchema = {
  columns: [{ name: 'age', type: 'float', nullable: true }, { name: 'big', type: 'int', nullable: true }, { name: 'ok', type: 'bool', nullable: true }, { name: 'name', type: 'string', nullable: true }, { name: 'secret', type: 'string', nullable: true }],
  inputs: [], positional: false, task: 'binary', classes: ['no', 'yes'], gives: 'label', labels: 'text', width: 2, notes: [],
};
const time = Date.parse('2026-03-02T23:59:59.123Z');
const rows = {
  request: 'r"1', time, version: 4, role: 'live' as const, latency: 1.25, rules: ['a, b', ''], answers: ['x', undefined], predictions: ['yes', 'no'],
  scored: { labels: ['yes', 'no'], scores: Float64Array.from([0.25, 0.75, 1, 0]), width: 2, failed: new Map<number, string>() },
  rows: { count: 2, columns: {
    age: { type: 'float' as const, values: Float64Array.from([Infinity, NaN]), missing: Uint8Array.from([0, 1]) }, big: { type: 'int' as const, values: Float64Array.from([2 ** 62, 1]), big: BigInt64Array.from([4611686018427387905n, 1n]), missing: null },
    ok: { type: 'bool' as const, values: Uint8Array.from([1, 0]), missing: null }, name: { type: 'string' as const, values: ['line\nbreak "q" \u{1F600}', ''], missing: Uint8Array.from([0, 1]) }, secret: { type: 'string' as const, values: ['me', ''], missing: Uint8Array.from([0, 1]) },
  } },
};

describe('a journal', () => {
  test('becomes a Parquet file with the same values, one of each day, and goes; a second time nothing happens', async () => {
    const key = workspaceKey(folder);
    const form = lineForm(schema, { drop: new Set(), hash: new Set(['secret']), key });
    const writer = createWriter(folder);
    await writer.append(form, time, form.lines(rows));
    await Promise.all([writer.append(form, time + 1000, form.lines({ ...rows, time: time + 1000 })), writer.append(form, time, form.lines({ ...rows, request: 'r2' }))]);
    const closed = await writer.roll({ all: true });
    expect(closed).toHaveLength(2);
    expect(await settleJournals({ folder, closed, own: writer.own })).toEqual({ files: 2, rows: 6, left: [] });
    expect(readdirSync(path.join(folder, 'open'))).toEqual([]);
    const found = await inDuckdb(`SELECT * FROM read_parquet('${folder}/date=2026-03-02/*.parquet', hive_partitioning = false) WHERE ry_request = 'r"1' ORDER BY ry_row`);
    expect(found).toEqual([
      { ry_request: 'r"1', ry_row: 0n, ry_time: new Date(time), ry_version: 4n, ry_role: 'live', ry_latency_ms: 1.25, ry_rules: 'a, b', ry_answer: 'x', ry_prediction: 'yes', ry_p_no: 0.25, ry_p_yes: 0.75, age: Infinity, big: 4611686018427387905n, ok: true, name: 'line\nbreak "q" \u{1F600}', secret: hashed(key, 'me') },
      { ry_request: 'r"1', ry_row: 1n, ry_time: new Date(time), ry_version: 4n, ry_role: 'live', ry_latency_ms: 1.25, ry_rules: '', ry_answer: null, ry_prediction: 'no', ry_p_no: 1, ry_p_yes: 0, age: null, big: 1n, ok: false, name: null, secret: null },
    ]);
    expect(await settleJournals({ folder, closed, own: writer.own })).toEqual({ files: 0, rows: 0, left: [] });
  });

  test('that is written to is left alone, and one of a process that is gone is not', async () => {
    const form = lineForm(schema, { drop: new Set(['name']), hash: new Set(), key: null });
    const writer = createWriter(folder);
    await writer.append(form, time, form.lines(rows));
    expect(await settleJournals({ folder, closed: [], own: writer.own })).toMatchObject({ files: 0 });
    expect(readdirSync(path.join(folder, 'open'))).toHaveLength(1);
    const [file = ''] = readdirSync(path.join(folder, 'open'));
    const text = readFileSync(path.join(folder, 'open', file), 'utf8');
    expect(JSON.parse(text.split('\n')[1] ?? '')).not.toHaveProperty('name');
    expect(await settleJournals({ folder, closed: [], own: { ...writer.own, pid: 1, startTime: 'x' } })).toMatchObject({ files: 0 });
    writeFileSync(path.join(folder, 'open', file), text.replace(`"pid":${process.pid}`, '"pid":4194999'));
    expect(await settleJournals({ folder, closed: [], own: { ...writer.own, pid: 1 } })).toEqual({ files: 1, rows: 2, left: [] });
  });

  test('refuses a model whose columns are called as its own', () => {
    expect(() => lineForm({ ...schema, columns: [{ name: 'ry_row', type: 'int', nullable: true }] }, { drop: new Set(), hash: new Set(), key: null })).toThrow('names that begin with ry_');
  });
});

test("a workspace's key is made once, for its owner alone; shares are spread evenly, and the same each time", () => {
  const key = workspaceKey(folder);
  expect(workspaceKey(folder).equals(key)).toBe(true);
  if (process.platform !== 'win32') expect(statSync(path.join(folder, 'key')).mode & 0o777).toBe(0o600);
  const shares = Array.from({ length: 2000 }, (_, i) => shareOf(`id${i}`, 'sample'));
  expect(shares.filter((one) => one < 0.25).length).toBeGreaterThan(430);
  expect(shares.filter((one) => one < 0.25).length).toBeLessThan(570);
  expect(shareOf('id1', 'sample')).toBe(shares[1]);
  expect(shareOf('id1', 'canary')).not.toBe(shares[1]);
});
