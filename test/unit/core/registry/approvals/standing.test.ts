import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { approvalOf, lastWords } from '../../../../../src/core/registry/approvals/standing';
import { readCommit, statementText, type Statement } from '../../../../../src/core/registry/approvals/statement';
import { nextEntry, type LedgerEntry, type LedgerFacts } from '../../../../../src/core/registry/ledger/entry';

const ana = { name: 'Ana', email: 'ana@x.org' };
const ben = { name: 'Ben', email: 'Ben@X.org' };
const asked = { model: 'm', version: 2, environment: 'production' };

function said(...words: Partial<LedgerFacts>[]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const word of words) {
    entries.push(nextEntry('a'.repeat(16), entries.at(-1) ?? null, { t: entries.length, by: ana, kind: 'approved', model: 'm', version: 2, environment: 'production', facts: { comment: `${entries.length}`, signature: null }, seen: {}, ...word }));
  }
  return entries;
}
const shown = (entries: LedgerEntry[], more: Partial<Parameters<typeof lastWords>[1]> = {}): string[] => lastWords(entries, { ...asked, ...more }).map(({ entry, judgement, facts }) => `${entry.by.name} ${judgement} ${facts.comment}`);

describe('approvals', () => {
  it('the last word of each person counts, whatever case their address is in', () => {
    expect(shown(said({}, { by: ben }, { by: { name: 'Benjamin', email: 'ben@x.org' }, kind: 'rejected' }, { by: ana, kind: 'rejected' }, { by: ana }))).toEqual(['Benjamin rejected 2', 'Ana approved 4']);
    expect(shown(said({ by: { name: 'Eva', email: '' } }, { by: { name: 'eva', email: '' }, kind: 'rejected' }))).toEqual(['eva rejected 1']);
  });

  it('are of one version and environment, and of the very bytes that were looked at', () => {
    expect(shown(said({ version: 1 }, { model: 'other' }, { environment: 'staging' }, { kind: 'comment' }, { facts: {} }))).toEqual([]);
    const other = said({ facts: { comment: 'x', signature: null, digest: 'other' } });
    expect([shown(other, { digest: 'mine' }), shown(other, { digest: 'other' }), shown(other)]).toEqual([[], ['Ana approved x'], ['Ana approved x']]);
    expect(lastWords(said({}, { environment: 'staging' }), { model: 'm', version: 2 }).map(({ environment }) => environment)).toEqual(['production', 'staging']);
  });

  it("say whose they are: an author's own are marked", () => {
    const [word] = lastWords(said({ by: ben }), asked);
    if (!word) throw new Error('no word');
    expect(approvalOf(word, { authors: [{ name: 'B', email: 'ben@x.org' }], signed: null })).toEqual({ judgement: 'approved', by: ben, t: 0, comment: '0', signed: null, own: true, environment: 'production' });
    expect(approvalOf(word, { authors: [ana], signed: true })).toMatchObject({ own: false, signed: true });
  });
});

describe('what is signed', () => {
  const statement: Statement = { model: 'm', version: 2, digest: 'd'.repeat(64), environment: 'production', judgement: 'approved', comment: 'fine', by: ana };
  it('names model, version, digest, environment, judgement and comment, so that two statements never have one text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const any = fc.record({ model: text, version: fc.integer({ min: 1, max: 30 }), digest: fc.constantFrom('a', 'b'), environment: text, judgement: fc.constantFrom('approved' as const, 'rejected' as const), comment: fc.oneof(text, fc.constant('x\njudgement: approved\ncomment: "x"')), by: fc.constant(ana) });
    fc.assert(fc.property(any, any, (one, other) => {
      const same = JSON.stringify({ ...one, by: 0 }) === JSON.stringify({ ...other, by: 0 });
      expect(statementText(one) === statementText(other)).toBe(same);
    }));
    expect(statementText(statement)).toBe(`Approved: m version 2 for production\n\nmodel: m\nversion: 2\ndigest: ${'d'.repeat(64)}\nenvironment: production\njudgement: approved\ncomment: "fine"\n`);
  });

  it('is read back from the commit with its author', () => {
    const commit = `tree ${'4'.repeat(40)}\nauthor Ana Ü <ana@x.org> 1700000000 +0100\ncommitter C <c@x.org> 1700000000 +0100\ngpgsig -----BEGIN SSH SIGNATURE-----\n author X <x@x.org> 1 +0000\n -----END SSH SIGNATURE-----\n\n${statementText(statement)}`;
    expect(readCommit(commit)).toEqual({ author: { name: 'Ana Ü', email: 'ana@x.org' }, message: statementText(statement) });
    expect([readCommit(''), readCommit('tree x\n\nno author')]).toEqual([null, null]);
  });
});
