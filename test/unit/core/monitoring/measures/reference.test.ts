// Every drift figure of the reference cases from stored columns: ours, and those of other libraries.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { countIn, decileEdges, widthEdges } from '../../../../../src/core/monitoring/measures/bins';
import { countCategories, disappeared, unseen } from '../../../../../src/core/monitoring/measures/categories';
import { chiSquare, goodnessOfFit } from '../../../../../src/core/monitoring/measures/chi-square';
import { evidentlyCategorical, evidentlyNumeric } from '../../../../../src/core/monitoring/measures/evidently';
import { hellinger } from '../../../../../src/core/monitoring/measures/hellinger';
import { jensenShannon } from '../../../../../src/core/monitoring/measures/jensen-shannon';
import { kolmogorovSmirnov } from '../../../../../src/core/monitoring/measures/kolmogorov-smirnov';
import { missingChange } from '../../../../../src/core/monitoring/measures/missing';
import { nannymlCategorical, nannymlNumeric } from '../../../../../src/core/monitoring/measures/nannyml';
import { psi } from '../../../../../src/core/monitoring/measures/psi';
import { sampleOf, summarize, type Sample } from '../../../../../src/core/monitoring/measures/sample';
import { lInfinity, totalVariation } from '../../../../../src/core/monitoring/measures/total-variation';
import { meanShift, wasserstein } from '../../../../../src/core/monitoring/measures/wasserstein';

const folder = path.join(import.meta.dirname, '../../../../fixtures/reference');
interface Case { columns: Record<string, 'float' | 'int' | 'bool' | 'string'>; drift: Record<string, 'numeric' | 'categorical'> }

/** Rows of a reference CSV: quoted fields may hold commas, quotes and line ends; only an empty unquoted field is missing. */
function readCsv(file: string): Record<string, (string | null)[]> {
  const text = readFileSync(file, 'utf8');
  const rows: (string | null)[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^,\n]*)(,|\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) throw new Error(`not CSV at ${pattern.lastIndex}`);
    const [, field = '', end = ''] = found;
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field === '' ? null : field);
    if (end === '\n' && pattern.lastIndex < text.length) rows.push([]);
  }
  const [names = [], ...cells] = rows;
  return Object.fromEntries(names.map((name, at) => [name ?? '', cells.map((row) => row[at] ?? null)]));
}

/** A categorical float is written as Python does: 2.0. */
const asText = (value: string | null, type: string): string | null => (value !== null && type === 'float' && Number.isInteger(Number(value)) ? Number(value).toFixed(1) : value);

function numeric(before: Sample, after: Sample): Record<string, unknown> {
  const edges = decileEdges(before);
  const [p, q] = [countIn(before, edges), countIn(after, edges)];
  const equal = widthEdges(before);
  const ks = kolmogorovSmirnov(before, after);
  const evidently = evidentlyNumeric(before, after, ks);
  const variants = {
    left_closed_bins: psi(countIn(before, edges, 'left'), countIn(after, edges, 'left')),
    equal_width_10_reference_range: equal.length === 0 ? undefined : psi(countIn(before, equal), countIn(after, equal)),
    with_missing_bin: psi([...p, before.missing], [...q, after.missing]), evidently: evidently.psi,
  };
  return {
    reference: summarize(before), current: summarize(after), psi: psi(p, q), psi_variants: variants, bins: { edges, reference_counts: [...p], current_counts: [...q] },
    ks, ...wasserstein(before, after), wasserstein_norm_evidently: evidently.wasserstein_norm, js_distance: jensenShannon(p, q), js_variants: { natural_log: jensenShannon(p, q, Math.E), evidently: evidently.js },
    hellinger: hellinger(p, q), mean_shift_in_reference_std: meanShift(before, after), evidently_default: evidently.default, nannyml: nannymlNumeric(before, after),
  };
}

function categorical(before: (string | null)[], after: (string | null)[]): Record<string, unknown> {
  const counts = countCategories(before, after);
  const { reference: p, current: q } = counts;
  const evidently = evidentlyCategorical(p, q);
  return {
    counts: Object.fromEntries(counts.names.map((name, k) => [name, [p[k], q[k]]])), unseen: unseen(counts), disappeared: disappeared(counts), psi: psi(p, q),
    psi_variants: { with_missing_category: psi([...p, counts.missing.reference], [...q, counts.missing.current]), evidently: evidently.psi },
    chi2: chiSquare(p, q), chi2_yates: chiSquare(p, q, true), chi2_goodness_of_fit: goodnessOfFit(p, q), tv: totalVariation(p, q), linf: lInfinity(p, q),
    js_distance: jensenShannon(p, q), js_variants: { natural_log: jensenShannon(p, q, Math.E), evidently: evidently.js }, hellinger: hellinger(p, q),
    evidently_default: evidently.default, nannyml: nannymlCategorical(p, q),
  };
}

/** The paths at which ours differ: counts and texts exactly, p-values within 1e-8 + 1e-4, figures of other libraries within 1e-8 + 1e-6, others within 1e-9 + 1e-7. */
function differences(expected: unknown, ours: unknown, at: string): string[] {
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).filter(([key]) => key !== 'type').flatMap(([key, value]) => differences(value, (ours as Record<string, unknown> | null | undefined)?.[key], `${at}/${key}`));
  }
  if (typeof expected !== 'number' || typeof ours !== 'number') return (expected ?? null) === (ours ?? null) ? [] : [`${at}: ${String(ours)} against ${String(expected)}`];
  const [abs, rel] = /p_|\/p$/.test(at) ? [1e-8, 1e-4] : /evidently|nannyml/.test(at) ? [1e-8, 1e-6] : [1e-9, 1e-7];
  return Math.abs(ours - expected) <= abs + rel * Math.abs(expected) ? [] : [`${at}: ${ours} against ${expected}`];
}

const read = <T>(...parts: string[]): T => JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8')) as T;
const cases = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && /^p\d/.test(one.name)).map(({ name }) => name);

describe.each(cases)('drift in %s is what SciPy and numpy say of', (name) => {
  const { columns, drift } = read<Case>(name, 'case.json');
  const { drift: { columns: expected, evidently_default, nannyml } } = read<{ drift: { columns: Record<string, Record<string, unknown>>; evidently_default: { columns: Record<string, unknown> }; nannyml: Record<string, unknown> } }>(name, 'expected.json');
  const reference = readCsv(path.join(folder, name, 'reference.csv'));
  const current = readCsv(path.join(folder, name, 'current.csv'));
  test.each(Object.entries(drift))('%s (%s)', (column, kind) => {
    const sides = [reference[column] ?? [], current[column] ?? []] as const;
    const missing = (side: readonly (string | null)[]): { missing: number; n: number } => ({ missing: side.filter((value) => value === null).length, n: side.length });
    const numbers = (side: readonly (string | null)[]): Sample => sampleOf(side.map((value) => (value === null ? NaN : Number(value))));
    const texts = (side: readonly (string | null)[]): (string | null)[] => side.map((value) => asText(value, columns[column] ?? ''));
    const ours = {
      ...(kind === 'numeric' ? numeric(numbers(sides[0]), numbers(sides[1])) : categorical(texts(sides[0]), texts(sides[1]))),
      missing: missingChange(missing(sides[0]), missing(sides[1])),
    };
    expect(differences({ ...expected[column], evidently_default: evidently_default.columns[column] ?? null, nannyml: nannyml[column] }, ours, column)).toEqual([]);
  });
});
