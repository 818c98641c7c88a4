import { afterAll, expect, test } from 'vitest';
import { classValues, customFigures, type MetricSet } from '../../../../../../src/core/evaluation/questions/custom/metrics';
import { python, workspaceWith } from './support';

const place = workspaceWith({
  'metrics.py': `def profit(y_true, y_pred):
    return sum(3 if t == p == 1 else -1 if t != p else 0 for t, p in zip(y_true, y_pred))

def mean_score(y_true, y_pred, y_score=None):
    return None if y_score is None else float(sum(y_score)) / len(y_score)

def amount(y_true, y_pred, y_score=None, rows=None):
    return sum(row['amount'] for row, t, p in zip(rows, y_true, y_pred) if t != p)

def nothing(y_true, y_pred):
    return float('nan')

def text(y_true, y_pred):
    return 'high'

def fails(y_true, y_pred):
    return 1 / (len(y_true) - len(y_pred))

def best(y_true, y_pred, y_score=None):
    return sum(max(row) for row in y_score) / len(y_score)
`,
  'metrics.mjs': `export const profit = (truth, predicted) => truth.reduce((sum, t, i) => sum + (t === 1 && predicted[i] === 1 ? 3 : t !== predicted[i] ? -1 : 0), 0);
export async function amount(truth, predicted, score, rows) {
  return rows.filter((row, i) => truth[i] !== predicted[i]).reduce((sum, row) => sum + row.amount, 0);
}
export const nothing = () => 0 / 0;
export const text = () => 'high';
export function fails(truth) {
  return truth.nowhere.length;
}
export function forever() {
  for (;;);
}
export const number = 4;
`,
  'bad.mjs': 'export const ok = () => 1;\nthrow new TypeError("not today");\n',
});
afterAll(() => place.dispose());

const set = (name: string, truth: number[], predicted: number[], scores: number[] | null = null): MetricSet => ({
  name, columns: {
    truth: Int32Array.from(truth), predicted: Int32Array.from(predicted), scores: scores && Float64Array.from(scores), width: 1,
    rows: () => Promise.resolve({ amount: { type: 'float', values: Float64Array.from(truth, (_, row) => 10 ** row), missing: null } }),
  },
});
const sets = [set('', [0, 1, 1, 0], [0, 1, 0, 1], [0.1, 0.9, 0.4, 0.6]), set('few', [1], [1])];
const ask = (metrics: Record<string, string>, more: { seconds?: number; signal?: AbortSignal } = {}): Promise<Record<string, number | null>[]> => customFigures(metrics, sets, { workspace: place.folder, python, classes: ['0', '1'], ...more });

test('functions in Python and JavaScript give a figure for each set of rows', async () => {
  expect(await ask({ profit: 'metrics.py:profit', 'mean score': 'metrics.py:mean_score', amount: 'metrics.py:amount', same: 'metrics.mjs:profit', js: 'metrics.mjs:amount' }))
    .toEqual([{ profit: 1, 'mean score': 0.5, amount: 1100, same: 1, js: 1100 }, { profit: 3, 'mean score': null, amount: 0, same: 3, js: 0 }]);
});

test('what is no number is null, and what is something else is refused by the metric and its file', async () => {
  expect(await ask({ a: 'metrics.py:nothing', b: 'metrics.mjs:nothing' })).toEqual([{ a: null, b: null }, { a: null, b: null }]);
  await expect(ask({ mine: 'metrics.py:text' })).rejects.toMatchObject({ code: 'bad_input', message: "metric mine of all rows: metrics.py: it returned 'high' (str) where a number is expected" });
  await expect(ask({ mine: 'metrics.mjs:text' })).rejects.toMatchObject({ code: 'bad_input', message: 'metric mine of all rows: metrics.mjs: it returned "high" (string) where a number is expected' });
});

test('an exception names the metric, the file and the line', async () => {
  await expect(ask({ mine: 'metrics.py:fails' })).rejects.toMatchObject({ message: 'metric mine of all rows: metrics.py line 17: ZeroDivisionError: division by zero' });
  await expect(ask({ mine: 'metrics.mjs:fails' })).rejects.toMatchObject({ message: expect.stringContaining('metric mine of all rows: metrics.mjs line 8: TypeError: ') as string });
  await expect(ask({ mine: 'bad.mjs:ok' })).rejects.toMatchObject({ message: 'metric mine: bad.mjs line 2: TypeError: not today' });
  await expect(ask({ mine: 'metrics.mjs:number' })).rejects.toMatchObject({ message: expect.stringContaining('there is no function number') as string });
});

test('a metric that never ends is stopped by time and by hand', async () => {
  await expect(ask({ mine: 'metrics.mjs:forever' }, { seconds: 0.5 })).rejects.toMatchObject({ message: 'metric mine took longer than 0.5 s' });
  const stop = new AbortController();
  const asked = ask({ mine: 'metrics.mjs:forever' }, { signal: stop.signal });
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
});

test('numbers of a regression and probabilities of several classes arrive in their shape', async () => {
  const three: MetricSet = { name: '', columns: { truth: Int32Array.of(0, 2), predicted: Int32Array.of(0, 1), scores: Float64Array.of(0.5, 0.25, 0.25, 0.125, 0.75, 0.125), width: 3 } };
  expect(await customFigures({ best: 'metrics.py:best' }, [three], { workspace: place.folder, python, classes: ['a', 'b', 'c'] })).toEqual([{ best: 0.625 }]);
  const numbers: MetricSet = { name: '', columns: { truth: Float64Array.of(1, 2.5), predicted: Float64Array.of(1, 2), scores: null, width: 1 } };
  expect(await customFigures({ a: 'metrics.py:profit', b: 'metrics.mjs:profit' }, [numbers], { workspace: place.folder, python, classes: null })).toEqual([{ a: 2, b: 2 }]);
});

test('labels are numbers or booleans only where every class is one', () => {
  expect(classValues(['0', '1'])).toEqual([0, 1]);
  expect(classValues(['0.0', '1.0'])).toEqual([0, 1]);
  expect(classValues(['False', 'True'])).toEqual([false, true]);
  expect(classValues(['1', 'two'])).toEqual(['1', 'two']);
  expect(classValues(['01', '2'])).toEqual(['01', '2']);
});
