// Labels that are probably another one misspelt, where no model says what the classes are.
import { describe, expect, test } from 'vitest';
import { collectLabels, type RawLabels } from '../../../../../src/core/evaluation/run/labels';
import { truthOf, type OutputFacts } from '../../../../../src/core/evaluation/run/truth';
import { probableTypos } from '../../../../../src/core/evaluation/run/typos';
import { refused } from '../support';

function texts(...parts: [string, number][]): RawLabels {
  const values = parts.flatMap(([name, times]) => Array<string>(times).fill(name));
  const all = collectLabels(values.length);
  all.take({ type: 'string', values, missing: null }, 0, values.length);
  return all.done();
}
const typos = (predicted: string[], ...parts: [string, number][]) => Object.fromEntries(probableTypos(texts(...parts), predicted));
const model = (over: Partial<OutputFacts> = {}): OutputFacts => ({ task: null, classes: null, names: [], width: 0, inUnit: true, ...over });

describe('a label that the model never gives', () => {
  test('is a typo where only case and blanks differ, or where it is one edit away and rare', () => {
    expect(typos(['yes', 'no'], ['yes', 500], ['no', 500], ['yess', 3], ['Yes ', 2], ['NO', 90])).toEqual({ yess: 'yes', 'Yes ': 'yes', NO: 'no' });
    expect(typos(['mobile'], ['mobile', 500], ['web', 400], ['mboile', 1])).toEqual({});
    expect(typos(['insurance'], ['insurance', 500], ['insruance', 1])).toEqual({ insruance: 'insurance' });
  });

  test('is a class of its own where it is common, short, a number, or near none', () => {
    expect(typos(['cars'], ['cars', 500], ['cats', 40])).toEqual({});
    expect(typos(['cat'], ['cat', 500], ['car', 1])).toEqual({});
    expect(typos(['10'], ['10', 500], ['11', 1], ['1000', 1])).toEqual({});
    expect(typos(['north', 'south'], ['north', 500], ['south', 500], ['east', 1])).toEqual({});
  });

  test('is a class of its own where the model gives it', () => expect(typos(['yes', 'yess'], ['yes', 500], ['yess', 1])).toEqual({}));

  test('is held against the commonest where the model gives scores only', () => expect(typos([], ['yes', 500], ['Yes', 1], ['no', 400])).toEqual({ Yes: 'yes' }));
});

describe('with typos among the labels', () => {
  const own = texts(['no', 300], ['yes', 300], ['yess', 2], ['NO', 1]);

  test('two classes stay two, and the rows of each typo are named and count in no figure', () => {
    const found = truthOf(own, model({ names: ['yes', 'no'] }), { label: 'y' });
    expect(found).toMatchObject({ task: 'binary', classes: ['no', 'yes'], positive: 1 });
    expect([...found.unlabelled.keys()]).toEqual([600, 601, 602]);
    expect(found.warnings).toMatchObject([
      { code: 'unseen_label', rows: [600, 601], message: 'label "yess" of 2 rows (rows 600, 601) is probably a typo of "yes"', hint: expect.stringMatching(/correct it in the data, else name it among the classes/) as string },
      { code: 'unseen_label', rows: [602], message: 'label "NO" of 1 row (row 602) is probably a typo of "no"' },
    ]);
  });

  test('scores alone are still a binary task', () => expect(truthOf(own, model({ width: 1 }), { label: 'y' })).toMatchObject({ task: 'binary', classes: ['no', 'yes'] }));

  test('classes that a person named are what counts', () => {
    const found = truthOf(own, model({ names: ['yes', 'no'] }), { label: 'y', classes: ['no', 'yes', 'yess', 'NO'] });
    expect(found.unlabelled.size).toBe(0);
    expect(found.warnings).toEqual([]);
  });
});

test('a regression names the label that is no number, not the first that was read as text because of it', () => {
  refused(() => truthOf(texts(['1.5', 2], ['nan', 1]), model({ task: 'regression' }), { label: 'y' }), /"nan" in row 2/);
});
