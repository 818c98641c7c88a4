import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { compileRules } from '../../../../../src/core/serving/rules/compile';
import { lower, upper } from '../../../../../src/core/serving/rules/texts';
import { inDuckdb } from '../../monitoring/log/support';
import { reader } from '../../../../../src/core/serving/rules/evaluate';
import type { ServedColumn } from '../../../../../src/core/serving/types';

const COLUMNS: ServedColumn[] = [
  { name: 'f', type: 'float', nullable: true }, { name: 'g', type: 'float', nullable: true }, { name: 'i', type: 'int', nullable: true }, { name: 'j', type: 'int', nullable: true },
  { name: 'b', type: 'bool', nullable: true }, { name: 's', type: 'string', nullable: true }, { name: 'The city', type: 'string', nullable: true },
];
type Cell = number | string | boolean | null;
const FLOATS = [0, -0, 1, 0.1, 0.2, 0.3, -2.5, 2.5, 1e300, -1e-300, Infinity, -Infinity, 30.1];
const INTS = [0, 1, -1, 2, 7, -7, 30, 9007199254740991];
const TEXTS = ['', 'a', 'A', 'ab', ' ab ', 'Ärger', 'ärger', 'straße', 'Σας', '%', 'a_b', "it's", '\u{1F600}', '\uffee', 'İ'];
const cellOf = ({ type }: ServedColumn): fc.Arbitrary<Cell> => fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: type === 'float' ? fc.constantFrom(...FLOATS) : type === 'int' ? fc.constantFrom(...INTS) : type === 'bool' ? fc.boolean() : fc.constantFrom(...TEXTS) });
const rows = fc.array(fc.tuple(...COLUMNS.map(cellOf)), { minLength: 30, maxLength: 30 });

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const { truth } = fc.letrec<{ number: string; text: string; truth: string }>((tie) => ({
  number: fc.oneof({ depthSize: 'small' },
    fc.constantFrom('f', 'g', 'i', 'j', '"i"', 'f', 'i'), fc.constantFrom('0', '1', '-1', '2.5', '0.10', '.3', '1e-3', '30', '7.0', '1e0', 'NULL'),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(fc.constantFrom('i', 'j', '7', '-2'), fc.constantFrom('%', '//'), fc.constantFrom('i', 'j', '3', '0')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(fc.constantFrom('abs', 'floor', 'ceil', 'round', 'trunc', '-'), tie('number')).map(([name, a]) => `${name}(${a})`),
    fc.tuple(fc.constantFrom('greatest', 'least', 'coalesce', 'nullif'), tie('number'), tie('number')).map(([name, a, b]) => `${name}(${a}, ${b})`),
    tie('text').map((a) => `length(${a})`),
    fc.tuple(tie('truth'), tie('number'), tie('number')).map(([when, a, b]) => `(CASE WHEN ${when} THEN ${a} ELSE ${b} END)`),
  ),
  text: fc.oneof({ depthSize: 'small' },
    fc.constantFrom('s', '"The city"'), fc.constantFrom(...TEXTS).map(quoted),
    fc.tuple(fc.constantFrom('lower', 'upper', 'trim', 'ltrim', 'rtrim'), tie('text')).map(([name, a]) => `${name}(${a})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} || ${b})`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `coalesce(${a}, ${b})`),
  ),
  truth: fc.oneof({ depthSize: 'small' },
    fc.constantFrom('b', 'NOT b', 'b = true', "b = 'false'", 'b IS NULL', 'f IS NOT NULL', "i = '7'", "f < '0.25'", 'isinf(f)', 'i = b'),
    fc.tuple(tie('number'), fc.constantFrom('=', '<>', '<', '>', '<=', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'), tie('number')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('text'), fc.constantFrom('=', '<>', '<', '>=', 'IS DISTINCT FROM'), tie('text')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('number'), fc.constantFrom('IN', 'NOT IN'), tie('number'), tie('number')).map(([a, op, b, c]) => `(${a} ${op} (${b}, ${c}))`),
    fc.tuple(tie('text'), fc.constantFrom('IN', 'NOT IN'), tie('text'), tie('text')).map(([a, op, b, c]) => `(${a} ${op} (${b}, ${c}))`),
    fc.tuple(tie('number'), fc.constantFrom('BETWEEN', 'NOT BETWEEN'), tie('number'), tie('number')).map(([a, op, b, c]) => `(${a} ${op} ${b} AND ${c})`),
    fc.tuple(tie('text'), fc.constantFrom('LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE'), fc.constantFrom('a%', '%b', '_', '%', 'Ä%', '%_b%', '%s')).map(([a, op, b]) => `(${a} ${op} ${quoted(b)})`),
    fc.tuple(fc.constantFrom('contains', 'starts_with', 'ends_with'), tie('text'), tie('text')).map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(tie('truth'), fc.constantFrom('AND', 'OR'), tie('truth')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('truth').map((a) => `(NOT ${a})`),
    fc.tuple(tie('number'), tie('text')).map(([a, b]) => `(${a} IS NULL OR ${b} IS NOT NULL)`),
  ),
}));

function valuesOf({ type }: ServedColumn, cells: readonly Cell[]): Values {
  const missing = Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0));
  if (type === 'string') return { type, values: cells.map((cell) => String(cell ?? '')), missing };
  return type === 'bool' ? { type, values: Uint8Array.from(cells, (cell) => (cell === true ? 1 : 0)), missing } : { type, values: Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell))), missing };
}

