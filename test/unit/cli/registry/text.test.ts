import { describe, expect, test } from 'vitest';
import { gateText } from '../../../../src/cli/registry/gate-text';
import { atText, historyText, verifyText } from '../../../../src/cli/registry/history-text';
import { commentsText, modelsText, modelText, versionText } from '../../../../src/cli/registry/models-text';
import { planText, promotionText, rollbackText } from '../../../../src/cli/registry/move-text';
import { shownMoment } from '../../../../src/cli/registry/time';
import { terminal } from '../../../../src/cli/terminal';
import type { ModelRow, Plan, Promotion, Rollback } from '../../../../src/protocol/registry';
import { ana, gateResult, now, out, sampleDetail, sampleReport } from './support';

const HOUR = 3_600_000;
const conflict = {
  model: 'loan', environment: '', text: 'two clones registered version 3 of loan with other bytes', hint: 'register one of them again: runyard models register loan',
  first: { version: 3, by: ana, t: now, clone: 'a'.repeat(16) }, second: { version: 3, by: ana, t: now, clone: 'b'.repeat(16) },
};
const model: ModelRow = {
  name: 'loan', description: 'repaid or not', versions: 2, latest: 2, updated: now - HOUR, aliases: { champion: 1 }, waiting: [{ model: 'loan', version: 2, environment: 'production', have: 0, need: 2, since: now - 2 * HOUR }],
  live: [{ environment: 'staging', version: null, since: null, by: null, reason: '', forced: false, whole: true }, { environment: 'production', version: 1, since: now - 48 * HOUR, by: ana, reason: 'first one', forced: true, whole: false }],
};
const environments = [{ name: 'staging', from: [null], gates: [] }, { name: 'production', from: ['staging'], gates: ['change', 'slices'] }];

describe('gates', () => {
  test('what stops the move first, slices in a table, the evidence at the end', () => {
    expect(gateText(sampleReport(), out)).toMatchSnapshot();
  });

  test('without gates it says that none is asked', () => expect(gateText(sampleReport({ gates: [], outcome: 'pass', live: null, evaluations: [] }), out)).toBe('loan 2 to production\nnothing is live in production, 4.2 s\n\n\npass: no gate is asked\n'));

  test('a gate that does not stop it says so, with what would help', () => {
    const text = gateText(sampleReport({ outcome: 'pass', gates: [gateResult({ name: 'change', outcome: 'cannot tell', reason: 'too few rows', hint: 'about 400 more rows', evidence: [{ text: 'the interval holds 0', outcome: 'cannot tell' }] })] }), out);
    expect(text).toContain('cannot tell  change (lets it pass)\n    too few rows\n    the interval holds 0\n    about 400 more rows\n');
    expect(text).toMatch(/\npass\nevidence/);
  });

  test('a slice that two gates looked at stands once, with its worst outcome', () => {
    const looked = (outcome: 'pass' | 'fail') => gateResult({ evidence: [{ text: '', outcome, slice: 'rich', metric: 'accuracy' }, { text: '', outcome: 'pass', slice: outcome, metric: 'accuracy' }] });
    const lines = gateText(sampleReport({ gates: [looked('pass'), looked('fail')] }), out).split('\n').filter((line) => /^(rich|pass {2,}pass|fail {2,}pass)/.test(line));
    expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual(['rich fail', 'pass pass', 'fail pass']);
  });
});

describe('models', () => {
  test('what is live where and since when, what waits, what conflicts', () => {
    expect(modelsText({ models: [model], environments, waiting: model.waiting, conflicts: [conflict] }, now, out)).toMatchSnapshot();
    expect(modelsText({ models: [], environments, waiting: [], conflicts: [] }, now, out)).toBe('');
  });

  test('a model: what is live, its versions newest first, the gates of its environments', () => {
    const { row } = sampleDetail();
    const first = { ...row, version: 1, live: ['production'], was: [], aliases: ['champion'], here: false, description: 'the first\nof many' };
    expect(modelText({ model, versions: [first, row], environments, comments: [], conflicts: [] }, now, out)).toMatchSnapshot();
  });

  test('a version: where it came from, its signature, data, approvals and comments', () => {
    expect(versionText(sampleDetail(), now, out).replace(shownMoment(now - 2 * HOUR), 'THEN')).toMatchSnapshot();
  });

  test('comments of nobody are nothing', () => expect(commentsText([], now, out)).toBe(''));
});

describe('the ledger', () => {
  const entry = { hash: 'h', clone: 'c', n: 0, t: now, by: ana, kind: 'promoted', model: 'loan', version: 1, environment: 'production', text: 'loan 1 went to production', forced: false, facts: {} };

  test('a line an entry, and what was forced is loud', () => {
    expect(historyText([entry, { ...entry, forced: true, text: 'Bo FORCED version 2 into production: "we need it\u001b[2J"' }], out).replaceAll(shownMoment(now), 'THEN'))
      .toBe('THEN  loan 1 went to production\nTHEN  Bo FORCED version 2 into production: "we need it\\x1b[2J"\n');
  });

  test('what was live at a moment, and that nothing was', () => {
    const about = { model: 'loan', environment: 'production', time: now };
    expect(atText({ version: 1, since: now - 3 * HOUR, by: ana, reason: 'first' }, about)).toBe(`loan in production at ${shownMoment(now)}: version 1, live since ${shownMoment(now - 3 * HOUR)} (3 h before), by Ana Gil: first\n`);
    expect(atText({ version: null, since: null, by: null, reason: '' }, about)).toBe(`loan in production at ${shownMoment(now)}: nothing was live\n`);
  });

  test('faults are named with their chain and line', () => {
    const chains = [{ clone: 'a'.repeat(16), entries: 3, ours: true }];
    expect(verifyText({ ok: true, entries: 3, chains, faults: [], conflicts: [] }, out)).toBe('whole: 3 entries in 1 chain\n');
    expect(verifyText({ ok: false, entries: 3, chains, faults: [{ clone: 'a'.repeat(16), line: 2, what: 'edited', message: 'the entry was edited' }], conflicts: [conflict] }, out)).toMatchSnapshot();
  });
});

