import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CodedColumn } from '../../../../../src/core/evaluation/slices/column';
import { sliceLabel } from '../../../../../src/core/evaluation/slices/predicate';
import { searchSlices } from '../../../../../src/core/evaluation/slices/sliceline';

const file = z.object({
  cases: z.record(z.string(), z.object({
    settings: z.object({ alpha: z.number(), k: z.number(), minSupport: z.number(), depth: z.number() }),
    columns: z.array(z.object({ name: z.string(), labels: z.array(z.string()), codes: z.string() })),
    losses: z.string(),
    expected: z.object({ average_error: z.number(), slices: z.record(z.string(), z.object({ score: z.number(), size: z.number(), error_sum: z.number(), error_max: z.number() })) }),
  })),
});
const { cases } = file.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../../fixtures/slices/sliceline.json'), 'utf8')));

describe('the slices of the sliceline package', () => {
  test.each(Object.entries(cases))('%s: the same, with the same figures', (_, { settings, columns, losses, expected }) => {
    const coded = columns.map(({ name, labels, codes }): CodedColumn => (
      { name, labels, codes: Uint8Array.from(codes, Number), meanings: labels.map((value) => ({ kind: 'equals', value })) }));
    const { slices, meanLoss } = searchSlices(coded, Float64Array.from(losses, Number), settings);
    expect(meanLoss).toBeCloseTo(expected.average_error, 9);
    expect(slices.map((slice) => sliceLabel(coded, slice)).sort()).toEqual(Object.keys(expected.slices).sort());
    for (const slice of slices) {
      const theirs = expected.slices[sliceLabel(coded, slice)];
      expect(slice.score).toBeCloseTo(theirs?.score ?? NaN, 9);
      expect([slice.size, slice.sum, slice.largest]).toEqual([theirs?.size, theirs?.error_sum, theirs?.error_max]);
    }
  });
});
