import { describe, expect, test } from 'vitest';
import { numericFigures, categoricalFigures } from '../../../src/core/monitoring/drift/figures';
import { countCategories } from '../../../src/core/monitoring/measures/categories';
import { sampleOf } from '../../../src/core/monitoring/measures/sample';
import { driftHostActions, driftRestorable, driftShow, driftToHost, driftToPanel } from '../../../src/protocol/drift-panel';
import { figureOf, largestRatio, measuresOf } from '../../../src/protocol/drift-measures';

describe('measures that the panel shows', () => {
  test('are there in the figures of a numeric column', () => {
    const { figures } = numericFigures(sampleOf([1, 2, 3, 4, 5, 6, 7, 8]), sampleOf([2, 3, 9, 10, NaN, 12]));
    expect(measuresOf('numeric').filter(({ path }) => figureOf(figures, path) === null).map(({ id }) => id)).toEqual([]);
  });
  test('are there in the figures of a categorical column', () => {
    const { figures } = categoricalFigures(countCategories(['a', 'a', 'b', 'b', null], ['a', 'c', 'c', 'b']));
    expect(measuresOf('categorical').filter(({ path }) => figureOf(figures, path) === null).map(({ id }) => id)).toEqual([]);
  });
  test('are held against their limits: the furthest counts, what was not measured doesn\u2019t', () => {
    const test = (effect: number | null, limit: number) => ({ what: 'missing' as const, measure: '', effect, limit, p: null, p_bh: null, method: '', drifted: false, unsure: false });
    expect(largestRatio({ tests: [test(0.2, 0.1), test(0.01, 0.05), test(null, 1)] })).toBe(2);
    expect(largestRatio({ tests: [test(null, 1)] })).toBeNull();
  });
});

describe('the contract', () => {
  test('refuses what is not in it', () => {
    expect(driftToHost.safeParse({ kind: 'request', id: 1, method: 'monitors.run', params: {} }).success).toBe(false);
    expect(driftToHost.safeParse({ kind: 'request', id: 1, method: 'engine.shutdown', params: {} }).success).toBe(false);
    expect(driftToHost.safeParse({ kind: 'request', id: 1, method: 'alerts.act', params: {} }).success).toBe(true);
    expect(driftHostActions['host.compare'].safeParse({ request: { reference: { files: [] }, current: { files: ['a'] } }, job: 'j' }).success).toBe(false);
  });
  test('brings a comparison back with all that was asked', () => {
    const source = { comparison: { reference: { files: ['a.csv'] }, current: { files: ['b.csv'] }, multivariate: true } };
    expect(driftRestorable.parse({ source, part: 'column' }).source).toMatchObject(source);
    expect(driftRestorable.safeParse({ source: {} }).success).toBe(false);
  });
  test('passes on whatever a reply holds', () => {
    expect(driftToPanel.parse({ kind: 'reply', id: 3, ok: true, result: { any: [1] } })).toMatchObject({ result: { any: [1] } });
    expect(driftShow.safeParse({ part: 'elsewhere' }).success).toBe(false);
  });
});
