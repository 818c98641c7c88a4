// Estimates held against NannyML 0.13.1's own, chunk by chunk: test/fixtures/nannyml/make.py.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openData } from '../../../../../src/core/evaluation/data/open';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { expectedLosses, fitDle, lossFigures, type Inputs } from '../../../../../src/core/monitoring/performance/dle';
import { figureOf, metricsOf } from '../../../../../src/core/monitoring/performance/metrics';
import { plainFigures, readyOf, type Realised } from '../../../../../src/core/monitoring/performance/realised';
import { cbpeOf, estimateInterval, referenceOf, usualBands } from '../../../../../src/core/monitoring/performance/reference';
import { framedSide, rawLabels, windowSide } from '../../../../../src/core/monitoring/performance/side';
import type { Told } from '../../../../../src/core/monitoring/performance/told';
import { collectLabels } from '../../../../../src/core/evaluation/run/labels';

interface Theirs { rows: number; estimated: number; error: number; low: number; high: number; realised: number; lower: number; upper: number }
interface Case { case: string; size: number; chunks: Record<string, Theirs[]> }
const fixtures = path.resolve(import.meta.dirname, '../../../../fixtures');
const figures = JSON.parse(readFileSync(path.join(fixtures, 'nannyml/figures.json'), 'utf8')) as { cbpe: (Case & { calibrated: boolean | Record<string, boolean> })[]; dle: Case & { features: string[] } };
const temp = mkdtempSync(path.join(tmpdir(), 'runyard-nannyml-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));
const signal = new AbortController().signal;

async function columnsOf(file: string, names?: readonly string[]): Promise<Map<string, Values>> {
  await using data = await openData({ files: [path.join(fixtures, file)], types: {} }, { workspace: fixtures, temp, signal });
  const found = new Map<string, Values>();
  for (const { name } of data.columns) if (!names || names.includes(name)) found.set(name, await data.column(name));
  return found;
}
const part = (column: Values, from: number, to: number): Values => ({ ...column, values: column.values.slice(from, to), missing: column.missing?.slice(from, to) ?? null }) as Values;

interface Loaded { truth: Values; predicted: Values; chances: Values[]; classes: string[] }
async function loaded(name: string): Promise<Record<'reference' | 'current', Loaded>> {
  const { label, classes } = JSON.parse(readFileSync(path.join(fixtures, 'reference', name, 'case.json'), 'utf8')) as { label: string; classes: (string | number)[] };
  const names = classes.map(String);
  const said = await columnsOf(`reference/${name}/predictions_model.parquet`);
  const rows = (said.get('split') as Values).values as string[];
  const found = {} as Record<'reference' | 'current', Loaded>;
  for (const split of ['reference', 'current'] as const) {
    const [from, to] = [rows.indexOf(split), rows.lastIndexOf(split) + 1];
    const of = (column: string): Values => part(said.get(column) as Values, from, to);
    found[split] = { truth: (await columnsOf(`reference/${name}/${split}.parquet`, [label])).get(label) as Values, predicted: of('label'), chances: names.map((one) => of(`probability:${one}`)), classes: names };
  }
  return found;
}

function toldOf({ predicted, chances, classes }: Loaded, from: number, to: number): Told {
  const labels = collectLabels(to - from);
  labels.take(part(predicted, from, to), 0, to - from);
  const { codes, names } = labels.done();
  const scores = Float64Array.from({ length: (to - from) * classes.length }, (_, at) => Number(chances[at % classes.length]?.values[from + Math.floor(at / classes.length)]));
  return { raw: { codes, names, scores, width: classes.length, failed: new Map() }, classes, task: classes.length === 2 ? 'binary' : 'multiclass' };
}

describe.each(figures.cbpe)('$case, classes estimated by their chances', ({ case: name, size, chunks, calibrated }) => {
  test('lies in NannyML\'s band in every chunk, next to its estimate, with thresholds as there', async () => {
    const { reference: before, current } = await loaded(name);
    const rows = before.truth.values.length;
    const side = framedSide(rawLabels(before.truth, rows), toldOf(before, 0, rows), { label: 'label', ...(name.startsWith('p4') && { positive: '1' }) });
    const metrics = metricsOf(Object.keys(chunks), side.frame);
    const reference = referenceOf(side, metrics, { slices: new Map(), seed: 0 });
    const estimator = cbpeOf(reference, 0);
    if ('why' in estimator) throw new Error(estimator.why);
    expect(estimator.fit['calibrated']).toBe(typeof calibrated === 'boolean' ? Number(calibrated) : Object.values(calibrated).filter(Boolean).length / Object.keys(calibrated).length);
    const bands = usualBands(reference, size);
    const off: Record<string, number> = {};
    for (let chunk = 0; chunk * size < current.truth.values.length; chunk++) {
      const [from, to] = [chunk * size, (chunk + 1) * size];
      const own = windowSide(Array.from(part(current.truth, from, to).values, String), toldOf(current, from, to), side.frame);
      const estimate = estimator.of(own, null)?.(Int32Array.from({ length: size }, (_, row) => row)) ?? { n: 0 };
      const real = plainFigures(readyOf(own, own.frame), null, own.frame);
      for (const metric of metrics) {
        const theirs = chunks[metric.name]?.[chunk] as Theirs;
        // They count rows where we give shares.
        const scale = /^(true|false)_/.test(metric.name) ? size : 1;
        const value = scale * (figureOf(estimate, metric.path) ?? NaN);
        const at = `${metric.name} of chunk ${chunk}`;
        expect(value, at).toBeGreaterThanOrEqual(theirs.low);
        expect(value, at).toBeLessThanOrEqual(theirs.high);
        off[metric.name] = Math.max(off[metric.name] ?? 0, Math.abs(value - theirs.estimated) / scale);
        expect(scale * (figureOf(real, metric.path) ?? NaN), `realised ${at}`).toBeCloseTo(theirs.realised, 9);
        if (chunk > 0) continue;
        const [lower, upper] = bands.get(metric.name) ?? [NaN, NaN];
        expect(scale * lower, `lower threshold of ${metric.name}`).toBeCloseTo(theirs.lower, 7);
        expect(scale * upper, `upper threshold of ${metric.name}`).toBeCloseTo(theirs.upper, 7);
        // Three of ours are as wide as theirs, or as F1's and AUC's should be: theirs are half and twice as wide as what resampling gives.
        const [low, high] = estimateInterval(value / scale, { n: size, scope: reference.scopes.get('') as Realised, metric }) ?? [NaN, NaN];
        const error = (scale * (high - low)) / (2 * 1.96);
        expect(error, `error of ${metric.name}`).toBeGreaterThan(0.5 * theirs.error);
        expect(error, `error of ${metric.name}`).toBeLessThan(1.7 * theirs.error);
      }
    }
    // They compute with float32, and take rows of one score one after another.
    expect(Math.max(...Object.values(off))).toBeLessThan(1e-4);
    expect(off['accuracy']).toBeLessThan(5e-6);
  });
});

describe('car prices, numbers estimated by a model of the loss', () => {
  test('lies in NannyML\'s band in every chunk', async () => {
    const { features, size, chunks } = figures.dle;
    const [before, now] = [await columnsOf('nannyml/car_price_reference.parquet'), await columnsOf('nannyml/car_price_current.parquet')];
    const numbers = (columns: Map<string, Values>, name: string): Float64Array => Float64Array.from((columns.get(name) as Values).values as Float64Array);
    const inputs = (columns: Map<string, Values>): Inputs => ({ columns: new Map(features.map((name) => [name, columns.get(name) as Values])), numbers: numbers(columns, 'y_pred') });
    const rows = numbers(before, 'y_true').length;
    const dle = await fitDle({ inputs: inputs(before), truth: numbers(before, 'y_true'), rows: Int32Array.from({ length: rows }, (_, row) => row) }, ['mae', 'mse', 'mape_nonzero'], { seed: 0, signal });
    const losses = expectedLosses(dle, inputs(now));
    for (const [name, all] of Object.entries(chunks)) {
      all.forEach((theirs, chunk) => {
        const own = lossFigures(losses, Int32Array.from({ length: size }, (_, at) => chunk * size + at));
        const value = Number(own[name === 'mape' ? 'mape_nonzero' : name]);
        expect(value, `${name} of chunk ${chunk}`).toBeGreaterThanOrEqual(theirs.low);
        expect(value, `${name} of chunk ${chunk}`).toBeLessThanOrEqual(theirs.high);
        expect(Math.abs(value / theirs.estimated - 1), `${name} of chunk ${chunk}`).toBeLessThan(0.08);
      });
    }
  });
});
