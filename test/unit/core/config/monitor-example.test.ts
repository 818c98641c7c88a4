import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../../../src/core/config/load';
import { withMonitor } from '../../../../src/core/config/monitor-example';

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
});
