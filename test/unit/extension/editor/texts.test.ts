import { describe, expect, test } from 'vitest';
import type { MethodResults, ScriptFacts } from '../../../../src/protocol/engine';
import { metricText, paramText } from '../../../../src/extension/editor/hover-texts';
import { scanScript } from '../../../../src/extension/editor/scan';
import { lastRunWords, metricWords } from '../../../../src/extension/editor/words';

const facts = (over: Partial<ScriptFacts> = {}): ScriptFacts => ({
  script: 'train.py', experiment: 'car', last: { id: '1', name: 'calm-fox', state: 'finished', started: 0, ended: 1 },
  baseline: { id: '2', name: 'old-owl', pinned: true }, mainMetric: 'loss', metrics: { loss: { value: 0.4, delta: -0.1, direction: 'better' } }, ...over,
});

describe('words beside the code', () => {
  test('say better by an arrow, whichever way the number went', () => {
    expect(metricWords(facts(), 'loss')).toBe('0.4 ▲ −0.1');
    expect(metricWords(facts({ metrics: { loss: { value: 'NaN', delta: null, direction: 'unknown' } } }), 'loss')).toBe('NaN');
    expect(metricWords(facts(), 'nothing')).toBeUndefined();
  });
  test('over the script tell the last run, and against what', () => {
    expect(lastRunWords(facts())).toBe('finished · loss 0.4 ▲ −0.1 vs old-owl');
    expect(lastRunWords(facts({ last: null }))).toBeUndefined();
  });
});

describe('hovers', () => {
  const metric = (values: number[], best: number): MethodResults['editor.metric'] =>
    ({ key: 'acc', goal: 'maximize', best: `r${best}`, runs: values.map((value, index) => ({ id: `r${index}`, name: `run${index}`, value, t: 1000 + index })) });
  test('over a metric take the newest run for the last: it stands at the end', () => {
    const text = metricText(metric([0.7, 0.9, 0.8], 1), 1100);
    expect(text).toContain('last 0\\.8 (run2, 2 min ago)');
    expect(text).toContain('best 0\\.9 (run1)');
    expect(text).toContain('data:image/svg+xml');
  });
  test('over a metric of one run have no line to draw', () => {
    expect(metricText(metric([0.7], 0), 1100)).not.toContain('data:image');
    expect(metricText(metric([], 0), 1100)).toBeUndefined();
  });
  test('over a param list the values tried; a param that nobody used has none', () => {
    const rows = [{ value: '0.1', runs: 2, best: 0.9, mean: 0.85, last: 'r1' }];
    expect(paramText({ param: 'lr', metric: 'acc', goal: 'maximize', rows })).toMatch(/\| 0\\\.1 \|.*2 \|.*0\\\.85 \|.*0\\\.9 \|/);
    expect(paramText({ param: 'lr', metric: null, goal: 'maximize', rows: [] })).toBeUndefined();
  });
});

test('a script without a guard starts where its code does, if it trains', () => {
  expect(scanScript('"""Doc."""\nimport runyard\nfrom math import pi\n\nlr = 0.1\nrunyard.log({"loss": 1})\n').entry).toBe(4);
  expect(scanScript('print("hello")\n').entry).toBeNull();
});
