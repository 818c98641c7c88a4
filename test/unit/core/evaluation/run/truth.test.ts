// Labels, classes and models' outputs, matched by what they mean.
import { describe, expect, test } from 'vitest';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { collectLabels, type RawLabels } from '../../../../../src/core/evaluation/run/labels';
import { inUnit, sayOf, type RawOutput } from '../../../../../src/core/evaluation/run/outputs';
import { truthOf, type OutputFacts } from '../../../../../src/core/evaluation/run/truth';
import { refused } from '../support';

function labels(values: Values): RawLabels {
  const all = collectLabels(values.values.length);
  all.take(values, 0, values.values.length);
  return all.done();
}
const texts = (...values: (string | null)[]) => labels({ type: 'string', values: values.map((one) => one ?? ''), missing: Uint8Array.from(values, (one) => (one === null ? 1 : 0)) });
const ints = (...values: number[]) => labels({ type: 'int', values: Float64Array.from(values), missing: null });
const floats = (...values: number[]) => labels({ type: 'float', values: Float64Array.from(values), missing: null });
const bools = (...values: number[]) => labels({ type: 'bool', values: Uint8Array.from(values), missing: null });
const model = (over: Partial<OutputFacts> = {}): OutputFacts => ({ task: null, classes: null, names: [], width: 0, inUnit: true, ...over });
const label = { label: 'y' };

describe('classes', () => {
  test.each([
    ['whole numbers and the model\'s texts', ints(0, 1, 1), ['0', '1'], [0, 1, 1]],
    ['floats and whole numbers', floats(0, 1, 1), ['0', '1'], [0, 1, 1]],
    ['whole numbers and texts of floats', ints(0, 1, 1), ['0.0', '1.0'], [0, 1, 1]],
    ['booleans and 0 and 1', bools(0, 1, 1), ['0', '1'], [0, 1, 1]],
    ['0 and 1 and booleans', ints(0, 1, 1), ['False', 'True'], [0, 1, 1]],
    ['true in lower case', texts('false', 'true', 'true'), ['False', 'True'], [0, 1, 1]],
    ['texts of another order', texts('b', 'a', 'a'), ['b', 'a'], [0, 1, 1]],
  ])('%s are matched', (_, own, classes, codes) => {
    expect([...(truthOf(own, model({ classes }), label).codes ?? [])]).toEqual(codes);
  });

  test('are all that occur where the model names none: numbers by size', () => {
    expect(truthOf(ints(10, 9, 2), model({ names: ['11'] }), { ...label, task: 'multiclass' }).classes).toEqual(['2', '9', '10', '11']);
    expect(truthOf(bools(1, 1, 1), model(), label).classes).toEqual(['False', 'True']);
  });

  test('of two the positive one is the one that reads so, else the second, else the one that is asked for', () => {
    expect(truthOf(texts('yes', 'no'), model({ classes: ['yes', 'no'] }), label).positive).toBe(0);
    expect(truthOf(texts('a', 'b'), model({ classes: ['a', 'b'] }), label).positive).toBe(1);
    expect(truthOf(texts('a', 'b'), model({ classes: ['a', 'b'] }), { ...label, positive: 'a' }).positive).toBe(0);
    refused(() => truthOf(texts('a', 'b'), model({ classes: ['a', 'b'] }), { ...label, positive: 'c' }), /positive class "c" is none of the classes/);
    refused(() => truthOf(texts('a', 'b', 'c'), model(), { ...label, task: 'binary' }), /binary needs two classes, and there are 3/);
  });
});

describe('a label that is none of the classes', () => {
  test('leaves its rows out and is warned of, with the class next to it', () => {
    const found = truthOf(texts('mobile', 'mobil', 'web', 'mobil', 'zebra'), model({ classes: ['mobile', 'web', 'store'] }), label);
    expect([...(found.codes ?? [])]).toEqual([0, -1, 1, -1, -1]);
    expect([...found.unlabelled.keys()]).toEqual([1, 3, 4]);
    expect(found.warnings).toMatchObject([{ code: 'unseen_label', count: 2, rows: [1, 3], message: expect.stringMatching(/"mobil" of 2 rows \(rows 1, 3\).*nearest is "mobile"/) as string }, { code: 'unseen_label', count: 1, rows: [4] }]);
    expect(found.warnings[1]?.message).not.toMatch(/nearest/);
  });

  test('everywhere is refused, naming both', () => refused(() => truthOf(texts('yes', 'no'), model({ classes: ['0', '1'] }), label), /no label in y \("yes", "no"\) is a class of the model \("0", "1"\)/));
});

test('missing labels and a label with one class are warned of', () => {
  const found = truthOf(texts('a', null, 'a'), model({ classes: ['a', 'b'] }), label);
  expect(found.warnings.map(({ code }) => code)).toEqual(['missing_label', 'one_class']);
  expect(found.unlabelled.get(1)).toBe('no label');
  refused(() => truthOf(texts(null, null), model({ classes: ['a', 'b'] }), label), /no row has a value/);
});

