import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gateMarkdown, markerOf } from '../../../../src/cli/registry/gate-markdown';
import { clipped, code, markdownTable, plain } from '../../../../src/cli/registry/markdown';
import { gateResult, sampleDetail, sampleReport } from './support';

/** Bars that part a row's cells: those without a backslash that is itself not escaped. */
const bars = (line: string): number => (line.match(/(?<!\\)(?:\\\\)*\|/g) ?? []).length;

describe('text in Markdown', () => {
  test.each([
    ['a|b', 'a\\|b'], ['a\nb\r\n c', 'a b c'], ['<script>&amp;', '&lt;script&gt;&amp;amp;'], ['**x** `y` [z](u)', '\\*\\*x\\*\\* \\`y\\` \\[z\\](u)'],
    ['roc_auc', 'roc_auc'], ['_x_', '\\_x\\_'], ['thanks @ana', 'thanks @<!-- -->ana'], ['ana@example.org', 'ana@example.org'], ['see #12', 'see #<!-- -->12'],
    ['- item', '\\- item'], ['1. item', '\\1. item'], ['−0.12 to 0.1', '−0.12 to 0.1'], ['a\u0007\u001b[2Jb', 'a\\[2Jb'], ['C:\\x', 'C:\\\\x'],
  ])('%j stands as %j', (text, markdown) => expect(plain(text)).toBe(markdown));

  test('a bar in code stays in its cell, whatever stands before it', () => expect([code('a|b'), code('a\\|b'), code('a\\\\|'), code('a\\')]).toEqual(['`a\\|b`', '`a\\|b`', '`a\\|`', '`a\\`']));

  test('whatever a cell holds, a row is one line with its cells', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 5 }), (texts) => {
      const lines = markdownTable([{ title: 'a' }, { title: 'b', right: true }], texts.map(([a, b]) => [plain(a), code(b)])).trimEnd().split('\n');
      return lines.length === texts.length + 2 && lines.every((line) => bars(line) === 3 && !/[\r\u2028]/.test(line));
    }));
  });

  test('what is too long ends in an ellipsis', () => expect([clipped('abcdef', 4), clipped('abcd', 4), clipped('ab cd', 4)]).toEqual(['abc…', 'abcd', 'ab…']));
});

describe('the report for a pull request', () => {
  test('verdict first, then the checks with reasons, slices with differences and intervals, and the evidence', () => {
    expect(gateMarkdown(sampleReport(), sampleDetail())).toMatchSnapshot();
  });

  test('where all is well it is short', () => {
    const text = gateMarkdown(sampleReport({ outcome: 'pass', live: null, gates: [gateResult({ name: 'change', reason: 'nothing is live there yet' })], evaluations: [] }), null);
    expect(text).toMatchSnapshot();
    expect(text).not.toContain('Slices');
  });

  test('nobody can tell, and a check that lets that pass', () => {
    const report = sampleReport({ outcome: 'cannot tell', gates: [gateResult({ name: 'change', outcome: 'cannot tell', reason: 'too few rows' }), gateResult({ kind: 'approval', name: 'approval', outcome: 'cannot tell', blocks: true, reason: '0 of 1 approvals', hint: 'runyard approve loan 2 --to production' })] });
    const text = gateMarkdown(report, null);
    expect(text).toContain('## ⚪ loan version 2: cannot tell whether it may go to production\n');
    expect(text).toContain('1 of 2 checks stops it:\n\n- **approval**: 0 of 1 approvals\n');
    expect(text).toContain('| change | ⚪ **cannot tell** (doesn’t stop it) | too few rows |');
  });

  test('no name or reason breaks out of it', () => {
    const nasty = 'x | y\n## z <img src=x> @team --> `a`';
    const report = sampleReport({ model: nasty, environment: nasty, gates: [gateResult({ name: nasty, outcome: 'fail', blocks: true, reason: nasty, hint: nasty, evidence: [{ text: nasty, outcome: 'fail', slice: nasty, metric: nasty, n: 3 }, { text: `${nasty}!`, outcome: 'fail', evaluation: nasty }] })] });
    const text = gateMarkdown(report, null);
    expect(text.match(/^#+ /gm)).toEqual(['## ', '### ', '### ']);
    expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(/<img|@team/);
    const [marker = '', ...rest] = text.split('\n');
    expect(marker).toMatch(/^<!-- [^<>]* -->$/);
    expect(marker.slice(4, -3)).not.toContain('--');
    for (const line of rest.filter((one) => one.startsWith('|'))) expect([4, 5, 8]).toContain(bars(line));
  });

  test('hundreds of slices are cut off, and say so', () => {
    const evidence = Array.from({ length: 400 }, (_, at) => ({ text: 'x', outcome: 'fail' as const, slice: `${at}${'s'.repeat(200)}`, metric: 'accuracy', n: at }));
    expect(gateMarkdown(sampleReport({ gates: [gateResult({ outcome: 'fail', evidence })] }), null)).toContain('and 350 more.');
  });

  test('however much there is to say, it stays below what GitHub takes', () => {
    const long = (gates: number, evidence: number): string => {
      const gate = gateResult({ outcome: 'fail', blocks: true, reason: '&'.repeat(5000), evidence: Array.from({ length: evidence }, () => ({ text: 'x'.repeat(3000), outcome: 'fail' as const })) });
      return gateMarkdown(sampleReport({ gates: Array.from({ length: gates }, () => gate) }), sampleDetail());
    };
    for (const text of [long(1, 200), long(40, 3)]) {
      expect(text.length).toBeLessThan(65_536);
      expect(text).toMatch(/^<!-- .*\n\n## ❌ loan version 2 must not go to production\n/);
      expect(text.trimEnd()).toMatch(/<\/sub>$/);
    }
  });

  test('the marker is of the model and the environment, whatever the version', () => {
    expect(markerOf(sampleReport({ version: 3 }))).toBe(markerOf(sampleReport()));
    expect(markerOf(sampleReport({ environment: 'staging' }))).not.toBe(markerOf(sampleReport()));
  });
});
