// Predictions of the reference cases: as Python's ONNX Runtime made them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openModel } from '../../../../../src/core/evaluation/models/open';
import type { Predictor } from '../../../../../src/core/evaluation/models/types';
import type { ColumnType } from '../../../../../src/protocol/evaluation/request';
import { batchOf, dataOf, tableFromCsv, type Table } from './table';

const root = path.resolve(import.meta.dirname, '../../../../fixtures/reference');
interface Case { label: string; task: string; classes?: (string | number)[]; columns: Record<string, ColumnType>; models?: string[] }
interface Expected { models: Record<string, { predictions?: Record<string, { rows?: number; labels_sha256?: string; probability_sum?: Record<string, number>; probability_weighted_sum?: Record<string, number>; sum?: number; weighted_sum?: number }> }> }
const cases = readdirSync(root).filter((name) => /^p[1-4]_/.test(name));

async function scoreAll(predictor: Predictor, table: Table): Promise<{ labels: string[]; scores: Float64Array; width: number }> {
  const rows = Object.values(table)[0]?.values.length ?? 0;
  const labels: string[] = [];
  const parts: number[] = [];
  let width = 0;
  for (let from = 0; from < rows; from += predictor.batch) {
    const scored = await predictor.score(batchOf(table, from, from + predictor.batch));
    expect([...scored.failed]).toEqual([]);
    labels.push(...(scored.labels ?? []).map(String));
    for (const score of scored.scores ?? []) parts.push(score);
    width = scored.width;
  }
  return { labels, scores: Float64Array.from(parts), width };
}

describe.each(cases)('%s', (name) => {
  const folder = path.join(root, name);
  const { label, classes, columns, task } = JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) as Case;
  const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Expected;
  const table = tableFromCsv(readFileSync(path.join(folder, 'current.csv'), 'utf8'), columns);
  const models = readdirSync(folder).filter((file) => file.endsWith('.onnx'));

  test.each(models)('%s predicts what it does in Python, from the data as they are', async (file) => {
    const known = expected.models[file]?.predictions?.['current'] ?? Object.values(expected.models)[0]?.predictions?.['current'];
    await using predictor = await openModel({ file: path.join(folder, file) }, { workspace: folder, temp: tmpdir(), data: dataOf(table), id: undefined, label, exclude: [], python: null });
    const { labels, scores, width } = await scoreAll(predictor, table);
    const sums = (column: number, weigh: (row: number) => number): number => scores.reduce((sum, score, at) => (at % width === column ? sum + weigh(Math.floor(at / width)) * score : sum), 0);
    if (task === 'regression') {
      expect(sums(0, () => 1)).toBeCloseTo(known?.sum ?? NaN, 1);
      expect(sums(0, (row) => (row % 97) + 1)).toBeCloseTo(known?.weighted_sum ?? NaN, 0);
      expect(predictor.task).toBe('regression');
      return;
    }
    expect(predictor.classes).toEqual(classes?.map(String));
    expect(predictor.task).toBe(task);
    expect(createHash('sha256').update(labels.join('\n')).digest('hex')).toBe(known?.labels_sha256);
    for (const [at, one] of (predictor.classes ?? []).entries()) {
      expect(Math.abs(sums(at, () => 1) - (known?.probability_sum?.[one] ?? NaN))).toBeLessThan(2e-5 * labels.length);
      expect(Math.abs(sums(at, (row) => (row % 97) + 1) - (known?.probability_weighted_sum?.[one] ?? NaN))).toBeLessThan(2e-5 * labels.length);
    }
  });
});