describe('the task', () => {
  test.each([
    ['of numbers with a point is a regression', floats(1.5, 2, 3.25), model({ width: 1 }), 'regression'],
    ['of two numbers and one score in [0, 1] is binary', ints(0, 1), model({ width: 1 }), 'binary'],
    ['of two numbers and one score beyond is a ranking', ints(0, 1), model({ width: 1, inUnit: false }), 'ranking'],
    ['of three texts is multiclass', texts('a', 'b', 'c'), model(), 'multiclass'],
    ['is what the model says', ints(1, 2, 3), model({ task: 'regression' }), 'regression'],
  ])('%s', (_, own, facts, task) => {
    expect(truthOf(own, facts, label).task).toBe(task);
  });

  test('of a regression over texts is refused with the row', () => refused(() => truthOf(texts('12 EUR', '3'), model(), { ...label, task: 'regression' }), /the label y is text \("12 EUR" in row 0\)/));
});

describe("a model's output", () => {
  const raw = (over: Partial<RawOutput>): RawOutput => ({ codes: null, names: [], scores: null, width: 0, failed: new Map(), ...over });
  const two = truthOf(ints(0, 1, 1), model({ classes: ['0', '1'] }), label);
  const saying = { classes: null, threshold: null, who: 'm.onnx' };

  test('of one probability is widened, and its larger side is the label', () => {
    const { model: found } = sayOf(raw({ scores: Float64Array.of(0.2, 0.7, 0.5), width: 1 }), two, saying);
    expect([...(found.predicted ?? [])]).toEqual([0, 1, 0]);
    expect([...(found.probabilities ?? [])]).toEqual([0.8, 0.2, expect.closeTo(0.3, 12), 0.7, 0.5, 0.5]);
  });

  test('is called by the threshold where there is one: at it is positive', () => {
    expect([...(sayOf(raw({ codes: Int32Array.of(0, 0, 0), names: ['0'], scores: Float64Array.of(0.2, 0.7, 0.3), width: 1 }), two, { ...saying, threshold: 0.3 }).model.predicted ?? [])]).toEqual([0, 1, 1]);
  });

  test('with its columns in another order is put in that of the classes', () => {
    expect([...(sayOf(raw({ scores: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.4, 0.6), width: 2 }), two, { ...saying, classes: ['1', '0'] }).model.probabilities ?? [])]).toEqual([0.1, 0.9, 0.8, 0.2, 0.6, 0.4]);
  });

  test('whose classes are called otherwise is in the order of those that were given', () => {
    const named = truthOf(texts('no', 'yes', 'yes'), model({ classes: ['0', '1'] }), { ...label, classes: ['no', 'yes'] });
    const { model: found } = sayOf(raw({ codes: Int32Array.of(0, 1, 1), names: ['0', '1'], scores: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.4, 0.6), width: 2 }), named, { ...saying, classes: ['0', '1'] });
    expect([...(found.predicted ?? [])]).toEqual([0, 1, 1]);
    expect(found.probabilities?.[1]).toBe(0.1);
  });

  test('that is no probability is a score, and says so', () => {
    const scores = raw({ scores: Float64Array.of(-2, 3, 1), width: 1, codes: Int32Array.of(0, 1, 1), names: ['0', '1'] });
    expect(inUnit(scores)).toBe(false);
    const { model: found, warnings } = sayOf(scores, two, saying);
    expect(found.probabilities).toBeNull();
    expect([...(found.scores ?? [])]).toEqual([-2, 3, 1]);
    expect(warnings.map(({ code }) => code)).toEqual(['not_probabilities']);
  });

  test('that is missing or no number leaves the row unscored, with its reason', () => {
    const { model: found } = sayOf(raw({ scores: Float64Array.of(0.1, NaN, 0.3), width: 1, failed: new Map([[2, 'too long a text']]) }), two, saying);
    expect([...found.unscored]).toEqual([[2, 'too long a text'], [1, 'its score is no number']]);
    expect([...(found.predicted ?? [])]).toEqual([0, -1, -1]);
  });

  test('of a label that is none of the classes is wrong, not unscored', () => {
    const { model: found } = sayOf(raw({ codes: Int32Array.of(0, 1, 2), names: ['0', '1', '7'] }), two, saying);
    expect([...(found.predicted ?? [])]).toEqual([0, 1, 2]);
    expect(found.unscored.size).toBe(0);
  });

  test('of more scores than classes is refused without labels, and left out with them', () => {
    const wide = raw({ scores: new Float64Array(9), width: 3 });
    refused(() => sayOf(wide, two, saying), /m\.onnx gives 3 scores a row and no label for 2 classes/);
    expect(sayOf({ ...wide, codes: Int32Array.of(0, 1, 1), names: ['0', '1'] }, two, saying).warnings.map(({ code }) => code)).toEqual(['scores_not_used']);
  });

  test('of a regression may come as labels in text', () => {
    const numbers = truthOf(floats(1, 2, 3.5), model(), { ...label, task: 'regression' });
    const { model: found } = sayOf(raw({ codes: Int32Array.of(0, 1, -1), names: ['1.5', '2'] }), numbers, saying);
    expect([...(found.numbers ?? [])]).toEqual([1.5, 2, NaN]);
    expect([...found.unscored.keys()]).toEqual([2]);
  });
});
