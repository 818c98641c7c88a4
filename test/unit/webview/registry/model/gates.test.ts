import { describe, expect, test } from 'vitest';
import type { GateResult, HistoryRow } from '../../../../../src/protocol/registry';
import { gatesText, inOrder, lastGates, outdated, reasonMissing } from '../../../../../webview/registry/model/gates';

const gate = (name: string, outcome: GateResult['outcome'], blocks = outcome !== 'pass'): GateResult => ({ kind: 'rule', name, outcome, blocks, reason: '', hint: '', evidence: [] });
const entry = (t: number, version: number, facts: Record<string, unknown>, kind = 'gates'): HistoryRow => ({ hash: String(t), clone: '', n: t, t, by: { name: 'Ana', email: '' }, kind, model: 'm', version, environment: null, text: '', forced: false, facts });

describe('what the ledger remembers of gates', () => {
  const facts = (outcome: string) => ({ to: 'production', outcome, gates: [{ kind: 'slices', name: 'slices', outcome, blocks: outcome !== 'pass', reason: 'north' }], evaluations: ['e1'] });
  test('is the last time that they were asked of this version for this environment', () => {
    const rows = [entry(1, 2, facts('fail')), entry(2, 2, facts('pass')), entry(3, 3, facts('fail')), entry(4, 2, { ...facts('fail'), to: 'staging' }), entry(5, 2, facts('fail'), 'comment')];
    expect(lastGates(rows, 2, 'production')).toMatchObject({ t: 2, outcome: 'pass', evaluations: ['e1'], gates: [{ name: 'slices', evidence: [] }] });
    expect(lastGates(rows, 9, 'production')).toBeNull();
  });
  test('leaves out what can\u2019t be read, and takes a kind of gate that is not known yet', () => {
    expect(lastGates([entry(1, 2, facts('pass')), entry(2, 2, { to: 'production', outcome: 'maybe' })], 2, 'production')?.t).toBe(1);
    expect(lastGates([entry(1, 2, { ...facts('pass'), gates: [{ kind: 'moon', name: 'moon', outcome: 'pass', blocks: false }] })], 2, 'production')?.gates[0]?.name).toBe('moon');
  });
});

test('what speaks against an answer: another live version, words since; nothing once it is live itself', () => {
  const shown = { outcome: 'pass' as const, t: 10, gates: [], evaluations: [], by: null, live: 3 };
  expect(outdated(shown, { version: 4, live: 3, approvals: [{ t: 9 }] })).toBe('');
  expect(outdated(shown, { version: 4, live: 2, approvals: [] })).toBe('version 2 is live there since');
  expect(outdated(shown, { version: 4, live: null, approvals: [] })).toBe('nothing is live there any more');
  expect(outdated(shown, { version: 4, live: 3, approvals: [{ t: 11 }] })).toBe('somebody approved or rejected since');
  expect(outdated(shown, { version: 4, live: 4, approvals: [{ t: 11 }] })).toBe('');
});

test('the sentence over the gates counts what stops the move', () => {
  expect(gatesText([])).toBe('No gates: nothing is asked of it');
  expect(gatesText([gate('a', 'pass')])).toBe('The only gate lets it pass');
  expect(gatesText([gate('a', 'pass'), gate('b', 'cannot tell', false)])).toBe('All 2 gates let it pass');
  expect(gatesText([gate('a', 'fail'), gate('b', 'pass')])).toBe('1 of 2 gates stops it');
  expect(gatesText([gate('a', 'fail'), gate('b', 'cannot tell')])).toBe('2 of 2 gates stop it');
});

test('what stops the move comes first, then what isn\u2019t sure', () => {
  expect(inOrder([gate('pass', 'pass'), gate('let', 'cannot tell', false), gate('open', 'cannot tell'), gate('bad', 'fail')]).map((one) => one.name)).toEqual(['bad', 'open', 'let', 'pass']);
});

test('a reason for forcing has ten characters, without the spaces around it', () => {
  expect([reasonMissing(''), reasonMissing('   down   '), reasonMissing('it is down')]).toEqual([10, 6, 0]);
});
