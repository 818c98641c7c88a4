// Every figure of every reference case, from the CSV and from the Parquet file, as `runyard evaluate`, `runyard slices` and `runyard drift` give it.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundles, lab, type Lab } from '../integration/engine/support';
import { referenceOver, type Json, type Reference } from './reference/ask';
import { FORMATS, referenceCases, SETS, type Format, type ReferenceCase } from './reference/cases';
import { predicateSql } from './reference/predicates';
import { keptPredictions } from './reference/predictions';
import { compareFigures, mayBeUnlucky, toleranceAt } from './reference/tolerances';

/** What `drift` answers for: not asked of an evaluation. */
const NOT_EVALUATION = new Set(['drift', 'prediction_drift']);
const OF_THE_CASE = new Set(['format', 'case', 'task', 'seed', 'versions', 'tolerances', 'models', 'compare']);

let bundle: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let reference: Reference;
beforeAll(async () => {
  bundle = await bundles();
  here = lab(bundle.engine);
  reference = referenceOver(await here.connect({ spawnEnv: { RUNYARD_IDLE_SECONDS: '60' } }), here.workspace);
});
afterAll(async () => {
  await here.dispose();
  bundle.dispose();
});

describe.each(referenceCases().map((one): [string, ReferenceCase] => [path.basename(one.folder), one]))('%s', (_name, one) => {
  const { about, expected } = one;

  test('has no figures that nobody looks at', () => {
    expect(Object.keys(expected).filter((key) => !OF_THE_CASE.has(key) && !NOT_EVALUATION.has(key))).toEqual([]);
    const known = new Set(['predictions', 'overall', 'slices', 'sliceline', 'bootstrap95', 'permutation_importance', 'same_as', 'max_abs_difference_from_sklearn', 'rows_more_than_1e-4_from_sklearn']);
    expect(Object.entries(expected.models).flatMap(([model, figures]) => Object.keys(figures).filter((key) => !known.has(key) && !NOT_EVALUATION.has(key)).map((key) => `${model}/${key}`))).toEqual([]);
    expect(Object.values(expected.compare).flatMap((figures) => Object.keys(figures).filter((key) => !['overall', 'slices', 'verdict', 'sliceline_worsening'].includes(key)))).toEqual([]);
    expect(Object.keys(expected.models).sort()).toEqual([...about.models].sort());
  });

  describe.each(FORMATS)('%s', (format) => {
    test.each(SETS)('%s has the rows and the types that were declared', async (set) => {
      const { data } = (await reference.inspect(one, set, format)) as { data: { rows: number; columns: { name: string; type: string }[] } };
      expect(data.rows).toBe(about.rows[set]);
      expect(Object.fromEntries(data.columns.map(({ name, type }) => [name, type]))).toEqual(about.columns);
    });
    if (expected.drift) driftTests(one, format);
    for (const model of about.models.filter((name) => Object.keys(expected.models[name] ?? {}).length > 0)) describe(model, () => modelTests(one, model, format));
    for (const pair of Object.keys(expected.compare)) describe(pair, () => pairTests(one, pair, format));
  });
});

function modelTests(one: ReferenceCase, model: string, format: Format): void {
  const { about, expected } = one;
  const own = expected.models[model] ?? {};
  // A twin of another model has the other's figures.
  const figures = typeof own.same_as === 'string' ? (expected.models[own.same_as] ?? {}) : own;
  const part = (name: string): Json => figures[name] as Json;
  const agrees = (name: string, found: unknown): void => agree(one, { [name]: part(name) }, { [name]: found, at: `models/${model}` });

  for (const set of SETS.filter((name) => Object.hasOwn(part('overall') ?? {}, name))) {
    test(`overall of ${set}`, async () => {
      agree(one, { [set]: part('overall')[set] }, { [set]: (await reference.evaluate(one, { model, set, format })).overall, at: `models/${model}/overall` });
    });
  }
  for (const set of SETS.filter((name) => Object.hasOwn(part('predictions') ?? {}, name))) {
    test(`predictions of ${set}`, async () => {
      const { id } = await reference.evaluate(one, { model, set, format });
      agree(one, { [set]: part('predictions')[set] }, { [set]: await keptPredictions({ workspace: here.workspace, evaluation: id }, about.classes), at: `models/${model}/predictions` });
    });
  }
  if (figures.slices) test('slices, and each against the rest', async () => agrees('slices', (await reference.evaluate(one, { model, set: 'current', format })).slices));
  if (figures.sliceline) {
    test('slices found', async () => {
      const { id } = await reference.evaluate(one, { model, set: 'current', format });
      agrees('sliceline', (await reference.slices(one, id, 'loss')).sliceline);
    });
  }
  if (figures.bootstrap95) test('bootstrap', async () => agrees('bootstrap95', (await reference.evaluate(one, { model, set: 'current', format })).bootstrap95));
  if (figures.permutation_importance) test('permutation importance', async () => agrees('permutation_importance', await importance(one, model, format)));
}

