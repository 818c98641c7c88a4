// All columns together: components and a classifier, on samples whose drift no single column shows, and on samples without drift.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { domainClassifier } from '../../../../../src/core/monitoring/measures/domain-classifier';
import { eigen } from '../../../../../src/core/monitoring/measures/eigen';
import { pcaReconstruction } from '../../../../../src/core/monitoring/measures/pca-reconstruction';

const normals = (next: () => number): (() => number) => () => Math.sqrt(-2 * Math.log(1 - unit(next))) * Math.cos(2 * Math.PI * unit(next));
/** Columns in pairs that say the same but for noise, unless the relation is broken in the first pair. */
function related(n: number, seed: number, broken = false): Float64Array[] {
  const draw = normals(random(seed));
  const rows = Array.from({ length: n }, () => [0, 1, 2].flatMap((pair) => {
    const common = draw();
    const said = (): number => (common + 0.3 * draw()) / Math.hypot(1, 0.3);
    return [said(), broken && pair === 0 ? draw() : said()];
  }));
  return Array.from({ length: 6 }, (_, column) => Float64Array.from(rows, (row) => row[column] ?? 0));
}
const joined = (before: Float64Array[], after: Float64Array[]): Float64Array[] => before.map((column, at) => Float64Array.from([...column, ...(after[at] ?? [])]));

describe('eigenvalues and vectors', () => {
  it('make the matrix again, in descending order, for any symmetric matrix', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(fc.constant(n), fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: n * n, maxLength: n * n }))), ([n, cells]) => {
      const matrix = Float64Array.from({ length: n * n }, (_, at) => ((cells[at] ?? 0) + (cells[(at % n) * n + Math.floor(at / n)] ?? 0)) / 2);
      const { values, vectors } = eigen(matrix, n);
      expect([...values]).toEqual([...values].sort((a, b) => b - a));
      matrix.forEach((cell, at) => expect(vectors.reduce((sum, vector, k) => sum + (values[k] ?? 0) * (vector[Math.floor(at / n)] ?? 0) * (vector[at % n] ?? 0), 0)).toBeCloseTo(cell, 8));
      for (const [i, one] of vectors.entries()) for (const [j, other] of vectors.entries()) expect(one.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0)).toBeCloseTo(i === j ? 1 : 0, 8);
    }), { numRuns: 60 });
  });
});

describe('reconstruction by principal components', () => {
  it('finds that columns no longer belong together where each alone is as before, and which', () => {
    const found = pcaReconstruction(related(2000, 1), related(500, 2, true));
    expect(found?.p).toBeLessThan(1e-6);
    expect(found?.value).toBeGreaterThan((found?.expected ?? 0) * 1.2);
    expect((found?.shares[0] ?? 0) + (found?.shares[1] ?? 0)).toBeGreaterThan(0.5);
  });

  it('says of as many rows as there are columns what it says of many: nothing where nothing drifted', () => {
    const draw = normals(random(5));
    const columns = (n: number): Float64Array[] => Array.from({ length: 20 }, () => Float64Array.from({ length: n }, draw));
    let beyond = 0;
    for (let trial = 0; trial < 100; trial++) if ((pcaReconstruction(columns(40), columns(40))?.p ?? 1) < 0.0027) beyond++;
    expect(beyond).toBeLessThanOrEqual(3);
  });

  it('is null where there is too little to say', () => {
    expect(pcaReconstruction(related(9, 1), related(9, 2))).toBeNull();
    expect(pcaReconstruction(related(50, 1).slice(0, 1), related(9, 2).slice(0, 1))).toBeNull();
    expect(pcaReconstruction(related(50, 1), related(0, 2))).toBeNull();
  });
});

describe('a domain classifier', () => {
  it('tells two sides apart by a relation that no single column shows, and only guesses where there is none', async () => {
    const apart = await domainClassifier(joined(related(1500, 1), related(1500, 2, true)), { reference: 1500, current: 1500 }, { seed: 0 });
    expect(apart?.auc).toBeGreaterThan(0.65);
    expect(apart?.p).toBeLessThan(1e-9);
    expect((apart?.shares[0] ?? 0) + (apart?.shares[1] ?? 0)).toBeGreaterThan(0.6);
    const same = await domainClassifier(joined(related(600, 3), related(600, 4)), { reference: 600, current: 600 }, { seed: 0 });
    expect(same?.auc).toBeGreaterThan(0.44);
    expect(same?.auc).toBeLessThan(0.56);
  });

  it('is null with fewer than twenty rows of a side, and the same for the same seed', async () => {
    expect(await domainClassifier(joined(related(50, 1), related(19, 2)), { reference: 50, current: 19 }, { seed: 0 })).toBeNull();
    const again = (): Promise<unknown> => domainClassifier(joined(related(60, 1), related(60, 2, true)), { reference: 60, current: 60 }, { seed: 3 });
    expect(await again()).toEqual(await again());
  });
});
