import { describe, expect, it } from 'vitest';
import { describeError, RunyardError } from '../../../../../src/core/base/errors';
import { compareDocuments, matches, parseDocumentFilter, parseDocumentOrder, type Grammar, type Lookup } from '../../../../../src/core/domain/filter/documents';

const grammar: Grammar = { attributes: { name: 'text', created: 'number' }, prefixes: { tag: { entity: 'tag', type: 'text' }, metrics: { entity: 'metric', type: 'number' } } };
const look: Lookup = ({ entity, name }) => (entity === 'tag' ? { 'a b': 'x', env: 'Prod' }[name] : entity === 'metric' ? { acc: 0.9 }[name] : { name: 'Loan model', created: 5 }[name]);
const meets = (filter: string): boolean => matches(parseDocumentFilter(filter, grammar), look);

describe('a filter over documents', () => {
  it.each([
    '', "name = 'Loan model'", "attributes.name != 'x'", "name LIKE 'Loan%' AND created >= 5", "name ILIKE 'loan_model'", 'tag.`a b` = \'x\'', 'tag."a b" = "x"', "tag.env IN ('Prod', 'x')",
    "tag.env NOT IN ('x')", 'tag.none IS NULL', 'tag.env IS NOT NULL', 'metrics.acc > 0.5 and metrics.acc < 1',
  ])('is met: %s', (filter) => expect(meets(filter)).toBe(true));

  it.each(["name LIKE 'loan%'", "tag.none = 'x'", "tag.none != 'x'", 'metrics.none < 1', 'created < 5', "tag.env = 'prod'", "name LIKE 'Loan.model'"])('is not met: %s', (filter) => expect(meets(filter)).toBe(false));

  it.each([
    ['nme = 1', /Invalid attribute key 'nme'.*character 1.*valid keys are name, created/], ['params.x = 1', /Invalid attribute key/], ["created = '5'", /without quotes/], ['name = 5', /single quotes/],
    ["name > 'a'", /can't be compared with >/], ["name = 'a' OR name = 'b'", /OR is not part/], ['tag. = 1', /names no key/], ["(name = 'a')", /parenthesis/], ["created LIKE '5'", /can't be compared with LIKE/],
  ])('says what is wrong: %s', (filter, what) => {
    try {
      meets(filter);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof RunyardError)) throw error;
      expect([error.code, describeError(error)]).toEqual(['bad_input', expect.stringMatching(what)]);
    }
  });

  it('orders by several terms, with what lacks a key last either way', () => {
    const rows: Record<string, number | undefined>[] = [{ created: 1, acc: NaN }, { created: 2, acc: 0.1 }, { created: 3 }, { created: 4, acc: 0.1 }];
    const at = (row: Record<string, number | undefined>): Lookup => ({ name }) => row[name];
    const sorted = (...terms: string[]): (number | undefined)[] => [...rows].sort((a, b) => compareDocuments(parseDocumentOrder(terms, grammar), at(a), at(b))).map((row) => row['created']);
    expect(sorted('metrics.acc', 'created DESC')).toEqual([4, 2, 1, 3]);
    expect(sorted('metrics.acc DESC', 'created ASC')).toEqual([2, 4, 1, 3]);
    expect(() => parseDocumentOrder(['name UP'], grammar)).toThrowError(/neither ASC nor DESC/);
    expect(() => parseDocumentOrder(['tag.env'], { ...grammar, orderable: ['name'] })).toThrowError(/can't be ordered by 'env'/);
    expect(() => parseDocumentOrder(['nope'], grammar)).toThrowError(/Invalid attribute key/);
  });
});
