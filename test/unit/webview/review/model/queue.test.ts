import { describe, expect, it } from 'vitest';
import type { ReviewItem } from '../../../../../src/protocol/monitoring';
import { current, empty, judged, keyOf, left, loaded, moved, saved, takenBack, type Going, type Said } from '../../../../../webview/review/model/queue';
import { cellRows, cellText } from '../../../../../webview/review/model/words';

const item = (request: string): ReviewItem => ({ request, row: 0, time: 0, version: 1, source: 'random', why: '', value: 0, prediction: 'a', probabilities: {}, cells: {}, odd: {}, judged: [] });
const said: Said = { judgement: 'right', answer: null, comment: '', saving: true };
const start = (): Going => loaded(empty, ['a', 'b', 'c'].map(item), null);
const at = (going: Going): string | undefined => current(going)?.request;

describe('rows that are judged one after the other', () => {
  it('go on to the next that nobody has judged, and stay at the last', () => {
    let going = judged(start(), said);
    expect([at(going), left(going)]).toEqual(['b', 2]);
    going = judged(moved(going, 1), said);
    expect(at(going)).toBe('b');
    going = judged(going, said);
    expect([at(going), left(going)]).toEqual(['b', 0]);
  });

  it('come back as they were when a word is taken back, whatever came after it', () => {
    const before = start();
    const after = takenBack(saved(judged(before, said), '0 a'), '0 a');
    expect(after).toEqual(before);
    expect(at(takenBack(judged(judged(before, said), said), '0 b'))).toBe('b');
    expect(takenBack(before, '0 gone')).toEqual(before);
  });

  it('are found again by their key after a reload, and moving ends at both ends', () => {
    expect(at(loaded(empty, ['a', 'b'].map(item), keyOf(item('b'))))).toBe('b');
    expect(at(loaded(empty, ['a', 'b'].map(item), 'gone'))).toBe('a');
    expect([at(moved(start(), -5)), at(moved(start(), 5)), at(moved(empty, 1))]).toEqual(['a', 'c', undefined]);
  });
});

it('cells that the reference doesn\'t have come first; what is missing is said', () => {
  expect(cellRows({ cells: { a: 1, b: 2, c: null }, odd: { b: 'above' } }).map(({ name, odd }) => [name, odd])).toEqual([['b', 'above'], ['a', null], ['c', null]]);
  expect([cellText(null), cellText(0.1 + 0.2), cellText(12_345_678), cellText(true)]).toEqual(['missing', '0.3', '12345678', 'true']);
});
