import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../src/core/config/load';
import { parsePinned } from '../../../../../src/core/config/pinned';
import { entryOf } from '../../../../../src/core/evaluation/service/entry';
import { listTests } from '../../../../../src/core/evaluation/service/test-list';
import { id, store } from '../../store/support';
import { docOf, sliceOf } from './support';

const YAML = 'evaluations:\n  car-loan: { data: a.csv }\n  price: { data: b.csv }\nslices:\n  young: age < 30\n  old:\n    where: age > 60\n    evaluations: [car-loan]\n';
const PINNED = '{"evaluation":"car-loan","id":"a/7","expected":"1","note":"rang twice"}\n\n{"evaluation":"elsewhere","id":"8","expected":"1"}\n';

describe('tests of evaluations', () => {
  it('are the whole, the slices and the pinned examples of each evaluation, with where they stand', () => {
    const tests = listTests({ loaded: { file: 'runyard.yaml', ...parseConfig(YAML, 'runyard.yaml') }, pinned: parsePinned(PINNED).pinned, rows: store().evaluations, unfit: new Map([['price', new Set(['young'])]]) });
    expect(tests.map(({ id: at, kind, name, file, line, outcome }) => [at, kind, name, file, line, outcome])).toEqual([
      ['car-loan/overall', 'overall', 'car-loan', 'runyard.yaml', 2, null],
      ['car-loan/slice/young', 'slice', 'young', 'runyard.yaml', 5, null],
      ['car-loan/slice/old', 'slice', 'old', 'runyard.yaml', 6, null],
      ['car-loan/pinned/a%2F7', 'pinned', 'a/7: rang twice', 'pinned-examples.jsonl', 1, null],
      ['price/overall', 'overall', 'price', 'runyard.yaml', 3, null],
      ['elsewhere/pinned/8', 'pinned', '8', 'pinned-examples.jsonl', 3, null],
    ]);
  });

  it('say what came of them last, why, and how it was before, oldest first', () => {
    const { evaluations: rows } = store();
    const example = { id: 'a/7', expected: '1', note: '', by: '', at: '' };
    rows.put(entryOf(docOf(1, { pinned: [{ example, outcome: 'pass', row: 1, predicted: '1', reason: '' }] })));
    rows.put(entryOf(docOf(2, { slices: [sliceOf('young', 'fail', 'accuracy is too low')], outcome: 'fail', pinned: [{ example, outcome: 'fail', row: 1, predicted: '0', reason: 'it came out as 0' }] })));
    rows.put(entryOf(docOf(3, { name: 'other' })));
    const tests = listTests({ loaded: { file: 'runyard.yaml', ...parseConfig(YAML, 'runyard.yaml') }, pinned: parsePinned(PINNED).pinned, rows, unfit: new Map() });
    const of = (at: string) => tests.find((test) => test.id === at);
    expect(of('car-loan/slice/young')).toMatchObject({ outcome: 'fail', message: 'accuracy is too low', duration: null, history: [{ evaluation: id(1), outcome: 'pass' }, { evaluation: id(2), created: 2000, outcome: 'fail' }] });
    expect(of('car-loan/pinned/a%2F7')).toMatchObject({ outcome: 'fail', message: 'it came out as 0' });
    expect(of('car-loan/overall')).toMatchObject({ outcome: 'pass', duration: 1.5, message: expect.stringContaining('accuracy 0.9') as string });
    expect(of('price/overall')).toMatchObject({ outcome: null, history: [] });
  });
});
