import { describe, expect, test } from 'vitest';
import type { CardEvidence } from '../../../../../src/core/registry/card/evidence';
import { cardHead } from '../../../../../src/core/registry/card/layout';
import { apply, review } from '../../../../../src/core/registry/card/review';
import { SECTION_IDS, WRITINGS } from '../../../../../src/core/registry/card/sections';
import type { CardProblem } from '../../../../../src/protocol/registry';
import { evidence, hash, importance, kept, manySlices, row } from './support';

export const fresh = (of: CardEvidence): string => refreshed(cardHead(of, 'loans/3'), of);
const refreshed = (text: string, of: CardEvidence): string => apply(text, review(text, of).edits);
const ours = (text: string, of: CardEvidence): CardProblem[] => review(text, of).problems.filter(({ kind }) => kind !== 'missing');
/** What stands at a problem's place. */
function at(text: string, { line, column, endLine, endColumn }: CardProblem): string {
  const lines = text.split('\n').slice(line - 1, endLine);
  return lines.map((one, index) => one.slice(index === 0 ? column - 1 : 0, index === lines.length - 1 ? endColumn - 1 : undefined)).join('\n');
}
const LATER = { id: 'fedcba98'.repeat(4), created: Date.UTC(2026, 11, 1) };

describe('a fresh card', () => {
  const of = evidence({ evaluations: [kept({}, importance())] });
  const text = fresh(of);
  test('has every section in its order, and nothing in it is stale', () => {
    expect([...text.matchAll(/^<!-- ry:section (\S+) -->$/gm)].map(([, id]) => id)).toEqual(SECTION_IDS);
    expect(ours(text, of)).toEqual([]);
  });
  test('is the same bytes for the same state', () => expect(fresh(evidence({ evaluations: [kept({}, importance())] }))).toBe(text));
  test('reads as it should', () => expect(text).toMatchSnapshot());
  test('begins no line with a mark that has text behind it: Markdown would take the line for HTML', () => {
    expect(text.split('\n').filter((line) => /^\s*([-|]\s*)?<!--.*-->./.test(line))).toEqual([]);
  });
  test('asks for what only a person can write, at its place, and offers nothing', () => {
    const { problems, missing } = review(text, of);
    expect(missing).toEqual(['intended-use', 'out-of-scope-use', 'limits', 'displacement-and-impact', 'monitoring-plan']);
    const asked = problems.filter(({ message }) => message.startsWith('only a person'));
    expect(asked.map((one) => at(text, one))).toEqual(['intended-use', 'out-of-scope-use', 'limits', 'affected', 'change-for-people', 'change-for-business', 'asked', 'appeal', 'monitoring-plan'].map((id) => `<!-- ry:write ${id} -->`));
    expect(asked.every(({ replacement }) => replacement === null)).toBe(true);
  });
  test('names a personal column of which nobody said how it is handled', () => {
    expect(review(text, of).problems.map(({ message }) => message)).toContain("runyard.yaml doesn't say how personal data in email are handled: say it under registry: personal:");
  });
  test('of a version that was never evaluated says so, and takes the evaluation in later', () => {
    const none = evidence({ evaluations: [] });
    const before = fresh(none);
    expect(review(before, none).problems.map(({ message }) => message)).toContain('no evaluation of this version is kept: runyard evaluate --model loans/3 --data FILES --label COLUMN');
    const after = refreshed(before, of);
    expect(ours(after, of)).toEqual([]);
    expect(after).not.toContain('No evaluation of this version');
    expect(after).toContain('0.890 (0.855 to 0.917)');
  });
});