describe('moves', () => {
  const plan: Plan = {
    model: 'loan', environment: 'production', from: 1, to: 2, since: now - 48 * HOUR, changes: [{ slice: 'rich', metric: 'accuracy', from: 0.83, to: 0.71, n: 3120 }], metric: 'accuracy', fromValue: 0.8245, toValue: null, hooks: ['restart: systemctl restart loans'],
    files: [{ path: 'm.onnx', digest: 'd', size: 69_367 }], folder: '.runyard/models/loan/production', refusal: null,
  };
  const promotion: Promotion = { promoted: true, forced: false, from: 1, report: sampleReport({ outcome: 'pass', gates: [gateResult()] }), hooks: [{ name: 'restart', command: ['x'], outcome: 'done', status: 0, duration: 0.4, output: 'ok', rolledBack: false }], rolledBack: false, entry: 'ab'.repeat(32), folder: '.runyard/models/loan/production' };
  const last = (text: string): string => text.slice(text.indexOf('\nhook') >= 0 ? text.indexOf('\nhook') + 1 : text.lastIndexOf('\n\n') + 2);

  test('what would change is said before it does', () => {
    expect(planText(plan, now, out)).toMatchSnapshot();
    expect(planText({ ...plan, from: null, since: null, changes: [], metric: null, hooks: [] }, now, out)).toContain('from    nothing, so far\n');
  });

  test('promoted, with its hooks', () => expect(last(promotionText(promotion, out))).toBe(`hook restart: done, 0.4 s\npromoted: loan 2 is live in production instead of version 1\n.runyard/models/loan/production, entry abababababab\n`));

  test('stopped by a gate, it names it and nothing moved', () => {
    expect(last(promotionText({ ...promotion, promoted: false, report: sampleReport(), hooks: [], entry: null, folder: null }, out))).toBe('not promoted: loan 2 to production: slices stops it\n');
  });

  test('forced is loud, and says against what', () => {
    expect(last(promotionText({ ...promotion, forced: true, report: sampleReport(), hooks: [] }, out))).toMatch(/^FORCED: loan 2 is live in production instead of version 1, against slices\n/);
  });

  test('a hook that failed shows the last of what it wrote, and that the move was taken back', () => {
    const hooks = [{ name: 'restart', command: ['x'], outcome: 'failed' as const, status: 3, duration: 1, output: Array.from({ length: 12 }, (_, at) => `line ${at}`).join('\n'), rolledBack: true }];
    const text = last(promotionText({ ...promotion, promoted: false, hooks, rolledBack: true }, out));
    expect(text).toMatch(/^hook restart: failed, exit status 3, 1\.0 s, the move was taken back\n {4}line 2\n/);
    expect(text).toContain('rolled back: a hook failed, so production is version 1 again\n');
  });

  test('a roll back shows what was checked, and where the model is now', () => {
    const done: Rollback = { from: 2, to: 1, entry: 'cd'.repeat(32), forced: false, checks: [{ name: 'digest', outcome: 'pass', text: '1 file is as registered' }, { name: 'golden', outcome: 'pass', text: '100 rows come out as they did' }], changes: plan.changes, hooks: [], duration: 0.31, folder: '.runyard/models/loan/production' };
    expect(rollbackText(done, { model: 'loan', environment: 'production', out })).toMatchSnapshot();
  });
});

test('control characters of names are shown, not obeyed, and colours are ours alone', () => {
  const coloured = terminal({ write: () => true, isTTY: true }, {});
  const text = gateText(sampleReport({ model: 'a\u001b[2Jb', gates: [gateResult({ name: '\u0007', reason: 'x\u001b]0;y', outcome: 'fail', blocks: true })] }), coloured);
  expect(text.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0007\u001b]/);
});

test("a figure within limits has its own interval beside it, and none of a difference", () => {
  const evidence = [{ text: 'x', outcome: 'fail' as const, slice: 'rich', metric: 'accuracy', value: 0.71, interval: [0.7, 0.72] as [number, number], n: 3120 }, { text: 'y', outcome: 'pass' as const, slice: 'rich', metric: 'accuracy', value: 0.71, live: 0.7, difference: 0.01, interval: [-0.01, 0.03] as [number, number], n: 3120 }];
  const lines = gateText(sampleReport({ gates: [gateResult({ outcome: 'fail', evidence })] }), out).split('\n').filter((line) => line.startsWith('rich'));
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual(['rich 3120 0.71 (0.7 to 0.72) fail', 'rich 3120 0.7 0.71 +0.01 −0.01 to +0.03 pass']);
});
