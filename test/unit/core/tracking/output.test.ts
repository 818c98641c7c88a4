import { describe, expect, it } from 'vitest';
import { createPicker, plainLine } from '../../../../src/core/tracking/output';

const pick = (line: string): unknown => createPicker().pick(line)[0] ?? null;

describe('metrics picked from a line', () => {
  it.each([
    ['epoch 3 loss=0.41 acc: 0.9', 3, { loss: 0.41, acc: 0.9 }],
    ['Epoch 3/10 - loss: 0.6931 - accuracy: 0.5 - val_loss: 0.7', 3, { loss: 0.6931, accuracy: 0.5, val_loss: 0.7 }],
    ['[epoch 2, step 5/100] loss=1e-3', 205, { loss: 0.001 }],
    ['step: 1200 | loss: 2.5 | lr: 3e-4', 1200, { loss: 2.5, lr: 0.0003 }],
    ['Iteration 40, loss = 0.25', 40, { loss: 0.25 }],
    ['train loss: 0.5 val loss: 0.6', 0, { train_loss: 0.5, val_loss: 0.6 }],
    ['loss=nan grad=inf low=-inf', 0, { loss: NaN, grad: Infinity, low: -Infinity }],
    ['accuracy: 91.5%', 0, { accuracy: 91.5 }],
    ['test/f1=0.5, top-5: 0.8', 0, { 'test/f1': 0.5, 'top-5': 0.8 }],
    ['final loss=0.41.', 0, { loss: 0.41 }],
    ["{'loss': 0.3, 'x': 1}", null, null],
    ['\u001b[32mloss=0.5\u001b[0m', 0, { loss: 0.5 }],
    ['  0%| | 0/2\r 50%|5 | 1/2 [00:01<00:01, loss=0.9]\r100%|#| 2/2 [00:02<00:00, loss=0.4]', 0, { loss: 0.4 }],
  ])('%j', (line, step, metrics) => {
    expect(pick(line)).toEqual(metrics === null ? null : { step, metrics });
  });

  it.each([
    'started at 12:30:01', '2024-01-02 12:30:01,123 INFO ready', 'Date: 2024-01-02', 'http://localhost:8080/x=1y', 'see http://host/?a=1&b=2x', 'listening on port: 8080',
    'File "/a/b.py", line 3', 'C:\\data: 3 files', 'FutureWarning: 3 fits failed', 'Total params: 11,689,512', 'python: 3.11.7', 'time: 3.2s', 'seed=3', 'epoch: 3', 'sha=deadbeef', 'eta: 00:12:01',
    'loaded 300 rows', 'path=/tmp/3', '10.0.0.1: 3', 'a.b:c=', 'torch version: 2.1',
  ])('nothing from %j', (line) => {
    expect(pick(line)).toBeNull();
  });

  it('counts the lines without a step, for each metric', () => {
    const picker = createPicker();
    expect(['loss=3', 'acc=1', 'loss=2', 'step 9 loss=1', 'loss=0'].map((line) => picker.pick(line)[0]?.step)).toEqual([0, 0, 1, 9, 10]);
  });

  it('takes patterns of the person first, with their own step', () => {
    const picker = createPicker([String.raw`score (?<key>\w+) at (?<step>\d+) is (?<value>[\d.]+)`]);
    expect(picker.pick('score f1 at 7 is 0.5')).toEqual([{ step: 7, metrics: { f1: 0.5 } }]);
  });

  it('says what is wrong with a pattern, and goes on without it', () => {
    const picker = createPicker(['(', '(?<key>a)', '(?<key>(a+)+)=(?<value>x)']);
    expect(picker.problems).toHaveLength(3);
    expect(picker.problems[0]).toContain('not a regular expression');
    expect(picker.problems[1]).toContain('(?<value>');
    expect(picker.problems[2]).toContain('for ever');
    expect(picker.pick('loss=1')).toEqual([{ step: 0, metrics: { loss: 1 } }]);
  });

  it('is done with a long odd line at once', () => {
    const picker = createPicker();
    const begin = performance.now();
    for (const line of [`${'a'.repeat(100_000)}=1`, 'a-'.repeat(50_000), 'a: 1 '.repeat(20_000), `loss: ${'1'.repeat(50_000)}`, ' '.repeat(100_000) + '1']) picker.pick(line);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it('shows a line as a terminal does at its end', () => {
    expect(plainLine('a\rb\r')).toBe('b');
    expect(plainLine('\u001b]0;title\u0007x')).toBe('x');
  });
});
