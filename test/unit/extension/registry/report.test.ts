import { describe, expect, test } from 'vitest';
import { commentsMarkdown, gateMarkdown, historyMarkdown, verificationMarkdown } from '../../../../src/extension/registry/report';
import { ana, gateOf, gateReport, historyRow } from '../../../support/registry-rows';

describe('a report of gates', () => {
  test('names the slice that stops the move, worst first, with its figures', () => {
    const text = gateMarkdown(gateReport({
      outcome: 'fail', gates: [gateOf({
        outcome: 'fail', blocks: true, reason: 'young is worse by 0.06', hint: 'look at the slice', evidence: [
          { text: 'not worse', outcome: 'pass', slice: 'old', value: 0.9, live: 0.9, difference: 0, n: 4000 },
          { text: 'worse beyond noise', outcome: 'fail', slice: 'young', value: 0.84, live: 0.9, difference: -0.06, interval: [-0.08, -0.04], n: 1200 },
        ],
      })],
    }));
    expect(text).toContain('# car\\-loan 2 to production: ✗\u00a0fail');
    expect(text).toContain('1 gate of 1 stops it');
    expect(text.indexOf('young |')).toBeLessThan(text.indexOf('old |'));
    expect(text).toMatch(/young \|.*0\\\.84 \|.*0\\\.9 \|.*−0\\\.06 \|.*−0\\\.08 to −0\\\.04 \|.*1,200/);
    expect(text).toContain('What would mend it: look at the slice');
  });
  test('of a move without gates says so', () => {
    expect(gateMarkdown(gateReport({ gates: [] }))).toContain('This move has no gates.');
  });
  test('shows what a stranger wrote as text', () => {
    const text = gateMarkdown(gateReport({ gates: [gateOf({ name: '<img src=x>', reason: '[click](http://x)', outcome: 'fail', hint: '*', evidence: [{ text: '<b>', outcome: 'fail' }] })] }));
    expect(text).not.toMatch(/<img|<b>|\]\(/);
  });
});

describe('a history', () => {
  test('is newest first, and marks what was forced', () => {
    const text = historyMarkdown('What happened', [historyRow({ text: 'earlier' }), historyRow({ text: 'later', forced: true, t: 1000 })]);
    expect(text.indexOf('later')).toBeLessThan(text.indexOf('earlier'));
    expect(text).toContain('⚠ later');
    expect(text).toContain('2 entries, 1 of them forced');
  });
  test('of nothing says so', () => {
    expect(historyMarkdown('x', [])).toContain('Nothing has happened yet.');
  });
});

test('a verification names each fault with its line, and each conflict with its way out', () => {
  const side = { version: 1, by: ana, t: 0, clone: 'c' };
  const text = verificationMarkdown({
    ok: false, entries: 12, chains: [{ clone: 'c1', entries: 12, ours: true }], faults: [{ clone: 'c1', line: 3, what: 'edited', message: 'entry 2 was edited' }],
    conflicts: [{ model: 'car-loan', environment: 'production', text: 'two moves', hint: 'promote one of them', first: side, second: side }],
  });
  expect(text).toMatch(/not as it was written/);
  expect(text).toMatch(/c1 \|.*3 \| edited \| entry 2 was edited/);
  expect(text).toContain('two moves. Promote one of them');
});

test('comments say who and when, and keep their lines', () => {
  const text = commentsMarkdown('Comments on car-loan', [{ id: '1', by: ana, t: 0, text: 'one\ntwo', on: { model: 'car-loan' } }]);
  expect(text).toContain('**Ana**');
  expect(text).toContain('> one\n> two');
});