const sqlCell = ({ type }: ServedColumn, cell: Cell): string => (cell === null ? 'NULL' : type === 'string' ? quoted(String(cell)) : type === 'float' ? `'${Object.is(cell, -0) ? '-0' : cell === Infinity ? 'inf' : cell === -Infinity ? '-inf' : cell}'::DOUBLE` : String(cell));

/** Each predicate on each row by DuckDB; an error (a number beyond its type, say) in place of a list. */
async function byDuckdb(predicates: readonly string[], data: readonly (readonly Cell[])[]): Promise<((boolean | null)[] | Error)[]> {
  const database = await createDatabase({ threads: 1 });
  try {
    return await database.use(async (session) => {
      await session.run(`CREATE TABLE data (n INTEGER, ${COLUMNS.map(({ name, type }) => `"${name}" ${{ float: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', string: 'VARCHAR' }[type]}`).join(', ')})`);
      await session.run(`INSERT INTO data VALUES ${data.map((row, n) => `(${[n, ...row.map((cell, at) => sqlCell(COLUMNS[at] as ServedColumn, cell))].join(', ')})`).join(', ')}`);
      const found: ((boolean | null)[] | Error)[] = [];
      for (const predicate of predicates) {
        try {
          found.push((await session.rows(`SELECT CAST(${predicate} AS BOOLEAN) AS x FROM data ORDER BY n`)).map(({ x }) => x as boolean | null));
        } catch (error) {
          found.push(error as Error);
        }
      }
      return found;
    });
  } finally {
    database.close();
  }
}

const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : (value as { items: unknown[] }).items);

describe("a rule's predicate", () => {
  test('says of every row what DuckDB says of it, where it can be asked at all', async () => {
    let asked = 0;
    const left: string[] = [];
    const seed = Number(process.env['SEED'] ?? 7);
    for (const [at, data] of fc.sample(rows, { numRuns: Number(process.env['RUNS'] ?? 2), seed }).entries()) {
      const predicates = fc.sample(truth, { numRuns: 100, seed: seed + at });
      const { rules, problems } = await compileRules({ rules: predicates.map((when, place) => ({ name: String(place), when, on: 'input' as const })), columns: COLUMNS, outputs: [] });
      left.push(...problems.map(({ name, message }) => `${predicates[Number(name)] ?? ''}: ${message}`));
      const columns = Object.fromEntries(COLUMNS.map((column, place) => [column.name, valuesOf(column, data.map((row) => row[place] ?? null))]));
      const said = await byDuckdb(predicates, data);
      for (const { name, tree } of rules) {
        const theirs = said[Number(name)];
        if (theirs === undefined || theirs instanceof Error) continue;
        asked += 1;
        const holds = reader(tree);
        const ours = data.map((_, row) => holds(columns, row));
        const other = ours.findIndex((value, row) => value !== theirs[row]);
        if (other >= 0) throw new Error(`${predicates[Number(name)] ?? ''} on ${JSON.stringify(data[other]?.map(String))}: DuckDB says ${String(theirs[other])}, we say ${String(ours[other])}`);
      }
    }
    expect(asked, left.join('\n')).toBeGreaterThan(120);
  });

  test('in each letter of upper and lower case is as DuckDB has it, but for the newest of Unicode', async () => {
    const letters = ['ß', 'İ', 'ı', 'ᾀ', 'ᾠ', 'ᾳ', 'ῃ', 'ῳ', 'ς', 'Σ', 'ŉ', 'ﬁ', 'Ǆ', 'ǅ'];
    const [lowered, uppered] = [letters.map(lower), letters.map(upper)];
    const [row] = await inDuckdb(`SELECT [${letters.map((one) => `lower('${one}')`).join(', ')}] AS l, [${letters.map((one) => `upper('${one}')`).join(', ')}] AS u`);
    expect([lowered, uppered]).toEqual([itemsOf(row?.['l']), itemsOf(row?.['u'])]);
  });

  test.each([
    ["regexp_matches(s, '^a')", 'regexp_matches can\'t be asked of each request', 0],
    ['f > 1 AND sqrt(g) > 2', "sqrt can't be asked of each request", 10],
    ['f >', 'it breaks off: something is missing at its end', 2],
    ['nothere > 1', 'there is no column nothere', 0],
    ['f', 'f is a number, not true or false', 0],
    ["s = 3", 's is a text and the other side is a number: they don\'t compare; put quotes around the value, or cast the column', 0],
    ['prediction = 1', 'there is no column prediction', 0],
  ])('that can\'t be asked is a problem with its place: %s', async (when, message, from) => {
    const { rules, problems } = await compileRules({ rules: [{ name: 'r', when, on: 'input' }], columns: COLUMNS, outputs: [{ name: 'prediction', type: 'string', nullable: true }] });
    expect(rules).toEqual([]);
    expect(problems).toMatchObject([{ name: 'r', from, message: expect.stringContaining(message) as unknown }]);
  });

  test('on the output sees prediction and score too', async () => {
    const { rules, problems } = await compileRules({ rules: [{ name: 'r', when: "prediction = 'yes' AND score < 0.6 AND i > 3", on: 'output' }], columns: COLUMNS, outputs: [{ name: 'prediction', type: 'string', nullable: true }, { name: 'score', type: 'float', nullable: true }] });
    expect(problems).toEqual([]);
    expect(rules[0]?.columns).toEqual(['prediction', 'score', 'i']);
  });
});
