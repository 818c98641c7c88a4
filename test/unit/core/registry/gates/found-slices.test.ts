import { describe, expect, it } from 'vitest';
import { foundSlicesGate, searches, searchSettings } from '../../../../../src/core/registry/gates/found-slices';
import { discoverSettings } from '../../../../../src/protocol/evaluation/request';
import type { DiscoveryDoc, FoundSlice } from '../../../../../src/protocol/evaluation/result';
import type { GateResult } from '../../../../../src/protocol/registry';
import { compared, doc, gate, slice } from './support';

const group = (where: string, effect: number, over: Partial<FoundSlice> = {}): FoundSlice => ({
  label: where, where, columns: ['c'], size: 200, score: 1, errorSum: 1, errorMean: 0.1, errorMax: 1, holds: true, family: -1,
  checked: { rows: 100, mean: effect, effect, interval: [effect - 0.02, effect + 0.02], p: 0.001, p_bh: 0.002, method: '' }, ...over,
});
const discovery = (slices: FoundSlice[], loss: DiscoveryDoc['loss'] = 'zero_one'): DiscoveryDoc => ({
  evaluation: 'e', settings: discoverSettings.parse({ mode: 'worsening', minSupport: 40 }), mode: 'worsening', loss, rows: { searched: 500, checked: 500 }, leftOut: [], slices, families: [], duration: 1,
  sliceline: { average_error: 0, n: 500, found: slices.length, scores_sorted: [], order: [], slices: {} },
});
const none = { doc: doc([]), live: 1, version: 2 };
const judged = (slices: FoundSlice[], config: Record<string, unknown> = {}): GateResult => foundSlicesGate(gate('slices', config), none, { found: discovery(slices) });

describe('no slice worse, where none is defined', () => {
  it('fails by a group that got worse on rows that the search didn\'t see, and says how to keep watch over it', () => {
    const found = judged([group("region = 'south'", 0.12), group("region = 'north'", 0.1, { holds: false })]);
    expect(found).toMatchObject({ outcome: 'fail', blocks: true, evidence: [{ outcome: 'fail', slice: "region = 'south'", metric: 'accuracy', n: 100, difference: -0.12 }] });
    expect(found.reason).toBe("no slices are defined, and a search found 1 group worse than version 1, which is live: region = 'south' is worse by 0.12 in accuracy over 100 rows that the search didn't see, worsening 0.1 to 0.14, p 0.002");
    expect(found.hint).toContain('define it under slices: in runyard.yaml: NAME: "region = \'south\'"');
  });

  it('of groups that overlap names the first; what may be worse does not fail', () => {
    expect(judged([group('a', 0.12, { family: 0 }), group('b', 0.11, { family: 0 }), group('c', 0.1, { family: 1 })]).evidence.map((one) => one.slice)).toEqual(['a', 'c']);
    expect(judged([group('a', 0.12)], { maxWorsening: 0.05 }).outcome).toBe('fail');
    expect(judged([group('a', 0.06)], { maxWorsening: 0.05 }).outcome).toBe('pass');
  });

  it('passes where none is found, saying what was looked at', () => {
    expect(judged([])).toMatchObject({ outcome: 'pass', reason: 'no slices are defined; a search of groups of 40 rows and more found none worse than version 1, which is live' });
  });

  it('can\'t be told where nothing could be searched, and says what to do', () => {
    const of = (failed: string): GateResult => foundSlicesGate(gate('slices'), none, { failed });
    expect(of('a ranking without a threshold calls no row right or wrong')).toMatchObject({
      outcome: 'cannot tell', blocks: true, reason: 'the evaluation loans has no slices, and none could be searched: a ranking without a threshold calls no row right or wrong',
      hint: 'define the groups that matter under slices: in runyard.yaml (NAME: "predicate over the columns"), or cannotTell: pass at the gate',
    });
    expect(of('no column makes groups to search')).toMatchObject({ outcome: 'pass' });
  });

  it('is asked only where something is live and neither evaluation nor gate has slices', () => {
    const whole = { ...none, doc: { ...none.doc, overall: { ...none.doc.overall, compared: compared({ n: 10, lost: 1, won: 1 }) } } };
    expect(searches(gate('slices'), whole)).toBe(true);
    expect(searches(gate('slices', { slices: ['a'] }), whole)).toBe(false);
    expect(searches(gate('slices'), { ...whole, live: null })).toBe(false);
    expect(searches(gate('slices'), { ...whole, doc: { ...whole.doc, slices: [slice('a', compared({ n: 10, lost: 1, won: 1 }))] } })).toBe(false);
    expect(searchSettings(gate('slices', { minSupport: 100, alpha: 0.01 }), whole.doc)).toMatchObject({ mode: 'worsening', minSupport: 100, level: 0.01, check: true });
  });
});
