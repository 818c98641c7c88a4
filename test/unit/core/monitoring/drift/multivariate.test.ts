// All columns of real data together: the reconstruction error is NannyML's, the verdicts are quiet on halves of one data set and on what says nothing.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openData } from '../../../../../src/core/evaluation/data/open';
import { standardised } from '../../../../../src/core/monitoring/drift/encode';
import { drawnFrom, multivariate } from '../../../../../src/core/monitoring/drift/multivariate';
import { pcaReconstruction } from '../../../../../src/core/monitoring/measures/pca-reconstruction';
import type { Data } from '../../../../../src/core/evaluation/data/types';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp, open } = bench();
const how = { seed: 0, signal: new AbortController().signal, progress: () => undefined };
const reference = path.join(import.meta.dirname, '../../../../fixtures/reference');
interface Column { name: string; kind: 'numeric' | 'categorical' }
async function fixture(name: string): Promise<{ before: Data; after: Data; columns: Column[] } & AsyncDisposable> {
  mkdirSync(temp, { recursive: true });
  const place = path.join(reference, name);
  const kinds = (JSON.parse(readFileSync(path.join(place, 'case.json'), 'utf8')) as { drift: Record<string, Column['kind']> }).drift;
  const [before, after] = [await openData({ files: ['reference.parquet'], types: {} }, { workspace: place, temp }), await openData({ files: ['current.parquet'], types: {} }, { workspace: place, temp })];
  return { before, after, columns: Object.entries(kinds).map(([column, kind]) => ({ name: column, kind })), [Symbol.asyncDispose]: async () => {
    await before[Symbol.asyncDispose]();
    await after[Symbol.asyncDispose]();
  } };
}

describe('reconstruction by principal components', () => {
  // DataReconstructionDriftCalculator(n_components=0.65) of NannyML 0.13.1, the whole of current as one chunk, and of the reference itself.
  it.each([
    ['p1_binary_breast_cancer', 2, 2.1776025101274237, null], ['p2_multiclass_cards', 5, 1.341733779165296, 1.2433300224246753],
    ['p3_regression_diabetes', 3, 2.1771904712719814, null], ['p4_large_car_loan', 4, 1.2568936677852036, 1.1495220749219182],
  ])('comes to what NannyML has on %s', async (name, components, value, own) => {
    await using sides = await fixture(name);
    const encoded = [];
    for (const { name: column, kind } of sides.columns) encoded.push(standardised({ kind, reference: await sides.before.column(column), current: await sides.after.column(column) }));
    const found = pcaReconstruction(encoded.map((one) => one?.reference ?? new Float64Array()), encoded.map((one) => one?.current ?? new Float64Array()));
    expect(found?.components).toBe(components);
    expect(found?.value).toBeCloseTo(value, 9);
    if (own !== null) expect(found?.own).toBeCloseTo(own, 9);
  });
});

