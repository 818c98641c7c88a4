// Quiet where nothing drifted, loud where something did: what counts is an effect that matters and that chance doesn't make.
import { describe, expect, it } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { categoricalFigures, numericFigures } from '../../../../../src/core/monitoring/drift/figures';
import { psiNoise } from '../../../../../src/core/monitoring/drift/noise';
import type { MeasuredColumn } from '../../../../../src/core/monitoring/drift/figures';
import { judgeColumns } from '../../../../../src/core/monitoring/drift/report';
import { countCategories } from '../../../../../src/core/monitoring/measures/categories';
import { sampleOf, type Sample } from '../../../../../src/core/monitoring/measures/sample';
import { driftLimits } from '../../../../../src/protocol/drift';

const asked = { limits: driftLimits.parse({}), limitsOf: {}, alpha: 0.05, seed: 0 };
type Draw = () => number;
const normal = (next: () => number, mean = 0): number => mean + Math.sqrt(-2 * Math.log(unit(next))) * Math.cos(2 * Math.PI * unit(next));
const values = (n: number, draw: Draw): Float64Array => Float64Array.from({ length: n }, draw);
const measuredOf = (name: string, before: Sample, after: Float64Array): MeasuredColumn => ({ name, role: 'input', measured: numericFigures(before, sampleOf(after)) });
const numeric = (name: string, before: Float64Array, after: Float64Array): MeasuredColumn => measuredOf(name, sampleOf(before), after);
const categorical = (name: string, before: string[], after: string[]): MeasuredColumn => ({ name, role: 'input', measured: categoricalFigures(countCategories(before, after)) });

