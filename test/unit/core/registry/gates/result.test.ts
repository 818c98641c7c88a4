import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EdgeConfig, RegistryConfig } from '../../../../../src/core/config/registry';
import { DEFAULT_GATES, defaultRegistry, environmentConfig } from '../../../../../src/core/config/registry';
import { edgeTaken } from '../../../../../src/core/registry/gates/edge';
import { nameOfGate, outcomeOfGates, resultOf, unfit, worstOf } from '../../../../../src/core/registry/gates/result';
import { nextEntry, type LedgerEntry } from '../../../../../src/core/registry/ledger/entry';
import type { Outcome } from '../../../../../src/protocol/evaluation/result';
import type { GateResult } from '../../../../../src/protocol/registry';
import { gate } from './support';

const outcome = fc.constantFrom<Outcome>('pass', 'fail', 'cannot tell');
const one = fc.record({ outcome, letting: fc.boolean() }).map(({ outcome: of, letting }) => resultOf(gate('pinned', { cannotTell: letting ? 'pass' : 'block' }), { outcome: of, reason: 'x', hint: 'y' }));
const severity: Record<Outcome, number> = { pass: 0, 'cannot tell': 1, fail: 2 };

describe('gates together', () => {
  it('a failure always blocks, a pass never, and what can not be told unless it may pass', () => {
    const blocks = (of: Outcome, cannotTell: string): boolean => resultOf(gate('pinned', { cannotTell }), { outcome: of, reason: '' }).blocks;
    expect([blocks('fail', 'pass'), blocks('fail', 'block'), blocks('pass', 'block'), blocks('cannot tell', 'block'), blocks('cannot tell', 'pass')]).toEqual([true, true, false, true, false]);
    expect(unfit(gate('pinned', { cannotTell: 'pass' }), 'x', 'y')).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(resultOf(gate('pinned'), { outcome: 'pass', reason: '', hint: 'nothing to mend' }).hint).toBe('');
  });

  it('come to the worst of those that block, in whatever order, however they are grouped', () => {
    fc.assert(fc.property(fc.array(one), fc.array(one), (some, others) => {
      const all = outcomeOfGates([...some, ...others]);
      expect(outcomeOfGates([...others, ...some])).toBe(all);
      expect(severity[all]).toBe(Math.max(severity[outcomeOfGates(some)], severity[outcomeOfGates(others)]));
      expect(all === 'pass').toBe(![...some, ...others].some(({ blocks }) => blocks));
      expect(outcomeOfGates([...some, ...some])).toBe(outcomeOfGates(some));
    }));
    expect(outcomeOfGates([])).toBe('pass');
  });

  it('one more gate never makes it better', () => {
    fc.assert(fc.property(fc.array(one), one, (some, more: GateResult) => {
      expect(severity[outcomeOfGates([...some, more])]).toBeGreaterThanOrEqual(severity[outcomeOfGates(some)]);
    }));
    fc.assert(fc.property(fc.array(outcome), outcome, (some, more) => {
      expect(severity[worstOf([...some, more])]).toBe(Math.max(severity[worstOf(some)], severity[more]));
    }));
  });

  it('have names that people know', () => {
    expect([gate('metric', { metric: 'roc_auc', min: 1 }), gate('change', { metric: 'mae' }), gate('change'), gate('rule', { command: ['sh', 'x'] }), gate('slices', { name: 'nobody left behind' })].map(nameOfGate))
      .toEqual(['metric roc_auc', 'change of mae', 'change', 'rule sh x', 'nobody left behind']);
  });
});

describe('the move that a promotion is', () => {
  const moved = (...moves: [number, string][]): LedgerEntry[] => {
    const entries: LedgerEntry[] = [];
    for (const [version, environment] of moves) entries.push(nextEntry('a'.repeat(16), entries.at(-1) ?? null, { t: entries.length, by: { name: 'a', email: '' }, kind: 'promoted', model: 'm', version, environment, facts: {}, seen: {} }));
    return entries;
  };
  const config = (edges?: EdgeConfig[], broken?: string): RegistryConfig => ({ ...defaultRegistry(), environments: { qa: environmentConfig.parse({}), staging: environmentConfig.parse({}), production: environmentConfig.parse({}) }, edges, ...(broken !== undefined && { broken }) });
  const to = { model: 'm', version: 2, to: 'production' };
  const pinned = [gate('pinned')];

  it('is any, with the default gates, where no edges are said', () => {
    expect(edgeTaken(config(), [], to)).toEqual({ from: null, gates: DEFAULT_GATES });
    expect(edgeTaken(config(), moved([2, 'staging']), to).from).toBe('staging');
  });

  it('follows the edge from where the version is live now, else one from anywhere', () => {
    const edges: EdgeConfig[] = [{ from: 'staging', to: 'production', gates: pinned }, { from: 'qa', to: 'production' }, { to: 'staging' }];
    expect(edgeTaken(config(edges), moved([2, 'staging']), to)).toEqual({ from: 'staging', gates: pinned });
    expect(edgeTaken(config(edges), moved([2, 'qa']), to)).toEqual({ from: 'qa', gates: DEFAULT_GATES });
    expect(edgeTaken(config(edges), [], { ...to, to: 'staging' })).toEqual({ from: null, gates: DEFAULT_GATES });
    expect(edgeTaken(config([...edges, { from: null, to: 'production', gates: [] }]), [], to)).toEqual({ from: null, gates: [] });
  });

  it('is refused where no edge leads, saying what would', () => {
    const edges: EdgeConfig[] = [{ from: 'staging', to: 'production' }];
    const thrown = (edge: RegistryConfig, entries: LedgerEntry[], where = to): unknown => {
      try { return edgeTaken(edge, entries, where); } catch (error) { return error; }
    };
    // It was there, and another one is now.
    expect(thrown(config(edges), moved([2, 'staging'], [3, 'staging']))).toMatchObject({ code: 'refused', message: "version 2 of m may not move to production: it comes only from staging, where this version isn't live", hint: 'promote it to staging first' });
    expect(thrown(config(edges), [], { ...to, to: 'staging' })).toMatchObject({ code: 'refused', message: 'nothing may move to staging' });
    expect(thrown(config(edges), [], { ...to, to: 'prodution' })).toMatchObject({ code: 'bad_input', hint: "did you mean 'production'?" });
    expect(thrown(config(undefined, "runyard.yaml:4: there is no gate 'x'"), [])).toMatchObject({ code: 'bad_input', message: "what has to be asked before a promotion can't be read: runyard.yaml:4: there is no gate 'x'" });
  });
});