describe('all columns together', () => {
  it('tell drift of real data, and which columns it is most', async () => {
    await using sides = await fixture('p1_binary_breast_cancer');
    const [components, classifier] = await multivariate({ reference: sides.before, current: sides.after }, sides.columns, how);
    expect(components).toMatchObject({ measure: 'pca_reconstruction', outcome: 'fail' });
    expect(components?.columns.slice(0, 2).map(({ name }) => name)).toEqual(['clinic', 'mean texture']);
    expect(classifier).toMatchObject({ measure: 'domain_auc', outcome: 'fail', upper: 0.65 });
    // NannyML's own classifier comes to 0.707.
    expect(Math.abs((classifier?.value ?? 0) - 0.707)).toBeLessThan(0.05);
  });

  it('are quiet on two samples of one population, with gaps, infinities, a constant, and a column without values', async () => {
    const rows = (seed: number): string => `SELECT (hash(range * 1000 + ${seed}) % 1000) / 10.0 AS a, CASE WHEN range % 7 = 0 THEN NULL WHEN range % 50 = 0 THEN 'inf'::DOUBLE ELSE (hash(range * 1000 + ${seed}) % 1000) / 20.0 + (hash(range * 1000 + ${seed + 100}) % 100) / 10.0 END AS b,
      chr(97 + CAST(hash(range * 1000 + ${seed + 200}) % 4 AS INT)) AS c, hash(range * 1000 + ${seed + 300}) % 2 = 0 AS d, 5.0 AS same, NULL::DOUBLE AS nothing FROM range(700)`;
    await sql(`COPY (${rows(1)}) TO '${dir}/one.parquet'`, `COPY (${rows(2)}) TO '${dir}/other.parquet'`);
    const columns: Column[] = [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }, { name: 'c', kind: 'categorical' }, { name: 'd', kind: 'categorical' }, { name: 'same', kind: 'numeric' }, { name: 'nothing', kind: 'numeric' }];
    const found = await multivariate({ reference: await open('one.parquet'), current: await open('other.parquet') }, columns, how);
    expect(found.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
    expect(await multivariate({ reference: await open('one.parquet'), current: await open('other.parquet') }, columns.slice(4), how)).toMatchObject([{ outcome: 'cannot tell', reason: 'fewer than two columns vary in the reference' }, { outcome: 'pass' }]);
  });

  it('cannot tell from few rows', async () => {
    await sql(`COPY (SELECT range AS a, range * 2 AS b FROM range(29)) TO '${dir}/few.parquet'`);
    const found = await multivariate({ reference: await open('few.parquet'), current: await open('few.parquet') }, [{ name: 'a', kind: 'numeric' }, { name: 'b', kind: 'numeric' }], how);
    expect(found).toMatchObject([{ outcome: 'cannot tell', value: null, reason: 'fewer than 30 rows on a side' }, { outcome: 'cannot tell', value: null }]);
  });

  it('know how frequent a category is from all rows, whichever of them were drawn', async () => {
    // 60 of the rows are missing: they count as the most frequent, a.
    await sql(`COPY (SELECT CASE WHEN range % 100 = 7 THEN NULL WHEN range < 1000 AND range % 10 = 0 THEN 'c' WHEN range % 6 = 0 THEN 'b' ELSE 'a' END AS c, range AS n FROM range(6000)) TO '${dir}/many.parquet'`);
    await using data = await open('many.parquet');
    const counts = new Map((await data.frequent('c', 3)).map(({ value, count }) => [value, count]));
    const drawn = async (seed: number, most: number): Promise<Awaited<ReturnType<typeof drawnFrom>>> => drawnFrom({ reference: data, current: data }, [{ name: 'c', kind: 'categorical' }, { name: 'n', kind: 'numeric' }], { most, seed, signal: how.signal });
    for (const seed of [1, 2]) {
      const [column, number] = await drawn(seed, 300);
      const share = await column?.share?.();
      expect(['a', 'b', 'c', null, 'new'].map((text) => share?.(text))).toEqual([((counts.get('a') ?? 0) + 60) / 6000, (counts.get('b') ?? 0) / 6000, (counts.get('c') ?? 0) / 6000, ((counts.get('a') ?? 0) + 60) / 6000, 0]);
      expect(number?.share).toBeUndefined();
      // Only these three numbers, whatever the mean and spread of the rows drawn: their distances are in one proportion.
      if (!column) throw new Error('no column');
      const encoded = standardised(column, share)?.reference ?? new Float64Array();
      const levels = [...new Set(encoded)].sort((a, b) => b - a);
      expect(levels).toHaveLength(3);
      expect(((levels[0] ?? 0) - (levels[1] ?? 0)) / ((levels[1] ?? 0) - (levels[2] ?? 0))).toBeCloseTo(((counts.get('a') ?? 0) + 60 - (counts.get('b') ?? 0)) / ((counts.get('b') ?? 0) - (counts.get('c') ?? 0)), 9);
    }
    // All rows are their own count.
    expect((await drawn(1, 6000))[0]?.share).toBeUndefined();
  });
});
