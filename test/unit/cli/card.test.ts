import { describe, expect, test } from 'vitest';
import { checkText, writtenText } from '../../../src/cli/commands/card';
import { terminal } from '../../../src/cli/terminal';
import type { CardProblem, CardReport } from '../../../src/protocol/registry';
import { commandLine } from '../../support/command-line';

const out = terminal({ write: () => true }, {});
const problem = (over: Partial<CardProblem> = {}): CardProblem => ({ line: 12, column: 5, endLine: 12, endColumn: 10, kind: 'stale', section: 'evaluation', message: 'says 0.95, the evidence says 0.922', replacement: '0.922', ...over });
const unwritten = problem({ line: 30, column: 1, kind: 'missing', section: 'intended-use', message: 'only a person can write what the model is for: nobody has yet', replacement: null });
const report = (over: Partial<CardReport> = {}): CardReport => ({ file: 'cards/loan-3.md', text: '', written: false, missing: [], stale: 0, problems: [], ...over });

describe('what --check says', () => {
  test('names each problem by file, line and column, and counts the kinds', () => {
    expect(checkText(report({ stale: 1, missing: ['intended-use'], problems: [problem(), unwritten] }), out)).toBe([
      'cards/loan-3.md:12:5: stale: says 0.95, the evidence says 0.922', 'cards/loan-3.md:30:1: missing: only a person can write what the model is for: nobody has yet', '1 stale, 1 missing', '',
    ].join('\n'));
  });
  test('says so where nothing is wrong', () => expect(checkText(report(), out)).toBe('cards/loan-3.md is whole, and every figure in it is fresh\n'));
  test('shows what would steer a terminal', () => expect(checkText(report({ problems: [problem({ message: '\u001b[2J' })] }), out)).toContain('\\x1b[2J'));
});

describe('what writing says', () => {
  test('asks for the sections that only a person can write, each once, and names what else is left', () => {
    expect(writtenText(report({ written: true, missing: ['intended-use'], problems: [unwritten, problem({ kind: 'broken', message: 'the figure x has no end' })] }))).toBe([
      'runyard: cards/loan-3.md is written', 'runyard: only a person can write 1 section of it: intended use', 'cards/loan-3.md:12:5: the figure x has no end', '',
    ].join('\n'));
  });
  test('says where nothing had to be written', () => expect(writtenText(report())).toBe('runyard: cards/loan-3.md is as it should be: nothing was written\n'));
});

const { program } = commandLine();
test.each([
  ['card loan', "runyard: card needs a model's name and a version: write: runyard card NAME VERSION [-o FILE] [--check]"],
  ['card loan 3 -o - --check', "runyard: -o - and --check don't go together: name a file, or leave -o out"],
  ['card loan 3 -o - --json', '"message": "-o - and --json don\'t go together"'],
])('`%s` is wrong use', async (line, message) => {
  const { status, out: said, err } = await program(...line.split(' '));
  expect(status).toBe(2);
  expect(said + err).toContain(message);
});
