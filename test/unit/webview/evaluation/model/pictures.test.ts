import { describe, expect, it } from 'vitest';
import type { EvaluationDoc, Figures } from '../../../../../src/protocol/evaluation/result';
import { confusionOf, worstClasses } from '../../../../../webview/evaluation/model/confusion';
import { zip } from '../../../../../webview/evaluation/model/curves';
import { clusters } from '../../../../../webview/evaluation/model/flips';
import { outline } from '../../../../../webview/evaluation/model/histogram';
import { previewKind } from '../../../../../webview/evaluation/model/pictures';
import { sparkline, trendOf } from '../../../../../webview/evaluation/model/trend';

const point = (value: number | null, wide = 0.1) => ({ value, low: value === null ? null : value - wide, high: value === null ? null : value + wide, created: 0, model: 'm' });

describe('sparkline', () => {
  it('goes from left to right, high values on top, within its box', () => {
    const { line, band, last } = sparkline([point(0.1), point(0.5), point(0.9)], 100, 20);
    expect(line).toBe('M3 16.4L50 10L97 3.6');
    expect(band).toMatch(/^M.*Z$/);
    expect([last?.x, last?.y]).toEqual([97, expect.closeTo(3.6)]);
  });
  it('breaks where an evaluation hadn\u2019t the slice', () => expect(sparkline([point(0.1), point(null), point(0.2), point(0.3)], 100, 20).line.match(/M/g)).toHaveLength(2));
  it('draws no line through one point and nothing without any; what is all the same lies in the middle', () => {
    expect(sparkline([point(0.5)], 100, 20)).toMatchObject({ line: '', last: { x: 97 } });
    expect(sparkline([point(null)], 100, 20)).toEqual({ line: '', band: '', last: null });
    expect(sparkline([point(0.5, 0), point(0.5, 0)], 100, 20).last?.y).toBe(10);
  });
  it('reads a slice\u2019s values, all rows under the empty name', () => {
    const trend = { metric: 'accuracy', points: [{ id: 'a', created: 1, model: 'm', values: { '': { value: 0.9, low: 0.8, high: 1, n: 9 } } }] };
    expect(trendOf(trend, null)[0]?.value).toBe(0.9);
    expect(trendOf(trend, 'north')[0]?.value).toBeNull();
    expect(trendOf(null, null)).toEqual([]);
  });
});

describe('outline', () => {
  it('is level over each bin, as a share of all rows, and starts and ends at zero', () => expect(outline([0, 1, 2], [1, 3]).map(({ x, y }) => [x, y])).toEqual([[0, 0], [0, 0.25], [1, 0.75], [2, 0]]));
  it('takes a part\u2019s counts as shares of the whole', () => expect(outline([0, 1, 2], [1, 1], { of: 4 }).map(({ y }) => y)).toEqual([0, 0.25, 0.25, 0]));
  it('is nothing without rows', () => expect([outline([0, 1], [0]), outline([], [])]).toEqual([[], []]));
});

it('curves go from left to right and leave out what has no place, such as the infinite first threshold', () => expect(zip([Infinity, 0.9, 0.1], [0, 0.5, null])).toEqual([{ x: 0.9, y: 0.5 }]));
it('curves that come from right to left are turned round', () => expect(zip([1, 0.5, 0], [3, 2, 1]).map(({ x }) => x)).toEqual([0, 0.5, 1]));

describe('confusionOf', () => {
  it('has counts and the share of each true class', () => {
    const cells = confusionOf({ n: 4, confusion_matrix: [[3, 1], [0, 0]] }, ['no', 'yes']);
    expect(cells?.[0]?.map(({ count, share, right }) => [count, share, right])).toEqual([[3, 0.75, true], [1, 0.25, false]]);
    expect(cells?.[1]?.[0]?.share).toBeNull();
  });
  it('is nothing for a regression or for other classes', () => expect([confusionOf({ n: 1 }, ['a']), confusionOf({ n: 1, confusion_matrix: [[1]] }, ['a', 'b']), confusionOf({ n: 0 } as Figures, [])]).toEqual([null, null, null]));
  it('shows of many classes those with the most wrong rows, in their own order', () => {
    const cells = confusionOf({ n: 9, confusion_matrix: [[1, 0, 0], [0, 1, 5], [0, 2, 1]] }, ['a', 'b', 'c']) ?? [];
    expect(worstClasses(cells, 2)).toEqual([1, 2]);
  });
});

describe('clusters', () => {
  const compared = (n: number, broken: number, fixed: number) => ({ comparison: { n, only_baseline_right: broken, only_candidate_right: fixed }, failed: broken > fixed });
  it('have all rows first, then the slices that lost most, those without flips last', () => {
    const doc = { overall: { compared: compared(100, 10, 20) }, flips: { broken: 10, fixed: 20 }, slices: [['quiet', 50, 0, 0], ['fine', 50, 1, 9], ['bad', 20, 8, 1]].map(([name, n, broken, fixed]) => ({ name, compared: compared(Number(n), Number(broken), Number(fixed)) })) };
    expect(clusters(doc as unknown as EvaluationDoc).map(({ name, net, failed }) => [name, net, failed])).toEqual([['all rows', -0.1, false], ['bad', 0.35, true], ['fine', -0.16, false], ['quiet', 0, false]]);
  });
  it('are none without a baseline, and none where numbers are predicted', () => {
    expect(clusters({ overall: { compared: null }, slices: [], flips: null } as unknown as EvaluationDoc)).toEqual([]);
    expect(clusters({ overall: { compared: { comparison: { n: 4, mae_diff: 1 } } }, slices: [], flips: null } as unknown as EvaluationDoc)).toEqual([]);
  });
});

it('cells that name a picture or a text are told by their ending, and nothing else is', () => {
  expect(['scans/a 1.PNG', 'note.txt', 'https://example.com/a.png', '3.14', 'no', 'a\nb.png', '.png', 7, null].map(previewKind)).toEqual(['image', 'text', null, null, null, null, null, null, null]);
});
