// What Evidently makes of all columns: from half of them on a data set has drifted; what has no values on a side counts nowhere.
import { expect, it } from 'vitest';
import { evidentlyVerdict } from '../../../../../src/core/monitoring/drift/evidently';
import { numericFigures } from '../../../../../src/core/monitoring/drift/figures';
import type { MeasuredColumn } from '../../../../../src/core/monitoring/drift/figures';
import { sampleOf } from '../../../../../src/core/monitoring/measures/sample';

const ramp = (from: number): number[] => Array.from({ length: 50 }, (_, row) => from + row);
const column = (name: string, [before, after]: [number[], number[]], role: MeasuredColumn['role'] = 'input'): MeasuredColumn => ({ name, role, measured: numericFigures(sampleOf(before), sampleOf(after)) });
const still = column('still', [ramp(0), ramp(0)]);
const moved = column('moved', [ramp(0), ramp(40)]);
const gone = column('gone', [ramp(0), [NaN, Infinity]]);

it('is by the share of the inputs that drifted, without those that have no value on a side', () => {
  expect(evidentlyVerdict([still, moved, gone])).toEqual({ drifted_count: 1, drifted_share: 0.5, dataset_drift: true, skipped_all_missing: ['gone'] });
  expect(evidentlyVerdict([still, still, moved])).toMatchObject({ drifted_count: 1, dataset_drift: false });
  expect(evidentlyVerdict([still, column('label', [ramp(0), ramp(40)], 'label')])).toMatchObject({ drifted_count: 0, drifted_share: 0 });
});

it('is none where no column is left', () => {
  expect(evidentlyVerdict([gone])).toEqual({ drifted_count: 0, drifted_share: null, dataset_drift: null, skipped_all_missing: ['gone'] });
  expect(evidentlyVerdict([])).toEqual({ drifted_count: 0, drifted_share: null, dataset_drift: null, skipped_all_missing: [] });
});
