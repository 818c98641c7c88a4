import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discover } from '../../../../../src/core/evaluation/questions/discover';
import { openKept } from '../../../../../src/core/evaluation/questions/kept';
import type { Kept } from '../../../../../src/core/evaluation/process/jobs';
import { discoverSettings, type DiscoverSettings } from '../../../../../src/protocol/evaluation/request';
import type { DiscoveryDoc } from '../../../../../src/protocol/evaluation/result';
import { bench, kept, readCase, readExpected, watching, type Bench, type Case } from './support';

type Sliceline = DiscoveryDoc['sliceline'];
interface Expected { models: Record<string, { sliceline: Sliceline }>; compare?: Record<string, { sliceline_worsening: Sliceline }> }

/** The settings of a reference case. */
function settingsOf(name: Case, more: Partial<DiscoverSettings> = {}): DiscoverSettings {
  const { sliceline } = readCase(name);
  return discoverSettings.parse({
    topK: sliceline.k, depth: sliceline.max_l, minSupport: sliceline.min_sup, alpha: sliceline.alpha, check: false,
    columns: sliceline.columns.map(({ col, edges }) => ({ column: col, ...(edges && { edges }) })), ...more,
  });
}

function expectSame(found: Sliceline, expected: Sliceline): void {
  expect({ n: found.n, found: found.found, labels: Object.keys(found.slices).sort() }).toEqual({ n: expected.n, found: expected.found, labels: Object.keys(expected.slices).sort() });
  const close = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 + 1e-6 * Math.abs(b));
  close(found.average_error, expected.average_error);
  expected.scores_sorted.forEach((score, at) => close(found.scores_sorted[at] ?? NaN, score));
  for (const [label, slice] of Object.entries(expected.slices)) for (const [figure, value] of Object.entries(slice)) close(found.slices[label]?.[figure as 'score'] ?? NaN, value);
}

/** Each slice's predicate selects, among the rows that were searched, as many rows as the slice has, and their losses are the slice's. */
async function expectSameRows(params: Kept, found: DiscoveryDoc): Promise<void> {
  await using opened = await openKept(params);
  const data = await opened.data();
  const members = await data.members(found.slices.map(({ where }) => where));
  const { scored } = opened;
  for (const [at, { where, size }] of found.slices.entries()) {
    await data.checkPredicate(where);
    const usable = (members[at] ?? new Uint8Array()).filter((one, row) => one === 1 && !scored.unlabelled.has(row) && !scored.model.unscored.has(row));
    expect([where, usable.length]).toEqual([where, size]);
  }
}

describe.each([
  ['p1_binary_breast_cancer', 'csv'], ['p2_multiclass_cards', 'parquet'], ['p3_regression_diabetes', 'parquet'], ['p3_regression_diabetes', 'csv'],
] as const)('%s (%s)', (name, format) => {
  let place: Bench;
  let params: Kept;
  beforeAll(async () => {
    place = bench(name, ['model.onnx', `current.${format}`]);
    const { label, classes, positive, columns } = readCase(name);
    ({ params } = await kept(place, { model: { file: 'model.onnx' }, data: { files: [`current.${format}`], types: columns }, label, ...(classes && { classes }), ...(positive !== undefined && { positive }) }));
  });
  afterAll(() => place.dispose());

  test('the search finds the slices of the sliceline package with their figures', async () => {
    const found = await discover({ ...params, settings: settingsOf(name) }, watching());
    expectSame(found.sliceline, readExpected<Expected>(name).models['model.onnx']?.sliceline as Sliceline);
    await expectSameRows(params, found);
  });

  test('checked on the other half, with columns and bins of its own choice', async () => {
    const watch = watching();
    const found = await discover({ ...params, settings: discoverSettings.parse({ minSupport: 10, seed: 3, alpha: 0.99 }) }, watch);
    expect(found.rows.searched + found.rows.checked).toBe(found.sliceline.n + found.rows.checked);
    expect(found.slices.length).toBeGreaterThan(0);
    for (const slice of found.slices) {
      expect(slice.checked?.rows).toBeLessThanOrEqual(slice.size);
      expect(slice.holds).toBe(slice.checked?.p_bh !== null && (slice.checked?.p_bh ?? 1) <= 0.05);
      expect(found.families[slice.family]?.members).toContain(found.slices.indexOf(slice));
    }
    expect(found.slices.flatMap(({ columns }) => columns)).not.toContain(readCase(name).label);
    expect(watch.seen.map(({ phase }) => phase)).toContain('reading columns');
    await expectSameRows(params, found);
    // The same seed, the same answer.
    const again = await discover({ ...params, settings: discoverSettings.parse({ minSupport: 10, seed: 3, alpha: 0.99 }) }, watching());
    expect({ ...again, duration: 0 }).toEqual({ ...found, duration: 0 });
  });
});

