import { expect, test } from 'vitest';
import { agreementText, exportText, reportText, summaryText } from '../../../../src/cli/feedback/text';
import { terminal } from '../../../../src/cli/terminal';

const out = terminal({ write: () => true }, {});
const none = { count: 0, first: [] };

test('an import says what became of its rows, a line each', () => {
  const text = reportText({ file: 'labels.csv', rows: 12, joined: 9, changed: 2, same: 1, unknown: { count: 3, first: ['a', 'b'] }, duplicates: none, invalid: none, future: 0, label: 'repaid', keys: ['request=ry_request'], dryRun: true, notes: ['two\nlines'] }, out);
  expect(text.split('\n')).toEqual(['labels.csv: 12 rows, label repaid, joined by request=ry_request; nothing is written', '   6 new', '   2 changed', '   1 known already', "   3 of rows that the log doesn't have: a, b and 1 more", 'two\\x0alines', '']);
});

test("what people wrote can't break a line", () => {
  const said = summaryText({ model: 'loan@production', since: null, labels: 2, right: 1, wrong: 1, unsure: 0, reviewers: [], newest: 0, honest: null, recent: [{ request: 'r', row: 0, judgement: 'wrong', comment: 'a\nb', by: 'Ada', t: 0 }] }, 60_000);
  expect(said).toContain('  r wrong, Ada: a\\x0ab\n');
  expect(exportText({ file: 'x\n.parquet', rows: 1, previous: 0, added: 1, leftOut: { disagreement: 0, unsure: 0, unknown: 0 }, digest: 'd'.repeat(64), sources: {}, notes: [] })).toMatch(/^x\\x0a\.parquet: 1 row, [^\n]*\n$/);
  expect(agreementText({ model: 'm', pairs: [{ a: 'Ada', b: 'Grace', rows: 1, agreed: 0, kappa: null, interval: null }], disagreed: [{ request: 'r\n', row: 1, said: [{ by: 'Ada', judgement: 'right', answer: null }] }], reviewers: [{ name: 'Ada', rows: 1 }] }, out)).toContain('  r\\x0a row 1: Ada right\n');
});