describe('stale', () => {
  const of = evidence();
  const text = fresh(of);
  test('is a figure that a person changed: what it says and what the evidence says, at its very place', () => {
    const edited = text.replace('0.890 (0.855 to 0.917)', '0.95');
    const [problem, ...others] = ours(edited, of);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ kind: 'stale', section: 'evaluation', message: 'says 0.95, the evidence says 0.890 (0.855 to 0.917)', replacement: '0.890 (0.855 to 0.917)' });
    expect(problem && at(edited, problem)).toBe('0.95');
    expect(refreshed(edited, of)).toBe(text);
  });
  test('is the one cell of a table that was changed', () => {
    const edited = text.replace(/(\| north \|.*)fail/, '$1pass');
    const [problem] = ours(edited, of);
    expect(problem).toMatchObject({ section: 'slices', message: 'says pass, the evidence says fail', replacement: 'fail' });
    expect(problem && at(edited, problem)).toBe('pass');
  });
  test('is not a table that was only set otherwise', () => {
    const formatted = text.replace(/^\|.*\|$/gm, (line) => line.replace(/ +/g, ' ').replace(/-{4,}/g, '---'));
    expect(formatted).not.toBe(text);
    expect(ours(formatted, of)).toEqual([]);
    expect(refreshed(formatted, of)).toBe(formatted);
  });
  test('is all that was taken from an older evaluation of the name, with what is otherwise now', () => {
    const newer = evidence({ evaluations: [kept({ ...LATER, overall: { ...kept().doc.overall, figures: { n: 400, accuracy: 0.91 } }, slices: kept().doc.slices.slice(0, 1) })] });
    const problems = ours(text, newer);
    expect(problems.map(({ section }) => section)).toEqual(['evaluation', 'evaluation', 'evaluation', 'evaluation', 'evaluation', 'slices', 'explanations', 'limits']);
    expect(problems[2]?.message).toBe('there is a newer evaluation, fedcba98fedcba98 after 0123456789abcdef, which says 0.910 (0.855 to 0.917) and not 0.890 (0.855 to 0.917)');
    expect(problems[5]?.message).toContain("north isn't among its slices");
    expect(problems[6]?.message).toContain('which says the same');
    expect(ours(refreshed(text, newer), newer)).toEqual([]);
  });
  test('is the history when it grew, with what was added', () => {
    const grown = evidence({ history: [...of.history, row('rolledBack', 9, { text: 'version 2 is back in production' })] });
    expect(ours(text, grown)).toMatchObject([{ section: 'history', message: 'the history grew by 1: version 2 is back in production' }]);
    expect(refreshed(text, grown)).toContain('version 2 is back in production');
  });
  test('is what is live when it is another one', () => {
    const moved = evidence({ environments: of.environments.map((one) => (one.name === 'production' ? { ...one, moves: [...one.moves, { version: 4, t: 1e12, kind: 'forced', by: 'Bo', reason: 'now', hash: hash('m4'), golden: null }] } : one)) });
    expect(ours(text, moved).map(({ section }) => section)).toEqual(['rollback-plan', 'history']);
    expect(refreshed(text, moved)).toContain('| version 4 ');
  });
  test('is what runyard.yaml says of personal data when it says otherwise', () => {
    const config = { ...of.config, personal: { birth_date: 'dropped', email: '' } };
    expect(ours(text, evidence({ config }))).toMatchObject([{ section: 'privacy', message: 'runyard.yaml has changed, which says otherwise' }]);
  });
  test('is a section or an evaluation that the card lacks, put in at its place', () => {
    const start = text.indexOf('<!-- ry:section limits');
    const without = text.slice(0, start) + text.slice(text.indexOf('<!-- ry:section privacy'));
    expect(ours(without, of)).toMatchObject([{ kind: 'stale', message: "the section Limits isn't in this card" }]);
    expect(refreshed(without, of)).toBe(text);
    const two = evidence({ evaluations: [kept(), kept({ ...LATER, name: 'spring' })] });
    const after = refreshed(text, two);
    expect(after).toBe(fresh(two));
  });
});

describe('evidence that is not on this machine', () => {
  const text = fresh(evidence());
  test('lets the figures stand, and says so', () => {
    const none = evidence({ evaluations: [] });
    expect(ours(text, none).filter(({ replacement }) => replacement === null).map(({ message }) => message)[0]).toBe("evaluation/loans/data: no evaluation 'loans' of this version is kept on this machine: evaluate it again to know whether this holds");
    expect(refreshed(text, none)).toContain('0.890 (0.855 to 0.917)');
  });
  test('is never given up for an older one that is here', () => {
    const elsewhere = evidence({ evaluations: [kept({ id: 'aa'.repeat(16), created: 5 })], told: new Map([['0123456789abcdef0123456789abcdef', { name: 'loans', t: 10 }]]) });
    expect(refreshed(text, elsewhere)).toBe(text);
    expect(ours(text, elsewhere)[0]?.message).toContain('was made elsewhere');
  });
  test('stays where another machine made the same evaluation again: at another time, without the importance, with files of another age', () => {
    const made = fresh(evidence({ evaluations: [kept({}, importance())] }));
    const { data, warnings } = kept().doc;
    const again = evidence({ evaluations: [kept({ created: 5, data: { ...data, collected: 7, looks: 30 }, warnings: [...warnings, { code: 'too_old', message: 'test.csv is 400 days old', hint: '' }] })] });
    expect(ours(made, again)).toEqual([]);
    expect(refreshed(made, again)).toBe(made);
    expect(ours(made.replace('2026-11-01T00:00:00Z, evaluation', '1 May, evaluation'), again)).toHaveLength(1);
  });
  test('of a slice that is gone says which there are', () => {
    const said = text.replace('<!-- ry:write limits -->', '<!-- ry:write limits -->\nIn the west <!-- ry:evaluation/loans/slice/west/accuracy @0123456789abcdef -->0.7<!-- /ry -->.');
    expect(ours(said, evidence())).toMatchObject([{ section: 'limits', kind: 'stale', replacement: null, message: "evaluation/loans/slice/west/accuracy: the newest evaluation 'loans' has no slice 'west' any more: it has empty, north" }]);
  });
});