describe('two models', () => {
  const name = 'p4_large_car_loan';
  let place: Bench;
  let params: Kept;
  beforeAll(async () => {
    place = bench(name, ['model.onnx', 'model_v2.onnx', 'current.parquet']);
    const { label, classes, positive } = readCase(name);
    ({ params } = await kept(place, { model: { file: 'model_v2.onnx' }, baseline: { file: 'model.onnx' }, data: { files: ['current.parquet'] }, label, ...(classes && { classes }), ...(positive !== undefined && { positive }) }));
  });
  afterAll(() => place.dispose());

  test('where the candidate got worse is what the sliceline package finds on the same losses', async () => {
    const found = await discover({ ...params, settings: settingsOf(name, { mode: 'worsening' }) }, watching());
    expectSame(found.sliceline, readExpected<Expected>(name).compare?.['model_v2.onnx against model.onnx']?.sliceline_worsening as Sliceline);
    await expectSameRows(params, found);
  });

  test('the subgroup that got worse holds on the half that the search did not see', async () => {
    const found = await discover({ ...params, settings: discoverSettings.parse({ mode: 'worsening', depth: 2, seed: 1 }) }, watching());
    const [worst] = found.slices;
    expect(worst?.where).toContain(`"salary_range" = '60K+ €'`);
    expect(worst).toMatchObject({ holds: true });
    expect(worst?.checked?.effect).toBeGreaterThan(0);
    expect(worst?.checked?.interval?.[0]).toBeGreaterThan(0);
  });

  test.each(['overconfident', 'underconfident'] as const)('slices of rows that are %s are told by their calibration error', async (mode) => {
    const found = await discover({ ...params, settings: discoverSettings.parse({ mode, check: false, topK: 3 }) }, watching());
    expect(found.slices.length).toBeGreaterThan(0);
    for (const slice of found.slices) {
      expect(slice.errorMean).toBeGreaterThan(found.sliceline.average_error);
      expect(Math.abs(slice.errorMean)).toBeLessThan(1);
    }
  });

  test('a search that is stopped ends as cancelled', async () => {
    const watch = watching();
    const searching = discover({ ...params, settings: discoverSettings.parse({ depth: 4 }) }, watch);
    watch.stop();
    await expect(searching).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('what can not be searched is said', async () => {
    const ask = (settings: Parameters<typeof discoverSettings.parse>[0]): Promise<DiscoveryDoc> => discover({ ...params, settings: discoverSettings.parse(settings) }, watching());
    await expect(ask({ columns: [{ column: 'nowhere' }] })).rejects.toMatchObject({ code: 'not_found', message: 'the data have no column nowhere' });
    await expect(ask({ columns: [{ column: 'salary_range', edges: [1] }] })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

test('data that changed since are refused', async () => {
  const name = 'p3_regression_diabetes';
  const place = bench(name, ['model.onnx', 'current.csv']);
  try {
    const { params } = await kept(place, { model: { file: 'model.onnx' }, data: { files: ['current.csv'] }, label: readCase(name).label });
    appendFileSync(`${place.workspace}/current.csv`, '\n');
    await expect(discover({ ...params, settings: discoverSettings.parse({}) }, watching())).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('no longer those that were evaluated') as string });
  } finally {
    place.dispose();
  }
});
