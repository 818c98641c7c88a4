// Figures of other drift libraries where the reference cases don't lead: numbers are what evidently 0.7.23, nannyml 0.13.1, numpy 2.4 and scipy 1.17 gave for the same values.
import { describe, expect, test } from 'vitest';
import { countCategories } from '../../../../../src/core/monitoring/measures/categories';
import { doaneEdges, equalEdges, histogram, ranks, sturgesEdges } from '../../../../../src/core/monitoring/measures/equal-width';
import { evidentlyCategorical, evidentlyNumeric, type EvidentlyFigures } from '../../../../../src/core/monitoring/measures/evidently';
import { exactTail } from '../../../../../src/core/monitoring/measures/kolmogorov-exact';
import { kolmogorovSmirnov } from '../../../../../src/core/monitoring/measures/kolmogorov-smirnov';
import { nannymlCategorical, nannymlNumeric } from '../../../../../src/core/monitoring/measures/nannyml';
import { sampleOf } from '../../../../../src/core/monitoring/measures/sample';
import { countValues } from '../../../../../src/core/monitoring/measures/value-counts';

/** Numbers from 0 to 1 that Python draws alike. */
function drawn(n: number, seed: number, of: (value: number) => number = (value) => value): number[] {
  let state = seed;
  return Array.from({ length: n }, () => of((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 2 ** 31));
}
const upTo = (n: number, of: (k: number) => number): number[] => Array.from({ length: n }, (_, k) => of(k));
const times = (name: string, n: number): string[] => Array.from({ length: n }, () => name);

function evidently(before: number[], after: number[]): ReturnType<typeof evidentlyNumeric> {
  const [a, b] = [sampleOf(before), sampleOf(after)];
  return evidentlyNumeric(a, b, kolmogorovSmirnov(a, b));
}
function said({ psi, js, default: own }: EvidentlyFigures, norm?: number | null): unknown[] {
  return [own?.method, own?.score, own?.drifted, psi, js, ...(norm === undefined ? [] : [norm])];
}
const near = (value: unknown): unknown => (typeof value === 'number' ? expect.closeTo(value, 9) : value);

describe('as Evidently', () => {
  test.each<[string, number[], number[], unknown[]]>([
    ['K-S is exact up to ten thousand values', drawn(800, 1), drawn(3000, 2, (x) => x ** 1.1), ['K-S p_value', 0.005375474053181132, true, 0.02524946333738916, 0.05606448730170912, 0.10789387213328565]],
    ['few reference values against many', upTo(2000, (k) => k % 4), drawn(1500, 5), ['Wasserstein distance (normed)', 0.9497887301187649, true, 9.433468379604953, 0.8325546111576977, 0.9497887301187649]],
    ['few values on both sides are categories', upTo(2000, (k) => k % 3), upTo(1500, (k) => k ** 2 % 3), ['Jensen-Shannon distance', 0.37906694294893967, true, 2.930828289639893, 0.37906694294893967, 0.4080952579419512]],
    ['a floor below the smallest share', upTo(20_001, (k) => (k === 20_000 ? 1 : 0)), upTo(5005, (k) => (k < 5000 ? 0 : 2)), ['Jensen-Shannon distance', 0.01907007632592824, false, 0.016829061661828775, 0.01907007632592824, 0.275503212518034]],
    ['a deviation below the least one', drawn(2000, 1, (x) => x * 1e-4), drawn(2000, 2, (x) => x * 1e-4), ['Wasserstein distance (normed)', 0.0009164490117691458, false, 0.017343461656947844, 0.04652535232913138, 0.0009164490117691458]],
  ])('%s', (_name, before, after, expected) => {
    const found = evidently(before, after);
    expect(said(found, found.wasserstein_norm)).toEqual(expected.map(near));
  });

  test('whole numbers have bins no narrower than 1, numbers with missing ones among them may', () => {
    const [before, after] = [upTo(600_000, (k) => k % 21), drawn(500_000, 3, (x) => Math.floor(x * 21))];
    expect(evidently(before, after).psi).toBeCloseTo(3.397814756802775e-5, 11);
    expect(evidently(before, [...after, NaN]).psi).toBeCloseTo(3.429989320792108e-5, 11);
  });

  test.each<[string, string[], string[], unknown[]]>([
    ['two categories', [...times('a', 30), ...times('b', 20)], [...times('a', 10), ...times('b', 30)], ['Z-test p_value', 0.000898912788114048, true, 0.5264270888716959, 0.2533400933858497]],
    ['three', [...times('a', 30), ...times('b', 20), ...times('c', 5)], [...times('a', 10), ...times('b', 30), ...times('c', 5)], ['chi-square p_value', 4.138497802599125e-5, true, 0.47797521697600437, 0.24130717155156026]],
    ['more than a thousand rows', [...times('a', 900), ...times('b', 200), 'c'], [...times('a', 10), ...times('b', 30), ...times('d', 5)], ['Jensen-Shannon distance', 0.45068712749907297, true, 2.186196051170334, 0.45068712749907297]],
  ])('%s', (_name, before, after, expected) => {
    const { reference, current } = countCategories(before, after);
    expect(said(evidentlyCategorical(reference, current))).toEqual(expected.map(near));
  });

  test('an empty side has no figures', () => {
    const nothing = { psi: null, js: null, default: null };
    expect(evidently([1, 2, 3], [NaN])).toEqual({ ...nothing, wasserstein_norm: null });
    expect(evidently([], drawn(30, 1))).toEqual({ ...nothing, wasserstein_norm: null });
    expect(evidentlyCategorical(Float64Array.of(1, 2), Float64Array.of(0, 0))).toEqual(nothing);
  });
});

describe('as NannyML', () => {
  test.each<[string, number[], number[], number[]]>([
    ['on bins, with values beyond both ends', drawn(12_000, 1), drawn(3000, 2, (x) => x * 1.6 - 0.3), [0.19075, 0.47451928565388196, 0.15870419003082198, 0.46333639168255947]],
    ['on bins, of a constant', upTo(10_000, () => 2.5), [...upTo(50, () => 2.5), ...upTo(10, () => 2.7), 4, 4, 4, 4, 4, 1], [0.2272727272727273, 0.2168328719135301, 0.16666666666682656, 0.21572531319807534]],
    ['a skewed few, with a value on an edge', [1, 2, 3, 4, 5, 6, 7, 8, 9, 30], [0, 1, 4, 5.142857142857143, 30, 31], [0.23333333333333334, 0.4696290255273923, 6.109523809523811, 0.4521652075463075]],
    ['exact below ten thousand', drawn(9000, 1), drawn(3000, 2, (x) => x * 1.6 - 0.3), [0.19077777777777777, 0.4737568903435283, 0.15741522466378907, 0.4627804776098291]],
  ])('%s', (_name, before, after, expected) => expect(Object.values(nannymlNumeric(sampleOf(before), sampleOf(after)) ?? {})).toEqual(expected.map(near)));

  test('one category is no drift, and an empty side no figure', () => {
    expect(nannymlCategorical(Float64Array.of(5), Float64Array.of(7))).toEqual({ chi2: 0, jensen_shannon: 0, l_infinity: 0, hellinger: 0, 'chi2_alert_p_below_0.05': false });
    expect(nannymlCategorical(Float64Array.of(5), Float64Array.of(0))).toBeNull();
    expect(nannymlNumeric(sampleOf([1, 2]), sampleOf([]))).toBeNull();
  });
});

describe('bins of one width', () => {
  test('as numpy has them', () => {
    expect(doaneEdges(sampleOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 30]))).toEqual([1, 5.142857142857143, 9.285714285714286, 13.42857142857143, 17.571428571428573, 21.714285714285715, 25.85714285714286, 30]);
    expect([doaneEdges(sampleOf([1, 2])), doaneEdges(sampleOf([3, 3, 3])), doaneEdges(sampleOf([]))]).toEqual([[1, 2], [2.5, 3.5], []]);
    expect(sturgesEdges(sampleOf([1, 2, 3, 4, 5, 6]), sampleOf([7, 8, 9, 30, 31]))).toEqual([1, 7, 13, 19, 25, 31]);
    expect(sturgesEdges(sampleOf(upTo(30, (k) => k % 6)), sampleOf([]))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(equalEdges(sampleOf([0, 4]), 4)).toEqual([0, 1, 2, 3, 4]);
  });

  test('each has its lower end, the last one both; what is outside is in none', () => {
    expect([...histogram(sampleOf([-1, 0, 0.5, 1, 1, 2, 2, 3]), [0, 1, 2])]).toEqual([2, 4]);
    expect([...histogram(sampleOf([]), [0, 1, 2])]).toEqual([0, 0]);
    expect([...histogram(sampleOf([1]), [])]).toEqual([]);
  });

  test('ranks are those of a count, wherever edges and values lie', () => {
    const values = drawn(500, 9, (x) => Math.round(x * 50));
    const edges = drawn(200, 4, (x) => Math.round(x * 60) - 5).sort((a, b) => a - b);
    const counted = edges.map((edge, k) => values.filter((value) => (k === edges.length - 1 ? value <= edge : value < edge)).length);
    expect([...ranks(sampleOf(values), edges)]).toEqual(counted);
  });
});

test('values are counted on both sides, and given up where the reference has too many', () => {
  const [a, b] = [sampleOf([2, 1, 1, 5, 5, 5]), sampleOf([5, 3, 3, 0])];
  const { reference, current } = countValues(a, b, 3) ?? { reference: [], current: [] };
  expect([[...reference], [...current]]).toEqual([[0, 2, 1, 0, 3], [1, 0, 0, 2, 1]]);
  expect(countValues(a, b, 2)).toBeNull();
});

test('the exact tail is the share of all orders', () => {
  // Of the 6 orders of 2 and 2 values: 2 with a gap of 1, all with at least a half.
  expect([exactTail(2, 2, 4), exactTail(2, 2, 2), exactTail(2, 2, 0)]).toEqual([expect.closeTo(1 / 3, 15), 1, 1]);
  const [a, b] = [sampleOf(drawn(1000, 3)), sampleOf(drawn(9000, 4, (x) => x ** 1.1))];
  expect(exactTail(1000, 9000, Math.round((kolmogorovSmirnov(a, b)?.statistic ?? 0) * 9e6))).toBeCloseTo(0.15705972407813643, 12);
});