describe('what people wrote', () => {
  const of = evidence();
  const answered = WRITINGS.reduce((text, { id }) => text.replace(new RegExp(`(<!-- ry:write ${id} -->\\n<!--[^]*?-->\\n)`), `$1We say: ${id}.\n`), fresh(of));
  test('is missed no more, and stays when all else is renewed', () => {
    expect(review(answered, of).missing).toEqual([]);
    const newer = evidence({ evaluations: [kept(LATER)] });
    for (const { id } of WRITINGS) expect(refreshed(answered, newer)).toContain(`-->\nWe say: ${id}.\n`);
  });
  test.each(['tbd', 'N/A', '...', '- ', '<!-- a note -->', '(to do)'])('%j is no answer', (word) => {
    expect(review(answered.replace('We say: appeal.', word), of)).toMatchObject({ missing: ['displacement-and-impact'] });
  });
  test('may hold figures: those are told when they are stale, and only a person changes the sentence', () => {
    const bound = answered.replace('We say: limits.', 'It is right in <!-- ry:evaluation/loans/slice/north/accuracy @0123456789abcdef -->0.9<!-- /ry --> of the north.');
    expect(ours(bound, of)).toMatchObject([{ message: 'says 0.9, the evidence says 0.800 (0.710 to 0.870): read the sentence around it again', replacement: '0.800 (0.710 to 0.870)' }]);
    expect(refreshed(bound, of)).toBe(bound);
  });
  test('outside of the sections stays, with sections of their own', () => {
    const more = answered.replace('<!-- ry:section privacy -->', '## Ours\n\nA section of our own.\n\n<!-- ry:section privacy -->').replace('# Model card', 'Before all.\n\n# Our model card').concat('\nThe end, without a line end');
    const newer = evidence({ evaluations: [kept(LATER)], history: [...of.history, row('approved', 11)] });
    const after = refreshed(more, newer);
    for (const said of ['## Ours\n\nA section of our own.\n\n', 'Before all.\n\n# Our model card', '\nThe end, without a line end']) expect(after).toContain(said);
    expect(ours(after, newer)).toEqual([]);
  });
  test('stays whole where something is put in behind the line that it begins in', () => {
    const place = '<!-- ry:write own -->\nOurs.\n<!-- /ry:write -->';
    const text = fresh(of).replace(/(evaluation\/loans\/slices [^]*?<!-- \/ry -->)/, `$1 ${place}`);
    const two = evidence({ evaluations: [kept(), kept({ ...LATER, name: 'spring' })] });
    expect(refreshed(text, two)).toContain(place);
    expect(ours(refreshed(text, two), two)).toEqual([]);
  });
  test('without its comments is not asked for a second time in the same place', () => {
    const broken = answered.replace(/(We say: limits\.\n)\n<!-- \/ry:write -->/, '$1');
    expect(ours(broken, of).map(({ kind }) => kind)).toContain('broken');
    expect(refreshed(broken, of)).toBe(broken);
  });
});

test('long lists of slices are cut, the worst of them shown, the rest counted', () => {
  const doc = kept().doc;
  const [slice] = doc.slices;
  if (!slice) throw new Error('no slice');
  const text = fresh(evidence({ evaluations: [kept({ slices: manySlices(33, { ...slice, vs_rest: null }) })] }));
  expect(text.match(/^\| s\d\d /gm)).toHaveLength(20);
  expect(text).toContain('And 13 more slices that do better.');
  expect(text.indexOf('| s07')).toBeLessThan(text.indexOf('| s00'));
});

test('a card with CRLF line ends keeps them', () => {
  const of = evidence();
  const text = fresh(of).replaceAll('\n', '\r\n');
  expect(ours(text, of)).toEqual([]);
  const newer = evidence({ evaluations: [kept(LATER)] });
  expect(refreshed(text, newer)).toBe(fresh(newer).replaceAll('\n', '\r\n'));
});
