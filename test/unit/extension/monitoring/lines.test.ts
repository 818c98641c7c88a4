import { describe, expect, test } from 'vitest';
import { scanMonitors } from '../../../../src/extension/monitoring/lines';
import { monitorName } from '../../../../src/extension/monitoring/monitor-name';

describe('a new monitor', () => {
  test('is called like what it watches, with a number where that is taken', () => {
    expect(monitorName({ model: 'car-loan@production' }, new Set())).toBe('car-loan-production');
    expect(monitorName({ model: 'car-loan@production' }, new Set(['car-loan-production', 'car-loan-production-2']))).toBe('car-loan-production-3');
    expect(monitorName({ files: ['a/b c*.csv'], time: 't' }, new Set())).toBe('b-c');
    expect(monitorName({ files: ['*.csv'], time: 't' }, new Set())).toBe('monitor');
  });
});

describe('where monitors stand', () => {
  test('is told by their looks, with the lines that belong to each', () => {
    const text = 'version: 1\nmonitors:\n  # first\n  "a b":\n    model: x@y\n    runbook: |\n      one\n      two: three\n\n  plain: {model: x@y}\nslices:\n  no: {where: x}\n';
    expect(scanMonitors(text)).toEqual([{ name: 'a b', line: 3, start: 2, stop: 7, end: 7 }, { name: 'plain', line: 9, start: 2, stop: 7, end: 9 }]);
  });

  test('is nowhere without the section, and in a half-typed one what is there', () => {
    expect(scanMonitors('slices:\n  a: {}\n')).toEqual([]);
    expect(scanMonitors('monitors: {a: {}}\n')).toEqual([]);
    expect(scanMonitors('monitors:\n  a:\n    checks: [\n').map(({ name }) => name)).toEqual(['a']);
  });
});
