import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, Filter } from '../../../../../src/core/domain/filter/ast';
import { parseOrder } from '../../../../../src/core/domain/filter/order';
import { parseFilter } from '../../../../../src/core/domain/filter/parser';
import { printFilter, printOrder } from '../../../../../src/core/domain/filter/print';

const condition = (text: string): Condition | undefined => parseFilter(text)[0];

describe('a filter', () => {
  it('is conditions, all of them', () => {
    expect(parseFilter("metrics.acc > 0.9 and params.p2 = '3'")).toEqual([
      { key: { entity: 'metric', name: 'acc' }, op: '>', value: { kind: 'number', number: 0.9 } },
      { key: { entity: 'param', name: 'p2' }, op: '=', value: { kind: 'text', text: '3' } },
    ]);
    expect(parseFilter('  ')).toEqual([]);
  });

  it('takes keys in backticks or double quotes, with dots, and without a prefix', () => {
    expect(condition('metrics.`val acc` < -1e-3')).toMatchObject({ key: { entity: 'metric', name: 'val acc' }, value: { number: -1e-3 } });
    expect(condition('params."a ""b""" = \'x\'')).toMatchObject({ key: { name: 'a "b"' } });
    expect(condition("`metrics.a b`>=.5")).toMatchObject({ key: { entity: 'metric', name: 'a b' }, value: { number: 0.5 } });
    expect(condition("tags.mlflow.source.name = 'x'")).toMatchObject({ key: { entity: 'tag', name: 'mlflow.source.name' } });
    expect(condition("Name ilike '%x'")).toMatchObject({ key: { entity: 'attribute', name: 'run_name' }, op: 'ILIKE' });
    expect(condition("metrics.val/loss-1>-1")).toMatchObject({ key: { name: 'val/loss-1' }, op: '>', value: { number: -1 } });
  });

  it('takes every comparison', () => {
    const texts = ["params.a = 'x'", "params.a == 'x'", "params.a != 'x'", "params.a <> 'x'", 'metrics.a <= 1', "params.a LIKE 'x%'", "params.a in ('x','y')", "params.a not in ('x')", 'params.a is null', 'metrics.a IS NOT NULL'];
    expect(texts.map((text) => condition(text)?.op)).toEqual(['=', '=', '!=', '!=', '<=', 'LIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL']);
  });

  it.each([
    ["metrics.a > 1 OR metrics.b > 1", /OR .*character 15/],
    ["(metrics.a > 1)", /parenthesis .*character 1 /],
    ["metrics.a > 1 AND (params.b = '1')", /parenthesis .*character 19/],
    ['metrics.a > 1 metrics.b > 2', /AND is missing .*character 15/],
    ['metrics.a > 1 AND', /condition is missing .*character 18/],
    ["metrics.a > 'x'", /is a number .*character 1 /],
    ['tags.a = 1', /is text .*character 1 /],
    ["params.a > '1'", /can't be compared with > .*character 1 /],
    ['metrics.a >', /value is missing .*character 12/],
    ['metrics.a', /comparison is missing/],
    ['metrics.a like 1', /LIKE/],
    ['metrics.a > abc', /'abc' stands where a value should .*character 13/],
    ["params.a = 'x", /quote .*character 12/],
    ["colour = 'x'", /no attribute 'colour' .*character 1 /],
    ["things.a = 'x'", /begins with none of/],
    ["metrics. > 1", /names no key/],
    ["status = 'gone'", /'gone' is no state/],
    ["params.a IN ()", /value should .*character 14/],
    ["params.a IN ('x'", /comma or a closing/],
    ["params.a IN 'x'", /list in parentheses/],
    ['metrics.a > 1;', /';' means nothing here .*character 14/],
  ])('says where it is wrong: %s', (text, message) => {
    expect(() => parseFilter(text)).toThrowError(expect.objectContaining({ code: 'bad_input', message: expect.stringMatching(message) as string }) as Error);
  });

  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const number = fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
  const keyed = fc.oneof(
    fc.record({ key: fc.record({ entity: fc.constant('metric' as const), name }), op: fc.constantFrom('=', '!=', '<', '<=', '>', '>='), value: number.map((value) => ({ kind: 'number' as const, number: value })) }),
    fc.record({ key: fc.record({ entity: fc.constantFrom('param' as const, 'tag' as const), name }), op: fc.constantFrom('=', '!=', 'LIKE', 'ILIKE'), value: text.map((value) => ({ kind: 'text' as const, text: value })) }),
    fc.record({ key: fc.record({ entity: fc.constantFrom('param' as const, 'tag' as const), name }), op: fc.constantFrom('IN', 'NOT IN'), value: fc.array(text, { minLength: 1, maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })) }),
    fc.record({ key: fc.record({ entity: fc.constantFrom('metric' as const, 'tag' as const), name }), op: fc.constantFrom('IS NULL', 'IS NOT NULL'), value: fc.constant({ kind: 'none' as const }) }),
  );

  it('printed and read again is the same', () => {
    fc.assert(fc.property(fc.array(keyed as fc.Arbitrary<Condition>, { maxLength: 5 }), (filter: Filter) => { expect(parseFilter(printFilter(filter))).toEqual(filter); }));
  });

  it('whatever it holds is read, or refused as bad input', () => {
    const pieces = fc.constantFrom('metrics', '.', 'a', '`', '"', "'", ' ', '>', '=', '1', 'and', 'IN', '(', ')', ',', 'not', 'is', 'null', 'status', '%', '\\', ';');
    fc.assert(fc.property(fc.array(pieces, { maxLength: 14 }).map((all) => all.join('')), (any) => {
      try { parseFilter(any); } catch (error) { expect(error).toMatchObject({ code: 'bad_input' }); }
    }), { numRuns: 500 });
  });
});

describe('an order', () => {
  it('is keys, each up or down', () => {
    expect(parseOrder(['metrics.acc DESC', 'params.`a b`', 'start_time asc'])).toEqual([
      { key: { entity: 'metric', name: 'acc' }, descending: true }, { key: { entity: 'param', name: 'a b' }, descending: false }, { key: { entity: 'attribute', name: 'start_time' }, descending: false },
    ]);
    const terms = parseOrder(['tags."x `y" DESC', 'Created']);
    expect(parseOrder(printOrder(terms))).toEqual(terms);
  });

  it('says where it is wrong', () => {
    expect(() => parseOrder(['metrics.a downwards'])).toThrowError(/neither ASC nor DESC at character 11/);
    expect(() => parseOrder(['metrics.a DESC x'])).toThrowError(/after the end/);
    expect(() => parseOrder([''])).toThrowError(/key is missing/);
  });
});
