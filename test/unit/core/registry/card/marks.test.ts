import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressed, cardAddress, decodePart, encodePart, markOf, readMarks } from '../../../../../src/core/registry/card/marks';

const faults = (text: string): string[] => readMarks(text).faults.map(({ start, end, message }) => `${text.slice(start, end)}: ${message.split(':')[0] ?? ''}`);

describe('marks', () => {
  test('of a figure give its key, its evidence and where its text stands', () => {
    const text = 'accuracy <!-- ry:evaluation/loans/accuracy @0123abcd -->0.922 (0.884 to 0.948)<!-- /ry --> on test';
    const { figures: [figure], faults: none } = readMarks(text);
    expect(figure).toMatchObject({ key: 'evaluation/loans/accuracy', evidence: '0123abcd', within: null });
    expect(text.slice(figure?.from, figure?.to)).toBe('0.922 (0.884 to 0.948)');
    expect(text.slice(figure?.start, figure?.end)).toBe(markOf('evaluation/loans/accuracy', { evidence: '0123abcd', text: '0.922 (0.884 to 0.948)', block: false }));
    expect(none).toEqual([]);
  });
  test('are read however many spaces stand in the comments', () => {
    expect(readMarks('<!--ry:a/b-->1<!--  /ry  --><!--\try:card loans/3 -->')).toMatchObject({ figures: [{ key: 'a/b', evidence: null }], card: { address: 'loans/3' }, faults: [] });
  });
  test('say which figures stand in what a person wrote', () => {
    expect(readMarks('<!-- ry:write limits -->it gets <!-- ry:a/b -->1<!-- /ry --> right<!-- /ry:write --><!-- ry:c/d -->2<!-- /ry -->')).toMatchObject({
      figures: [{ key: 'a/b', within: 'limits' }, { key: 'c/d', within: null }], writings: [{ id: 'limits' }], faults: [],
    });
  });
  test("leave other people's comments alone", () => expect(readMarks('<!-- rye bread --><!-- ry --><!-- a note: ry:x -->')).toMatchObject({ figures: [], faults: [] }));
});

describe('faults', () => {
  test.each([
    ['an end without a beginning', 'x<!-- /ry -->', ['<!-- /ry -->: no figure begins before this end']],
    ['a figure without an end', '<!-- ry:a/b -->1', ['<!-- ry:a/b -->: the figure a/b has no end']],
    ['a figure within another: the outer has no end, the inner one holds', '<!-- ry:a/b -->1<!-- ry:c/d -->2<!-- /ry -->3<!-- /ry -->', ['<!-- ry:a/b -->: the figure a/b has no end', '<!-- /ry -->: no figure begins before this end']],
    ['a comment that never ends', '<!-- ry:a/b 1\nx', ['<!-- ry:a/b 1: this comment has no end in its line']],
    ['a mark that none knows', '<!-- ry:a b c -->', ['<!-- ry:a b c -->: this is no mark that Runyard knows']],
    ['text for a section that never ends', '<!-- ry:write limits -->x', ['<!-- ry:write limits -->: the text for limits has no end']],
    ['a second text within the first', '<!-- ry:write limits -->x<!-- ry:write asked -->y<!-- /ry:write -->', ['<!-- ry:write asked -->: this stands in the text for limits, which has no end before it']],
    ['an end of a text that never began', '<!-- /ry:write -->', ['<!-- /ry:write -->: nothing to write begins before this end']],
    ['a second card', '<!-- ry:card a/1 --><!-- ry:card b/2 -->', ['<!-- ry:card b/2 -->: a card is of one version']],
  ])('%s', (_, text, expected) => expect(faults(text)).toEqual(expected));
});

test('any name can be part of a mark: it comes back, and no comment ends early', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.nat(), (name, version) => {
    const part = encodePart(name);
    expect(part).not.toMatch(/[\s/@<>]|--/);
    expect(decodePart(part)).toBe(Buffer.from(name).toString());
    const { figures, faults: none } = readMarks(markOf(`evaluation/${part}/accuracy`, { evidence: 'ab', text: '1', block: false }));
    expect([figures[0]?.key, none]).toEqual([`evaluation/${part}/accuracy`, []]);
    if (name !== '') expect(addressed(cardAddress(name, version + 1))).toEqual({ model: Buffer.from(name).toString(), version: version + 1 });
  }));
});
test.each(['loans', 'loans/0', 'loans/x', '/3', '%E0%A4%A/3', 'a/b/3'])('%s is no address of a version', (address) => expect(addressed(address)).toBeNull());