/** One of each column's figures. */
const within = (columns: Json, name: string): Json => Object.fromEntries(Object.entries(columns).map(([column, figures]) => [column, (figures as Json)[name]]));
const figuresOf = (columns: Record<string, { figures: Json }>): Json => Object.fromEntries(Object.entries(columns).map(([name, { figures }]) => [name, figures]));

function driftTests(one: ReferenceCase, format: Format): void {
  const { columns, label, evidently_default: evidently, nannyml, ...rest } = one.expected.drift as { columns: Json; label?: Json; evidently_default: { columns: Json } & Json; nannyml: Json } & Json;
  const found = async () => figuresOf((await reference.drift(one, format)).columns as Record<string, { figures: Json }>);
  test('drift has no figures that nobody looks at', () => {
    expect(Object.keys(rest)).toEqual([]);
    expect(Object.keys(evidently).sort()).toEqual(['columns', 'dataset_drift', 'drifted_count', 'drifted_share', 'skipped_all_missing']);
  });
  test('drift of the columns', async () => agree(one, { columns }, { columns: await found(), at: 'drift' }));
  test('drift of the columns as Evidently has it with nothing set', async () => {
    agree(one, { columns: evidently.columns }, { columns: within(await found(), 'evidently_default'), at: 'drift/evidently_default' });
  });
  test('drift of the whole data set as Evidently has it with nothing set', async () => {
    const { columns: _, skipped_all_missing: skipped, ...wanted } = evidently;
    const theirs = (await reference.drift(one, format)).evidently_default as Json;
    agree(one, { evidently_default: wanted }, { evidently_default: theirs, at: 'drift' });
    expect(theirs.skipped_all_missing).toEqual(skipped);
  });
  test('drift of the columns as NannyML has it', async () => agree(one, { nannyml }, { nannyml: within(await found(), 'nannyml'), at: 'drift' }));
  if (label) test('drift of the label', async () => agree(one, { label }, { label: ((await reference.drift(one, format)).label as { figures: Json }).figures, at: 'drift' }));
  for (const [model, { prediction_drift: wanted }] of Object.entries(one.expected.models)) {
    if (!wanted) continue;
    test(`drift of what ${model} says`, async () => {
      agree(one, { prediction_drift: wanted }, { prediction_drift: figuresOf((await reference.drift(one, format, model)).predictions as Record<string, { figures: Json }>), at: `models/${model}` });
    });
  }
}

/** Over as many repeats as the case has them, and over 300. */
async function importance(one: ReferenceCase, model: string, format: Format): Promise<Json> {
  const { n_repeats, random_state, baseline } = one.expected.models[model]?.permutation_importance as { n_repeats: number; random_state: number; baseline: Json };
  const { id } = await reference.evaluate(one, { model, set: 'current', format });
  const ask = async (repeats: number): Promise<Record<string, Record<string, { mean: number; std: number }>>> =>
    (await reference.importance(one, id, { metrics: Object.keys(baseline), repeats, seed: random_state })).permutation_importance as Record<string, Record<string, { mean: number; std: number }>>;
  const [few, many] = [await ask(n_repeats), await ask(300)];
  return Object.fromEntries(Object.entries(few).map(([metric, columns]) => {
    if (metric === 'baseline' || typeof columns !== 'object') return [metric, columns];
    return [metric, Object.fromEntries(Object.entries(columns).map(([column, { mean, std }]) => [column, { mean, std, mean_300: many[metric]?.[column]?.mean, std_300: many[metric]?.[column]?.std }]))];
  }));
}

function pairTests(one: ReferenceCase, pair: string, format: Format): void {
  const figures = one.expected.compare[pair] ?? {};
  const [model = '', baseline = ''] = pair.split(' against ');
  const ask = () => reference.evaluate(one, { model, baseline, set: 'current', format });
  const at = `compare/${pair}`;

  for (const name of ['overall', 'slices', 'verdict'].filter((key) => key in figures)) {
    test(`comparison: ${name}`, async () => agree(one, { [name]: figures[name] }, { [name]: ((await ask()).compare as Json)[name], at }));
  }
  if (figures.sliceline_worsening) {
    test('comparison: slices that got worse', async () => {
      agree(one, { sliceline_worsening: figures.sliceline_worsening }, { sliceline_worsening: (await reference.slices(one, (await ask()).id, 'worsening')).sliceline_worsening, at });
    });
  }
}

