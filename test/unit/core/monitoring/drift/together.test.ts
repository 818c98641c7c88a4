// All columns together stay quiet where nothing drifted: on windows of new rows and of the reference's own, whether columns say much of each other or nothing.
import { expect, it } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { lookTogether, type Named } from '../../../../../src/core/monitoring/drift/multivariate';
import { pcaReconstruction } from '../../../../../src/core/monitoring/measures/pca-reconstruction';

type Row = (number | string)[];
const COLUMNS = Array.from({ length: 30 }, (_, column) => column);

/** Of three kinds: a bell, whole numbers with a long tail, letters. `related`: ten hidden numbers are in three columns each. */
function population(seed: number, related: boolean): () => Row {
  const next = random(seed);
  const bell = (): number => Math.sqrt(-2 * Math.log(1 - unit(next))) * Math.cos(2 * Math.PI * unit(next));
  return () => {
    const hidden = COLUMNS.slice(0, 10).map(bell);
    return COLUMNS.map((column) => {
      const value = related ? (hidden[column % 10] ?? 0) + 0.4 * bell() : bell();
      return column % 3 === 0 ? value : column % 3 === 1 ? Math.floor(Math.exp(value)) : (['rare', 'a', 'b', 'c'][Math.max(0, Math.min(3, Math.floor(value + 2.5)))] ?? 'a');
    });
  };
}
const columnOf = (rows: readonly Row[], column: number): Named['reference'] => {
  const cells = rows.map((row) => row[column] ?? 0);
  return column % 3 === 2 ? { type: 'string', values: cells.map(String), missing: null } : { type: 'float', values: Float64Array.from(cells, Number), missing: null };
};
const look = (reference: readonly Row[], current: readonly Row[], seed: number): ReturnType<typeof lookTogether> =>
  lookTogether(COLUMNS.map((column) => ({ name: String(column), kind: column % 3 === 2 ? 'categorical' as const : 'numeric' as const, reference: columnOf(reference, column), current: columnOf(current, column) })), { seed, signal: new AbortController().signal });

it.each([['nothing of each other', false], ['much of each other', true]])('alarm in at most 5 % of the windows where columns say %s', async (_, related) => {
  const draw = population(1, related);
  const next = random(2);
  const reference = Array.from({ length: 200 }, draw);
  const outcomes: string[] = [];
  for (let window = 0; window < 24; window++) {
    const again = window % 2 === 1;
    const rows = Array.from({ length: [30, 30, 90, 90][window % 4] ?? 30 }, () => (again ? (reference[Math.floor(unit(next) * reference.length)] ?? []) : draw()));
    const found = await look(reference, rows, window);
    outcomes.push(found.some(({ outcome }) => outcome === 'fail') ? 'alarm' : found.every(({ outcome }) => outcome === 'pass') ? 'quiet' : 'cannot tell');
  }
  expect(outcomes.filter((outcome) => outcome === 'alarm').length).toBeLessThanOrEqual(1);
  expect(outcomes).not.toContain('cannot tell');
}, 60_000);

it('and have an error that parts of the reference explain, though nothing ties the columns and one component more or less would do', () => {
  const next = random(3);
  const bell = (): number => Math.sqrt(-2 * Math.log(1 - unit(next))) * Math.cos(2 * Math.PI * unit(next));
  const columns = (rows: number): Float64Array[] => COLUMNS.map(() => Float64Array.from({ length: rows }, bell));
  let beyond = 0;
  for (let trial = 0; trial < 12; trial++) {
    const { value, expected, deviation } = pcaReconstruction(columns(2000), columns(400)) ?? { value: NaN, expected: NaN, deviation: NaN };
    if (!(Math.abs(value - expected) < 3 * deviation)) beyond++;
  }
  expect(beyond).toBeLessThanOrEqual(1);
});
