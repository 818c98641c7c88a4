import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../../src/core/config/load';
import { monitorName, withMonitor } from '../../../../src/extension/monitoring/example';
import { scanMonitors } from '../../../../src/extension/monitoring/lines';

const model = { model: 'car-loan@production' };
const read = (text: string): Record<string, unknown> => (parse(text) as { monitors: Record<string, unknown> }).monitors;

describe('a monitor put into runyard.yaml', () => {
  test.each([['a model', model], ['files', { files: ['logs/*.parquet'], time: 'served at' }]] as const)('of %s is one that can be run', (_, watched) => {
    const { config, problems } = parseConfig(withMonitor('', 'daily', 'model' in watched ? watched : { ...watched, files: [...watched.files] }), 'runyard.yaml');
    expect(problems).toEqual([]);
    expect(config.monitoring.monitors['daily']).toMatchObject({ window: 86_400, runbook: expect.stringContaining('drift panel') as string });
  });

  test('leaves every other character as it was, comments too', () => {
    const before = '# mine\nversion: 1\nmonitors:   # watched\n    old: # keep me\n        model: a@b\n\n# after\nslices: {x: {where: "a > 1"}}\n';
    const after = withMonitor(before, 'daily', model);
    const added = after.split('\n').filter((line) => !before.split('\n').includes(line)).join('\n');
    expect(before.split('\n').every((line) => after.split('\n').includes(line))).toBe(true);
    expect(added).toContain('    daily:');
    expect(Object.keys(read(after))).toEqual(['daily', 'old']);
  });

  test('makes the section where there is none, and the file where that is empty', () => {
    expect(Object.keys(read(withMonitor('version: 1\nmetrics: {}', 'daily', model)))).toEqual(['daily']);
    expect(withMonitor('', 'daily', model)).toMatch(/^#.*\nversion: 1\n/);
    expect(Object.keys(read(withMonitor('version: 1\nmonitors:\n', 'daily', model)))).toEqual(['daily']);
    expect(withMonitor('version: 1\r\nmonitors:\r\n', 'daily', model).replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('is refused where it would break something', () => {
    expect(() => withMonitor('monitors: {a: {model: x@y}}\n', 'daily', model)).toThrow(/not written as a block/);
    expect(() => withMonitor('monitors:\n  daily: {model: x@y}\n', 'daily', model)).toThrow(/already/);
    expect(() => withMonitor('a: [', 'daily', model)).toThrow(/not YAML/);
  });

  test('is called like what it watches, with a number where that is taken', () => {
    expect(monitorName(model, new Set())).toBe('car-loan-production');
    expect(monitorName(model, new Set(['car-loan-production', 'car-loan-production-2']))).toBe('car-loan-production-3');
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
