import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slicesGate, usualMargin } from '../../../../../src/core/registry/gates/slices';
import type { GateResult } from '../../../../../src/protocol/registry';
import { compared, doc, errors, gate, slice, type Counts } from './support';

const judged = (slices: Record<string, Counts>, config: Record<string, unknown> = {}): GateResult =>
  slicesGate(gate('slices', config), { doc: doc(Object.entries(slices).map(([name, counts]) => slice(name, compared(counts)))), live: 1, version: 2 });
const outcomes = ({ evidence }: GateResult): Record<string, string> => Object.fromEntries(evidence.map((one) => [one.slice ?? '', one.outcome]));
const fine: Counts = { n: 2000, lost: 20, won: 60 };

describe('no slice worse', () => {
  it('stops a version that is better overall and worse on one subgroup, and names it with its figures', () => {
    const found = judged({ north: fine, south: { n: 900, lost: 160, won: 5 }, east: fine });
    expect(found).toMatchObject({ kind: 'slices', outcome: 'fail', blocks: true });
    expect(found.reason).toMatch(/^1 of 3 slices is worse than version 1, which is live: 'south' is worse by 0\.1722 in accuracy \(0\.6278 against 0\.8\) over 900 rows, worsening 0\.14\d+ to 0\.19\d+, p \d+e-\d+$/);
    expect(found.evidence[0]).toMatchObject({ slice: 'south', outcome: 'fail', n: 900, metric: 'accuracy', live: 0.8 });
    expect(found.hint).not.toBe('');
    expect(outcomes(found)).toEqual({ north: 'pass', south: 'fail', east: 'pass' });
  });

  it('passes where each is shown to be worse by less than the margin, if at all', () => {
    expect(judged({ a: fine, b: { n: 1000, lost: 30, won: 25 } })).toMatchObject({ outcome: 'pass', blocks: false, hint: '', reason: 'none of 2 slices is worse than version 1, which is live' });
  });

  it('too few rows, and too wide an interval, can not be told, and say what would tell', () => {
    const found = judged({ few: { n: 29, lost: 9, won: 0 }, wide: { n: 60, lost: 6, won: 6 }, fine });
    expect(outcomes(found)).toEqual({ few: 'cannot tell', wide: 'cannot tell', fine: 'pass' });
    expect(found).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(found.reason).toContain("'few' has 29 rows that both could predict, and 30 are asked for");
    expect(found.reason).toMatch(/'wide' differs by 0 .* can't be told whether it is worse by 0\.05; some \d+ more rows like these would tell/);
    expect(judged({ wide: { n: 60, lost: 6, won: 6 } }, { cannotTell: 'pass' })).toMatchObject({ outcome: 'cannot tell', blocks: false });
    expect(judged({ wide: { n: 60, lost: 6, won: 6 } }, { margin: 0.2 })).toMatchObject({ outcome: 'pass' });
  });

  it('what may be worse does not fail; what is worse by more does; the margin is never below', () => {
    const worse = { n: 2000, lost: 120, won: 40 };
    expect(judged({ worse })).toMatchObject({ outcome: 'fail' });
    expect(judged({ worse }, { maxWorsening: 0.06 })).toMatchObject({ outcome: 'pass' });
    expect(judged({ worse }, { maxWorsening: 0.01 })).toMatchObject({ outcome: 'fail' });
    // 0.04 is more than 0.035, but not beyond noise, and less than 0.05 can't be shown.
    expect(judged({ worse }, { maxWorsening: 0.035 })).toMatchObject({ outcome: 'cannot tell' });
    expect(judged({ worse: { n: 2000, lost: 200, won: 40 } }, { maxWorsening: 0.1 })).toMatchObject({ outcome: 'pass' });
  });

  it('corrects for how many slices were looked at, and only for those with rows enough', () => {
    const edge = { n: 300, lost: 15, won: 4 };
    expect(judged({ edge })).toMatchObject({ outcome: 'fail' });
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}`, { n: 2000, lost: 30, won: 30 }]));
    expect(outcomes(judged({ edge, ...many }))['edge']).toBe('cannot tell');
    const few = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`s${at}`, { n: 20, lost: 0, won: 0 }]));
    expect(outcomes(judged({ edge, ...few }))['edge']).toBe('fail');
    expect(outcomes(judged({ edge, ...many }, { slices: ['edge'] }))).toEqual({ edge: 'fail' });
  });

  it('errors are judged by the paired t, with a tenth of what live has as the margin', () => {
    const wave = (shift: number): number[] => Array.from({ length: 200 }, (_, row) => shift + Math.sin(row * 12.9898) * 2);
    const of = (shift: number, live = 10): string => slicesGate(gate('slices'), { doc: doc([slice('a', errors(wave(shift), live))], { main: { metric: 'mae', goal: 'minimize' } }), live: 1, version: 2 }).outcome;
    expect([of(1.2), of(-1), of(0), of(0, 1)]).toEqual(['fail', 'pass', 'pass', 'cannot tell']);
    expect(usualMargin).toEqual({ score: 0.05, share: 0.1 });
  });

  it('rows that only live could predict may hide a slice', () => {
    const hidden = doc([slice('a', compared(fine))], { unscored: { count: 50, reasons: {}, first: [] } });
    expect(slicesGate(gate('slices'), { doc: hidden, live: 1, version: 2 })).toMatchObject({ outcome: 'cannot tell', reason: expect.stringContaining('50 rows have no prediction, 50 more than of what is live') as string });
    expect(slicesGate(gate('slices'), { doc: { ...hidden, baselineUnscored: hidden.unscored }, live: 1, version: 2 })).toMatchObject({ outcome: 'pass' });
  });

  it('a slice that the evaluation does not have is a wrong gate: it blocks even where cannot tell may pass', () => {
    const found = judged({ north: fine, south: fine }, { slices: ['noth'], cannotTell: 'pass' });
    expect(found).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "the evaluation loans has no slice 'noth'", hint: "did you mean 'north'?" });
  });

  it('nothing live is nothing to be worse than; so is this very version; no slices are none that got worse', () => {
    const at = (live: number | null): GateResult => slicesGate(gate('slices'), { doc: doc([slice('a', null)]), live, version: 2 });
    expect([at(null).outcome, at(2).outcome, at(1).outcome]).toEqual(['pass', 'pass', 'cannot tell']);
    expect(at(null).reason).toBe('nothing is live there yet: there is nothing to be worse than');
    expect(judged({})).toMatchObject({ outcome: 'pass', reason: 'the evaluation loans has no slices: nothing was looked at below all rows' });
  });
});

describe('over any counts', () => {
  const counts = fc.record({ n: fc.integer({ min: 1, max: 400 }), lost: fc.nat(40), won: fc.nat(40) }).map(({ n, lost, won }) => ({ n: Math.max(n, lost + won, 1), lost, won }));
  const slices = fc.array(counts, { minLength: 1, maxLength: 6 });
  const named = (of: readonly Counts[]): Record<string, Counts> => Object.fromEntries(of.map((one, at) => [`s${at}`, one]));

  it('more rows at the same rates never turn a failure into a pass', () => {
    fc.assert(fc.property(slices, fc.integer({ min: 2, max: 4 }), fc.constantFrom(0, 0.02), (of, k, maxWorsening) => {
      const [less, more] = [judged(named(of), { maxWorsening }), judged(named(of.map(({ n, lost, won }) => ({ n: n * k, lost: lost * k, won: won * k }))), { maxWorsening })];
      const later = outcomes(more);
      for (const [name, outcome] of Object.entries(outcomes(less))) if (outcome === 'fail') expect(later[name]).not.toBe('pass');
      if (less.outcome === 'fail') expect(more.outcome).not.toBe('pass');
    }));
  });

  it('the order of slices says nothing, and one more lost row never mends a slice', () => {
    fc.assert(fc.property(slices, (of) => {
      const turned = Object.fromEntries(Object.entries(named(of)).reverse());
      expect(outcomes(judged(turned))).toEqual(outcomes(judged(named(of))));
      const [first, ...rest] = of;
      if (!first || first.lost + first.won >= first.n) return;
      const worse = outcomes(judged(named([{ ...first, lost: first.lost + 1 }, ...rest])))['s0'];
      if (outcomes(judged(named(of)))['s0'] === 'fail') expect(worse).toBe('fail');
    }));
  });

  it('a slice that fails among many fails among fewer of them, too', () => {
    fc.assert(fc.property(slices, (of) => {
      const all = outcomes(judged(named(of)));
      for (const [name, counts] of Object.entries(named(of))) if (all[name] === 'fail') expect(judged({ [name]: counts }).outcome).toBe('fail');
    }));
  });
});
