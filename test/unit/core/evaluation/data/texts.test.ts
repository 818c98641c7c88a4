import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '../../../../../src/core/evaluation/data/duckdb';
import { createTexts, type Hashes, type Texts } from '../../../../../src/core/evaluation/data/texts';

let database: Database;
beforeAll(async () => { database = await createDatabase(); });
afterAll(() => database.close());

const quoted = (value: string | null): string => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

/** As DuckDB gives them, in chunks; one reader for all. */
async function through(values: readonly (string | null)[], withHashes: boolean): Promise<{ read: (string | null)[]; decoded: number }> {
  const known = createTexts();
  const read: (string | null)[] = [];
  let decoded = 0;
  await database.use(async (session) => {
    await session.run('CREATE OR REPLACE TEMP TABLE texts (place INTEGER, v VARCHAR)');
    for (let from = 0; from < values.length; from += 500) await session.run(`INSERT INTO texts VALUES ${values.slice(from, from + 500).map((value, at) => `(${from + at}, ${quoted(value)})`).join(', ')}`);
    for await (const chunk of session.stream('SELECT v, hash(v) FROM texts ORDER BY place')) {
      const vector = chunk.getColumnVector(0) as unknown as Texts;
      const own = vector.getItem.bind(vector);
      Object.assign(vector, { getItem: (at: number) => { decoded += 1; return own(at); } });
      const text = known.of(vector, withHashes ? chunk.getColumnVector(1) as unknown as Hashes : undefined);
      for (let at = 0; at < chunk.rowCount; at += 1) read.push(text(at));
    }
  });
  return { read, decoded };
}

/** Around the twelve bytes that lie in the entry itself, many alike, in one, two and four bytes a letter. */
const one = fc.oneof(
  fc.constant(null), fc.constantFrom('', 'a', 'north', 'exactly12byt', 'exactly12byte', 'the same beginning, one', 'the same beginning, two', 'the same beginning, on\u0451'),
  fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
);

test('texts come back as they are, short and long, known or not, with and without hashes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 300 }), fc.boolean(), async (values, withHashes) => {
    expect((await through(values, withHashes)).read).toEqual(values);
  }), { numRuns: 60 });
});

test('a column of few values is decoded once a value, over chunks too; without hashes long ones each time', async () => {
  const values = Array.from({ length: 6000 }, (_, at) => (at % 3 === 0 ? 'short' : at % 3 === 1 ? 'longer than twelve bytes' : null));
  const hashed = await through(values, true);
  expect([hashed.read, hashed.decoded]).toEqual([values, 2]);
  const plain = await through(values, false);
  expect([plain.read, plain.decoded]).toEqual([values, 2001]);
});

test('more values than are remembered, and a vector of another make, are read all the same', async () => {
  const values = Array.from({ length: 5000 }, (_, at) => `value number ${at % 2500} of many`);
  expect((await through(values, true)).read).toEqual(values);
  const text = createTexts().of({ getItem: (at) => ['x', null][at] ?? null, validity: { itemValid: () => true } });
  expect([text(0), text(1)]).toEqual(['x', null]);
});
