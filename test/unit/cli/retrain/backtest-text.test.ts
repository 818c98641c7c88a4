import { describe, expect, test } from 'vitest';
import { backtestText, chart } from '../../../../src/cli/retrain/backtest-text';
import { retrainingsText, retrainingText } from '../../../../src/cli/retrain/retraining-text';
import { terminal } from '../../../../src/cli/terminal';
import type { Backtest, PolicyResult, RetrainingRow, RetrainingRun } from '../../../../src/protocol/monitoring';

const DAY = 86_400_000;
const out = terminal({ write: () => undefined, columns: 80 }, {});
const policy = (name: string, values: (number | null)[], retrained: number[]): PolicyResult => ({
  policy: name, retrainings: retrained.length, minutes: 12 * retrained.length, quality: 0.8, interval: [0.78, 0.82], worst: 0.5, below: 2,
  windows: values.map((value, at) => ({ from: at * DAY, to: (at + 1) * DAY, value, retrained: retrained.includes(at), age: 0 })),
});
const doc: Backtest = { name: 'loan', metric: 'accuracy', goal: 'maximize', from: 0, to: 6 * DAY, rows: 600, notes: ['trees stand in'], duration: 2.5, policies: [policy('weekly', [0.9, 0.9, 0.5, 0.9, null, 0.9], [3]), { ...policy('never', [0.9, 0.9, 0.5, 0.5, null, 0.5], []), quality: 0.7, interval: null }] };

describe('a back-test in a terminal', () => {
  test('is a table of cost against quality, and a chart on one scale with a mark where a new model began', () => {
    expect(backtestText(doc, out)).toBe(`loan: 600 labelled rows, replayed from 1970-01-01 to 1970-01-07 in 6 windows, 2.5 s

policy  retrainings  minutes  accuracy  95 %          worst window  bad windows
weekly            1       12       0.8  0.78 to 0.82           0.5       2 of 5
never             0        0       0.7                         0.5       2 of 5

weekly  ██▁█ █
           ^
never   ██▁▁ ▁
        accuracy from 0.5 (▁) to 0.9 (█), more is better; ^ a new model

- trees stand in
`);
  });

  test('puts windows together where there are more than the line is wide, and draws nothing of nothing', () => {
    const many = policy('p', Array.from({ length: 365 }, (_, at) => at / 365), [200]);
    const [bars = '', marks = ''] = chart({ ...doc, policies: [many] }, out).split('\n');
    expect(bars.length).toBeLessThanOrEqual(80);
    expect(marks.indexOf('^')).toBe(3 + Math.floor(200 / Math.ceil(365 / 72)));
    expect(chart({ ...doc, policies: [policy('p', [null], [])] }, out)).toBe('');
  });
});

const run: RetrainingRun = {
  id: 'a', name: 'loan', trigger: 'drift of daily', reason: 'drift in salary', t: 0, ended: 1000, state: 'rejected', run: 'b'.repeat(32), version: 4, text: 'version 4 has forgotten', window: { from: null, to: null },
  fresh: { metric: 'accuracy', candidate: 0.91, live: 0.88, difference: 0.03, interval: [0.01, 0.05], n: 500, word: 'better', evaluation: 'e' }, old: null,
};

test('a retraining tells its state, why, and both sides', () => {
  expect(retrainingText(run, out)).toBe(`rejected loan version 4
  why      version 4 has forgotten
  trigger  drift of daily: drift in salary
  run      ${'b'.repeat(32)}
  fresh    accuracy 0.91 against 0.88, +0.03 (+0.01 to +0.05), 500 rows: better
`);
});

test('the list tells what is used of the budget, and what holds it or when it is due', () => {
  const row: RetrainingRow = { name: 'loan', line: 3, model: 'loan@production', experiment: 'fit', triggers: ['every 7 d'], last: run, runs: [run], coolDown: null, used: { runs: 2, minutes: 12.5 }, budget: { perWeek: 7, minutes: 60 }, next: 5, problem: null };
  expect(retrainingsText({ retrainings: [row, { ...row, name: 'other', last: null, triggers: [], next: null, problem: 'no experiment' }], broken: [{ section: 'retraining', name: 'odd', file: 'runyard.yaml', line: 9, column: 3, message: 'expected a name', more: 1 }] }, 60_000, out)).toBe(`retraining  model            triggers      last                runs this week     minutes
loan        loan@production  every 7 d     rejected 1 min ago          2 of 7  12.5 of 60  due
other       loan@production  by hand only  never                       2 of 7  12.5 of 60  no experiment
odd                                        can't be read                                   runyard.yaml:9: expected a name (and 1 more)
`);
});
