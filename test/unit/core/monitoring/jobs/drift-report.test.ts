// A drift report is sorted by harm, says which slices are hit, and has a clear answer to data that are odd.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../../../../src/core/monitoring/drift/handlers';
import { driftReport } from '../../../../../src/core/monitoring/jobs/drift-report';
import type { DriftDoc } from '../../../../../src/protocol/drift';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp } = bench();
const reference = path.join(import.meta.dirname, '../../../../fixtures/reference');
const run = (request: Record<string, unknown>): Promise<DriftDoc> => {
  mkdirSync(temp, { recursive: true });
  return driftReport({ workspace: dir, temp, python: null, request: requestOf(request), created: 1 }, { signal: new AbortController().signal, progress: () => undefined });
};
const noise = (seed: number, scale = 1): string => `(hash(range * 1000 + ${seed}) % 10000) / 10000.0 * ${scale}`;
const sides = async (name: string, before: string, after: string, rows = 400): Promise<{ reference: { files: string[] }; current: { files: string[] } }> => {
  await sql(`COPY (SELECT ${before} FROM range(${rows})) TO '${dir}/${name}-before.parquet'`, `COPY (SELECT ${after} FROM range(${rows})) TO '${dir}/${name}-after.parquet'`);
  return { reference: { files: [`${name}-before.parquet`] }, current: { files: [`${name}-after.parquet`] } };
};

describe('harm', () => {
  it('comes before the size of a drift, and a column that the model does not read does none', async () => {
    const two = await sides('harm', `${noise(1)} AS little, ${noise(2)} AS much, ${noise(3)} AS unread`, `${noise(4)} + 0.15 AS little, ${noise(5)} + 0.6 AS much, ${noise(6)} + 5 AS unread`);
    const plain = await run(two);
    expect(plain.drifted[0]).toBe('unread');
    expect(plain.columns['much']).toMatchObject({ importance: null, harm: null });
    const ranked = await run({ ...two, importance: { little: 98, much: 2 } });
    expect(ranked.drifted).toEqual(['little', 'much', 'unread']);
    expect(ranked.columns['little']?.importance).toBe(0.98);
    expect(ranked.columns['unread']).toMatchObject({ importance: 0, harm: 0, outcome: 'fail' });
    expect(ranked.reasons[0]).toMatch(/^little: /);
  });

  it('is found by asking the model, where there is one', async () => {
    const place = path.join(reference, 'p3_regression_diabetes');
    const doc = await run({ reference: { files: [path.join(place, 'reference.parquet')] }, current: { files: [path.join(place, 'current.parquet')] }, model: { file: path.join(place, 'model.onnx') }, label: 'progression' });
    const shares = Object.values(doc.columns).map(({ importance }) => importance ?? 0);
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    // A ridge regression on raw columns leans on these.
    expect(doc.columns['bmi']?.importance).toBeGreaterThan(doc.columns['age']?.importance ?? 1);
    expect(doc.drifted[0]).toBe('prediction');
  });
});

describe('slices', () => {
  it('that a drift hits are told with what drifted within them and how their share moved, those that cannot be asked with why', async () => {
    const two = await sides('slices', `${noise(1)} AS income, ${noise(2)} AS age, CASE WHEN range % 4 = 0 THEN 'north' ELSE 'south' END AS region`,
      `${noise(3)} + CASE WHEN range % 2 = 0 THEN 0.5 ELSE 0 END AS income, ${noise(4)} AS age, CASE WHEN range % 2 = 0 THEN 'north' ELSE 'south' END AS region`, 600);
    const doc = await run({ ...two, importance: { income: 1 }, slices: [
      { name: 'young', where: 'age < 0.2' }, { name: 'south', where: "region = 'south'" }, { name: 'north', where: "region = 'north'" }, { name: 'few', where: 'age < 0.01' }, { name: 'typo', where: "regoin = 'south'" }, { name: 'tagged', tagger: 'tag.py:tag' },
    ] });
    const slices = Object.fromEntries((doc.slices ?? []).map((slice) => [slice.name, slice]));
    expect(doc.slices?.[0]?.name).toBe('north');
    expect(slices['north']).toMatchObject({ reference: { rows: 150, share: 0.25 }, current: { rows: 300, share: 0.5 }, outcome: 'fail', drifted: [{ column: 'income' }] });
    expect(slices['south']).toMatchObject({ outcome: 'fail', drifted: [] });
    expect(slices['few']).toMatchObject({ outcome: 'cannot tell', drifted: [] });
    expect(slices['north']?.harm).toBeGreaterThan(1);
    expect(doc.leftOut).toEqual([{ column: 'slice typo', why: expect.stringContaining('did you mean region?') as string }, { column: 'slice tagged', why: 'its tagger is a program, which is asked in evaluations only' }]);
  });
});
