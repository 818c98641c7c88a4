// Odd data, each with its clear outcome: nothing in it, one value in it, infinities, ids in place of categories, mixed types, other names.
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../../../../src/core/monitoring/drift/handlers';
import { driftReport } from '../../../../../src/core/monitoring/jobs/drift-report';
import type { DriftDoc } from '../../../../../src/protocol/drift';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp, file } = bench();
const noise = (seed: number): string => `(hash(range * 1000 + ${seed}) % 10000) / 10000.0`;
let made = 0;
async function run(before: string, after: string, { rows = 400, now = rows, ...rest }: Record<string, unknown> & { rows?: number; now?: number } = {}): Promise<DriftDoc> {
  mkdirSync(temp, { recursive: true });
  const [one, other] = [`${made}-before.parquet`, `${made++}-after.parquet`];
  await sql(`COPY (SELECT ${before} FROM range(${rows})) TO '${dir}/${one}'`, `COPY (SELECT ${after} FROM range(${now})) TO '${dir}/${other}'`);
  return await driftReport({ workspace: dir, temp, python: null, request: requestOf({ reference: { files: [one] }, current: { files: [other] }, ...rest }), created: 1 }, { signal: new AbortController().signal, progress: () => undefined });
}

describe('drift of odd data', () => {
  it('says of a column without values on a side that values went missing, and of one without any on both that nobody can tell', async () => {
    const doc = await run(`${noise(1)} AS lost, NULL::DOUBLE AS never, ${noise(2)} AS there`, `NULL::DOUBLE AS lost, NULL::DOUBLE AS never, ${noise(3)} AS there`, { multivariate: true });
    expect(doc.columns['lost']).toMatchObject({ outcome: 'fail', reason: expect.stringMatching(/^lost: share of missing values by 1 /) as string });
    expect(doc.columns['never']).toMatchObject({ outcome: 'cannot tell', reason: 'never: fewer than 20 values on a side' });
    expect(doc).toMatchObject({ outcome: 'fail', drifted: ['lost'] });
  });

  it('finds a constant that became another one, and leaves one that stayed in peace', async () => {
    const doc = await run(`5.0 AS same, 5.0 AS other, 'x' AS word, 'x' AS changed, ${noise(1)} AS froze`, `5.0 AS same, 6.0 AS other, 'x' AS word, 'y' AS changed, 0.5 AS froze`, { multivariate: true });
    expect([...doc.drifted].sort()).toEqual(['changed', 'froze', 'other']);
    expect(doc.columns['same']).toMatchObject({ outcome: 'pass' });
    expect(doc.columns['word']).toMatchObject({ outcome: 'pass' });
  });

  it('counts infinities and keeps them out of every figure; a NaN is missing', async () => {
    const doc = await run(`${noise(1)} AS x`, `CASE WHEN range % 20 = 0 THEN 'inf'::DOUBLE WHEN range % 20 = 1 THEN '-inf'::DOUBLE WHEN range % 20 = 2 THEN 'nan'::DOUBLE ELSE ${noise(2)} END AS x`);
    expect(doc.columns['x']?.figures).toMatchObject({ infinite: { reference: 0, current: 40 }, missing: { current_missing: 20 }, current: { n: 340 } });
    expect(JSON.stringify(doc)).not.toMatch(/Infinity|NaN/);
  });

  it('leaves out a text with more than fifty thousand values in the reference, and finds one where ids took the place of categories, in bounded memory and time', async () => {
    const many = "md5(CAST(range AS VARCHAR))";
    const doc = await run(`${many} AS id, 'g' || range % 5 AS kind`, `${many} AS id, ${many} AS kind`, { rows: 200_000 });
    expect(doc.leftOut).toEqual([{ column: 'id', why: 'it has more than 50,000 different values: names of things, no groups' }]);
    expect(doc.drifted).toEqual(['kind']);
    expect(doc.columns['kind']?.figures).toMatchObject({ categories: 200_005, unseen: { rows: 200_000, share_of_current: 1 } });
    expect(JSON.stringify(doc).length).toBeLessThan(50_000);
  }, 60_000);

  it('tells a change of type and compares what it can; texts among numbers are told as texts', async () => {
    file('mixed-before.csv', `age,n\n${Array.from({ length: 50 }, (_, n) => `${n},${n}`).join('\n')}\n`);
    file('mixed-after.csv', `age,n\n${Array.from({ length: 50 }, (_, n) => `${n === 7 ? 'unknown' : n},${n}`).join('\n')}\n`);
    const doc = await driftReport({ workspace: dir, temp, python: null, request: requestOf({ reference: { files: ['mixed-before.csv'] }, current: { files: ['mixed-after.csv'] } }), created: 1 }, { signal: new AbortController().signal, progress: () => undefined });
    expect(doc.schema).toEqual([{ column: 'age', change: 'type', text: 'age was int and is string' }]);
    expect(doc.leftOut).toEqual([{ column: 'age', why: 'it is int in the reference and string in the current data' }]);
    expect(Object.keys(doc.columns)).toEqual(['n']);
  });

  it('tells a column that came under another name by its values, and not where several would fit', async () => {
    const doc = await run(`${noise(1)} * 500 AS income, 'g' || (hash(range * 1000) % 7) AS kind, ${noise(3)} AS a, ${noise(4)} AS b`, `${noise(5)} * 500 AS "Einkommen", 'g' || (hash(range * 1000 + 9) % 7) AS typ, ${noise(6)} + 9 AS x, ${noise(7)} AS b`);
    expect(doc.schema).toEqual([
      { column: 'income', change: 'renamed', text: 'income is gone, and Einkommen is new with values like it: renamed?', to: 'Einkommen' }, { column: 'kind', change: 'renamed', text: 'kind is gone, and typ is new with values like it: renamed?', to: 'typ' },
      { column: 'a', change: 'gone', text: 'a is gone' }, { column: 'x', change: 'new', text: 'x is new' },
    ]);
  });

  it('keeps the report small whatever names and categories there are, and no rows in it', async () => {
    const texts = Array.from({ length: 30 }, (_, at) => `repeat('long category ', 20) || (hash(range * 1000 + ${at}) % 3000) AS "column ${at}"`).join(', ');
    const doc = await run(texts, texts, { rows: 6000 });
    expect(JSON.stringify(doc).length).toBeLessThan(200_000);
  }, 30_000);

  it('of an empty window names it and the times that there are', async () => {
    file('times.csv', `at,x\n${Array.from({ length: 50 }, (_, n) => `2026-11-01T00:00:${String(n).padStart(2, '0')}Z,${n}`).join('\n')}\n`);
    const window = { column: 'at', from: '2027-01-01' };
    const asked = driftReport({ workspace: dir, temp, python: null, request: requestOf({ reference: { files: ['times.csv'] }, current: { files: ['times.csv'], window } }), created: 1 }, { signal: new AbortController().signal, progress: () => undefined });
    await expect(asked).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('there are no rows of at from 2027-01-01') as string, hint: 'at goes from 2026-11-01 00:00:00 to 2026-11-01 00:00:49 (UTC)' });
  });
});
