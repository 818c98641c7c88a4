import { describe, expect, test } from 'vitest';
import { blockedLines, changeLines, liveWords, nameFault, onlyApproval, personName, planLines, promotedWords, reasonFault, rolledBackWords, versionWords, waitingWords } from '../../../../src/extension/registry/words';
import { evaluationSummary } from '../../../support/evaluation-rows';
import { gateOf, gateReport, liveRow, planOf, promotion, versionRow, waitingRow } from '../../../support/registry-rows';

const hour = 3_600_000;
const hook = { name: 'notify', command: ['notify'], outcome: 'done' as const, status: 0, duration: 1, output: '', rolledBack: false };

describe('what is live', () => {
  test('says the version, since when, and what a person should know', () => {
    expect(liveWords(liveRow({ version: 3 }), 50 * hour)).toBe('version 3 · since 2 d ago');
    expect(liveWords(liveRow({ forced: true, whole: false }), 1000)).toBe('version 1 · forced · just now · its files are not what the ledger says');
    expect(liveWords(liveRow({ version: null, since: null }), 0)).toBe('nothing is live');
  });
  test('of a version stands before what it is called and how it did', () => {
    expect(versionWords(versionRow({ live: ['production'], aliases: ['champion'], evaluation: evaluationSummary({ value: 0.9123 }), here: false }))).toBe('live in production · @champion · pass accuracy 0.9123 · 4.2 MB · weights not here');
    expect(versionWords(versionRow())).toBe('not evaluated · 4.2 MB');
  });
  test('what waits says how many have spoken', () => {
    expect(waitingWords(waitingRow({ need: 2, have: 1 }), 5 * 60_000)).toBe('1 of 2 approvals · asked 5 min ago');
  });
  test('a person without a name is known by the address', () => {
    expect([personName({ name: '', email: 'a@b' }), personName({ name: '', email: '' })]).toEqual(['a@b', 'somebody']);
  });
});

describe('a plan', () => {
  test('says all that will be other than now', () => {
    const plan = planOf({ metric: 'accuracy', fromValue: 0.88, toValue: 0.91, hooks: ['notify'], changes: [{ slice: 'young', metric: 'accuracy', from: 0.9, to: 0.8, n: 1200 }] });
    expect(planLines(plan, { now: 2 * hour, rollback: false, reason: 'better' })).toEqual([
      'production now: version 1, live since 2 h ago', 'production then: version 2', 'accuracy: 0.88 → 0.91 (+0.03)', 'Slices that change most, by accuracy:', '   young: 0.9 → 0.8 (−0.1), 1,200 rows',
      '', 'Written to .runyard/models/car-loan/production: 1 file, 4.2 MB', 'Run after it: notify', 'Reason: better', '', 'The gates are asked first. Where one stops it nothing changes.',
    ]);
  });
  test('that is forced names what is passed over, and that it stays known', () => {
    const lines = planLines(planOf(), { now: 0, rollback: false, forced: ['slices fails: young is worse'] });
    expect(lines.at(-2)).toBe('Passed over: slices fails: young is worse.');
    expect(lines.at(-1)).toContain('for ever');
  });
  test('where nothing is live says so, and where nothing was evaluated claims no figures', () => {
    const lines = planLines(planOf({ from: null, since: null }), { now: 0, rollback: false });
    expect(lines[0]).toBe('production now: nothing is live');
    expect(lines.join('\n')).not.toMatch(/→/);
    expect(planLines(planOf(), { now: 0, rollback: false })).toContain('Not evaluated against each other yet: version 2 and version 1.');
  });
  test('of going back says what is verified before', () => {
    expect(planLines(planOf(), { now: 0, rollback: true }).at(-1)).toMatch(/golden predictions/);
  });
  test('shows the slices that change most, those nobody can tell last, and counts the rest', () => {
    const slice = (name: string, to: number | null) => ({ slice: name, metric: 'accuracy', from: 0.9, to, n: 10 });
    const lines = changeLines([slice('unknown', null), slice('small', 0.89), slice('large', 0.5), ...Array.from({ length: 5 }, (_, at) => slice(`s${at}`, 0.7))]);
    expect(lines[1]).toContain('large');
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toBe('   and 2 more');
    expect(lines.join('\n')).not.toContain('unknown');
    expect(changeLines([slice('a', 0.8), { ...slice('b', 2), metric: 'mae' }])).toEqual(['Slices that change most:', '   b: mae 0.9 → 2 (+1.1), 10 rows', '   a: accuracy 0.9 → 0.8 (−0.1), 10 rows']);
  });
});

describe('what a move came to', () => {
  test('promoted, forced, and back again', () => {
    expect(promotedWords('car-loan', promotion())).toBe('Promoted car-loan 2 to production; version 1 was live.');
    expect(promotedWords('car-loan', promotion({ from: null, forced: true }))).toBe('Forced car-loan 2 to production.');
    expect(promotedWords('car-loan', promotion({ hooks: [{ ...hook, outcome: 'timed out' }] }))).toContain('But the hook notify took too long.');
    expect(promotedWords('car-loan', promotion({ rolledBack: true, hooks: [{ ...hook, outcome: 'failed', status: 2 }] }))).toBe('car-loan 2 went to production and back: the hook notify ended with status 2. Live is version 1, as before.');
  });
  test('rolled back, in how long', () => {
    expect(rolledBackWords('car-loan', 'production', { from: 2, to: 1, entry: 'h', forced: false, checks: [], changes: [], hooks: [], duration: 0.42, folder: '' })).toBe('car-loan is back at version 1 in production, in 0.4 s; version 2 was live.');
  });
  test('what stopped it is told gate by gate, and what let it pass is not', () => {
    const report = gateReport({ gates: [gateOf({ outcome: 'fail', blocks: true, reason: 'young is worse by 0.06' }), gateOf({ name: 'change', outcome: 'cannot tell' }), gateOf({ name: 'approval', kind: 'approval', outcome: 'cannot tell', blocks: true, reason: '0 of 1' })] });
    expect(blockedLines({ report })).toEqual(['slices fails: young is worse by 0.06', 'approval: cannot tell, 0 of 1']);
    expect(onlyApproval({ report })).toBe(false);
  });
  test('approval alone is missing where nothing else stops it, and nobody rejected', () => {
    const approval = (outcome: 'cannot tell' | 'fail') => gateReport({ gates: [gateOf(), gateOf({ kind: 'approval', outcome, blocks: true })] });
    expect([onlyApproval({ report: approval('cannot tell') }), onlyApproval({ report: approval('fail') }), onlyApproval({ report: gateReport() })]).toEqual([true, false, false]);
  });
});

test.each(['', '../x', '.x', 'a/b', 'x'.repeat(201), 'ends with a dot.', 'ends with a space ', 'ä'])('a name that no folder can have is refused: %j', (name) => {
  expect(nameFault(name)).toBeTypeOf('string');
});
test.each(['car-loan', 'Car loan 2.1', 'x'.repeat(200)])('a name is taken: %j', (name) => {
  expect(nameFault(name)).toBeUndefined();
});
test('a reason has ten characters that aren\u2019t blanks around it', () => {
  expect(reasonFault('   because   ')).toBeTypeOf('string');
  expect(reasonFault('an outage, see 12')).toBeUndefined();
});
