// Rows that were kept are the rows that were scored.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readScored, writeScored } from '../../../../../src/core/evaluation/run/saved';
import type { Scored } from '../../../../../src/core/evaluation/run/scored';
import { binary, binaryModel, noModel, regression } from '../../../../unit/core/evaluation/run/rows';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-saved-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const again = async (scored: Scored): Promise<Scored> => {
  await writeScored(folder, scored);
  expect(readdirSync(folder)).toEqual(['predictions.parquet']);
  return await readScored(folder, { task: scored.task, classes: [...scored.classes], positive: scored.positive === null ? null : (scored.classes[scored.positive] ?? null), request: { slices: scored.slices } });
};

test('two classes with a baseline, slices, a split, and rows that could not be judged', async () => {
  const scored = binary([1, 0, 1, 0], [0.9, 0.25, NaN, 0.5], {
    unlabelled: new Map([[1, 'label "jes" is none of the classes']]), model: binaryModel([0.9, 0.25, NaN, 0.5], new Map([[2, 'it failed: "quoted", ünïcode\nand a line']])), baseline: binaryModel([0.1, 0.2, 0.3, 0.4]),
    split: ['train', 'test', '(missing)', 'test'], slices: [Uint8Array.of(1, 0, 1, 0), Uint8Array.of(0, 0, 0, 0)],
  });
  scored.truth?.set([-1], 1);
  expect(await again(scored)).toEqual(scored);
});

test('labels outside the classes, and no probabilities', async () => {
  const scored = binary([1, 0], [0, 0], { model: { ...noModel, predicted: Int32Array.of(2, 0) } });
  expect(await again(scored)).toEqual(scored);
});

test('a ranking score', async () => {
  const scored = { ...binary([1, 0], [0, 0]), task: 'ranking' as const, model: { ...noModel, predicted: Int32Array.of(1, 0), scores: Float64Array.of(-3.5, 1e9) } };
  expect(await again(scored)).toEqual(scored);
});

test('several classes', async () => {
  const scored = { ...binary([2, 0], [0, 0]), task: 'multiclass' as const, classes: ['a', 'b', 'c'], positive: null, model: { ...noModel, predicted: Int32Array.of(1, 0), probabilities: Float64Array.of(0.1, 0.7, 0.2, 0.5, 0.25, 0.25) } };
  expect(await again(scored)).toEqual(scored);
});

test('numbers, to the last digit', async () => {
  const scored = regression([1 / 3, NaN, 1e-300], [0.1 + 0.2, 2, NaN], { unlabelled: new Map([[1, 'no label']]), model: { ...noModel, numbers: Float64Array.of(0.1 + 0.2, 2, NaN), unscored: new Map([[2, 'no']]) } });
  expect(await again(scored)).toEqual(scored);
});
