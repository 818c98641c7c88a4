import { describe, expect, test } from 'vitest';
import { judgeCandidate, type Judging } from '../../../../../src/core/monitoring/retrain/verdict';
import type { SideBySide } from '../../../../../src/protocol/monitoring';
import { gateOf } from '../../../../support/registry-rows';

const side = (word: string): SideBySide => ({ metric: 'accuracy', candidate: 0.9, live: 0.88, difference: 0.02, interval: [0.01, 0.03], n: 400, word, evaluation: 'e' });
const gates = (...all: Parameters<typeof gateOf>[0][]): Judging['gates'] => ({ environment: 'production', gates: all.map((one) => gateOf(one)) });
const judged = (given: Partial<Judging>) => judgeCandidate({ version: 3, live: 2, fresh: side('better'), old: side('same'), lost: [], gates: gates({}), noGates: null, promoteTo: undefined, ...given });
const approval = { kind: 'approval', name: 'approval', outcome: 'cannot tell', blocks: true, reason: '0 of 1 approvals' } as const;

describe('a candidate', () => {
  test('waits for a person, however good it is, unless runyard.yaml lets it go on', () => {
    expect(judged({})).toEqual({ state: 'registered', promote: false, text: 'version 3 is better than version 2 on the freshest labelled rows: accuracy 0.9 against 0.88, 400 rows; it waits for a person' });
    expect(judged({ promoteTo: 'production' })).toMatchObject({ state: 'registered', promote: true });
  });

  test('is rejected where it is worse than what is live, on new rows, on old ones, or on a slice of them', () => {
    expect(judged({ fresh: side('worse'), promoteTo: 'production' })).toMatchObject({ state: 'rejected', promote: false, text: expect.stringContaining('freshest') as string });
    expect(judged({ old: side('worse') })).toMatchObject({ state: 'rejected', text: expect.stringContaining('has forgotten') as string });
    expect(judged({ lost: ['low-income', 'young'] })).toMatchObject({ state: 'rejected', text: expect.stringContaining('low-income, young') as string });
    expect(judged({ live: 3 })).toMatchObject({ state: 'rejected', text: expect.stringContaining('the very same model') as string });
  });

  test('is rejected by a gate that no person lifts, and held open by one that a person does, or that nobody can tell', () => {
    expect(judged({ gates: gates({ kind: 'metric', name: 'metric accuracy', outcome: 'fail', blocks: true, reason: 'too low' }) })).toMatchObject({ state: 'rejected', text: 'version 3 fails gates of production: metric accuracy: too low' });
    for (const open of [approval, { kind: 'latency', name: 'latency', outcome: 'cannot tell', blocks: true, reason: 'nobody timed it' } as const]) {
      expect(judged({ gates: gates(open), promoteTo: 'production' })).toMatchObject({ state: 'registered', promote: false, text: expect.stringContaining(`it waits for a person: ${open.name}`) as string });
    }
    expect(judged({ gates: gates({ outcome: 'fail', blocks: false }), promoteTo: 'production' }).promote).toBe(true);
    expect(judged({ gates: null, noGates: 'it has to be in staging first', promoteTo: 'production' })).toMatchObject({ state: 'registered', promote: false, text: expect.stringContaining('staging first') as string });
  });

  test('that is the first of its model is told as that', () => {
    expect(judged({ live: null, fresh: { ...side('cannot tell'), live: null }, old: null }).text).toMatch(/^version 3 is the first: nothing is live/);
  });
});