/** Every figure of `wanted` is among `found`, within its tolerance; `at` says where they stand in expected.json. */
function agree({ expected: { tolerances } }: ReferenceCase, wanted: Json, { at, ...found }: { at: string } & Json): void {
  const { passed, faults, random, unlucky } = compareFigures(wanted, found, { at, tolerances });
  expect(faults.slice(0, 20), `${faults.length} of ${passed + faults.length} figures differ`).toEqual([]);
  expect(unlucky.length > mayBeUnlucky(random) ? unlucky : [], `${unlucky.length} of ${random} random figures are off`).toEqual([]);
  expect(passed).toBeGreaterThan(0);
}

describe('the comparison itself', () => {
  const tolerances = [{ match: '*/p_*', abs: 1e-8, rel: 1e-5 }, { match: '*count*', abs: 1, rel: 0 }, { match: '*', abs: 1e-6, rel: 1e-6 }];
  const check = (wanted: Json, found: Json): string[] => compareFigures(wanted, found, { at: 'models/m', tolerances }).faults;

  test('names what is missing and what differs, by the first tolerance that fits', () => {
    expect(check({ a: 1.5, b: { p_x: 0.5, c: null } }, { a: 1.5000001, b: { p_x: 0.500004, c: NaN } })).toEqual([]);
    expect(check({ a: 1.5, b: { p_x: 0.5, c: null } }, { a: 1.6, b: { p_x: 0.50001 } })).toEqual([
      expect.stringMatching(/^models\/m\/a: 1.5 expected, got 1.6/), expect.stringMatching(/^models\/m\/b\/p_x: 0.5 expected/), 'models/m/b/c: missing',
    ]);
    expect(toleranceAt('models/m/x/count', tolerances)).toMatchObject({ abs: 1 });
  });

  test('lists, texts and counts', () => {
    expect(check({ list: [1.5, null], text: 'a', n: 3, m_count: 3 }, { list: [1.5, null], text: 'a', n: 3, m_count: 4 })).toEqual([]);
    expect(check({ list: [1.5, null], text: 'a', n: 3_000_000 }, { list: [1.5, 0], text: 'b', n: 3_000_001 })).toEqual([
      'models/m/list: [1] null expected, got 0', 'models/m/text: "a" expected, got "b"', 'models/m/n: 3000000 expected, got 3000001',
    ]);
    expect(check({ list: [1] }, { list: [1, 2] })).toEqual(['models/m/list: a list of 1 expected, got one of 2']);
  });

  test("a figure's own tolerance goes first, and a search has no slices that weren't expected", () => {
    expect(check({ lo: 0.5, lo_tol: 0.1 }, { lo: 0.58 })).toEqual([]);
    expect(check({ lo: 0.5, lo_tol: 0.1 }, { lo: 0.71 })).toHaveLength(1);
    expect(compareFigures({ lo: 0.5, lo_tol: 0.1 }, { lo: 0.61 }, { at: '', tolerances })).toEqual({ passed: 0, faults: [], random: 1, unlucky: [expect.stringContaining('lo: 0.5 expected, got 0.61')] });
    expect([mayBeUnlucky(0), mayBeUnlucky(6), mayBeUnlucky(80)]).toEqual([0, 1, 2]);
    expect(check({ sliceline: { slices: { a: { size: 1 } } } }, { sliceline: { slices: { a: { size: 1 }, b: { size: 1 } } } })).toEqual([expect.stringContaining('(the set of slices)')]);
  });

  test('a predicate is SQL with names and texts quoted', () => {
    const types = { 'a "b"': 'string', n: 'float', flag: 'bool' } as const;
    expect(predicateSql({ op: 'and', args: [
      { op: 'in', col: 'a "b"', values: ["it's", 3] }, { op: 'range', col: 'n', min: 1, max: 2.5, min_inclusive: true, max_inclusive: false }, { op: 'eq', col: 'flag', value: true }, { op: 'not_missing', col: 'n' },
    ] }, types)).toBe(`("a ""b""" in ('it''s', '3')) and ("n" >= 1 and "n" < 2.5) and ("flag" = true) and ("n" is not null)`);
    expect(predicateSql({ op: 'range', col: 'n', min: null, max: null, min_inclusive: true, max_inclusive: true }, types)).toBe('"n" is not null');
  });
});