describe('a drift report', () => {
  it('alarms in at most 5 % of 500 windows of the same distribution, over 30 columns', () => {
    const next = random(7);
    const letters = (n: number): string[] => Array.from({ length: n }, () => 'abcdef'[Math.floor(unit(next) ** 2 * 6)] ?? 'a');
    const pools = Array.from({ length: 30 }, (_, column) => (column % 3 === 2 ? letters(2000) : values(2000, () => (column % 3 === 0 ? normal(next) : Math.floor(unit(next) ** 3 * 20)))));
    const samples = pools.map((pool) => (Array.isArray(pool) ? null : sampleOf(pool)));
    let alarms = 0;
    for (let window = 0; window < 500; window++) {
      const n = [30, 120, 400][window % 3] ?? 30;
      const pick = (): number => Math.floor(unit(next) * 2000);
      const columns = pools.map((pool, at) => (Array.isArray(pool) ? categorical(String(at), pool, Array.from({ length: n }, () => pool[pick()] ?? '')) : measuredOf(String(at), samples[at] ?? sampleOf([]), values(n, () => pool[pick()] ?? 0))));
      if (judgeColumns(columns, asked).outcome === 'fail') alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(25);
  }, 120_000);

  it('alarms in at most 5 % of small windows of new rows, though some hold a category, or values, or gaps, that the reference happens not to have', () => {
    const next = random(17);
    // Thirty columns that a common number moves: its outliers are outliers in ten of them at once.
    const row = (): (number | string)[] => {
      const common = normal(next);
      return Array.from({ length: 30 }, (_, at) => (at % 3 === 0 ? Math.exp(common + 0.5 * normal(next)) : at % 3 === 1 ? (unit(next) < 0.003 ? 'rare' : unit(next) < 0.4 ? 'a' : 'b') : unit(next) < 0.002 ? NaN : unit(next)));
    };
    let alarms = 0;
    for (let window = 0; window < 80; window++) {
      const [before, after] = [Array.from({ length: 400 }, row), Array.from({ length: 30 }, row)];
      const columns = Array.from({ length: 30 }, (_, at) => {
        const cells = (rows: (number | string)[][]): (number | string)[] => rows.map((one) => one[at] ?? 0);
        return at % 3 === 1 ? categorical(String(at), cells(before).map(String), cells(after).map(String)) : numeric(String(at), Float64Array.from(cells(before), Number), Float64Array.from(cells(after), Number));
      });
      if (judgeColumns(columns, asked).outcome === 'fail') alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(4);
  }, 60_000);

  it('says nothing of a difference that a million rows make significant and nobody would feel', () => {
    const next = random(1);
    const found = judgeColumns([numeric('x', values(200_000, () => normal(next)), values(200_000, () => normal(next, 0.03)))], asked);
    const [test] = found.columns['x']?.tests ?? [];
    expect(test?.p_bh).toBeLessThan(1e-6);
    expect(found).toMatchObject({ outcome: 'pass', drifted: [] });
  });

  it('finds a shift that matters in fifty rows, the largest first, and says of which column by how much', () => {
    const next = random(2);
    const column = (name: string, mean: number): MeasuredColumn => numeric(name, values(400, () => normal(next)), values(50, () => normal(next, mean)));
    const found = judgeColumns([column('still', 0), column('moved', 1.2), column('far', 3)], asked);
    expect(found.drifted).toEqual(['far', 'moved']);
    expect(found.outcome).toBe('fail');
    expect(found.reasons[1]).toMatch(/^moved: distribution, PSI [\d.]+ above noise \(limit 0\.1, p < 0\.001\)/);
  });

  it('finds missing values, new categories and values outside the range, each by itself', () => {
    const next = random(3);
    const before = values(1000, () => unit(next));
    const found = judgeColumns([
      numeric('holes', before, before.map((value, row) => (row % 10 === 0 ? NaN : value))), numeric('beyond', before, before.map((value, row) => (row % 40 === 0 ? 1.5 : value))),
      categorical('new', Array.from(before, (value) => (value < 0.5 ? 'a' : 'b')), Array.from(before, (value) => (value < 0.03 ? 'c' : value < 0.5 ? 'a' : 'b'))),
    ], asked);
    const what = (name: string): string[] => (found.columns[name]?.tests ?? []).filter(({ drifted }) => drifted).map((test) => test.what);
    expect([what('holes'), what('beyond'), what('new')]).toEqual([['missing'], ['range'], ['distribution', 'unseen']]);
  });

  it('cannot tell of a distribution from fewer than twenty values, nor from none', () => {
    const found = judgeColumns([numeric('few', Float64Array.of(1, 2, 3), Float64Array.of(9, 9, 9)), numeric('none', values(100, () => 1), new Float64Array())], asked);
    expect(found).toMatchObject({ outcome: 'cannot tell', drifted: [] });
    expect(found.reasons).toEqual(['few: fewer than 20 values on a side', 'none: fewer than 20 values on a side']);
    expect(judgeColumns([], asked).outcome).toBe('cannot tell');
  });

  it('says nothing of labels that are not there yet, but of an input that went missing', () => {
    const next = random(9);
    const [before, after] = [values(400, () => normal(next)), values(400, () => (unit(next) < 0.6 ? NaN : normal(next)))];
    const late = numeric('repaid', before, after);
    expect(judgeColumns([late], asked).drifted).toEqual(['repaid']);
    expect(judgeColumns([{ ...late, role: 'label' }], asked)).toMatchObject({ outcome: 'pass', drifted: [] });
  });

  it('takes the limits of a column before those of all', () => {
    const next = random(4);
    const moved = numeric('x', values(400, () => normal(next)), values(400, () => normal(next, 0.6)));
    expect(judgeColumns([moved], asked).drifted).toEqual(['x']);
    expect(judgeColumns([moved], { ...asked, limitsOf: { x: { psi: 5 } } }).drifted).toEqual([]);
  });
});

describe('the noise of PSI', () => {
  it('is what simulation of two samples from the reference gives, on few rows large, the same for the same seed', () => {
    const bins = new Float64Array(10).fill(100);
    const noise = psiNoise(bins, { n: 60, m: 45, seed: 1 });
    expect(noise?.psi_mean).toBeGreaterThan(0.3);
    expect(noise).toEqual(psiNoise(bins, { n: 60, m: 45, seed: 1 }));
    const large = psiNoise(bins, { n: 1000, m: 1000, seed: 1 });
    expect(large?.psi_mean).toBeGreaterThan(0.012);
    expect(large?.psi_mean).toBeLessThan(0.026);
    expect(psiNoise(new Float64Array(3), { n: 10, m: 10, seed: 1 })).toBeNull();
    expect(psiNoise(bins, { n: 10, m: 0, seed: 1 })).toBeNull();
  });
});

