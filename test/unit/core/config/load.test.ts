import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../../../src/core/config/load';

const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, 'runyard.yaml');
const places = (text: string): string[] => parse(text).problems.map((p) => `${p.severity} ${p.line}:${p.column} ${p.message}`);

const GOOD = `version: 1
metrics:
  val_auc: { goal: maximize, main: true }
  ms: { goal: minimize }
experiments:
  train:
    command: [python, train.py, --fast, 3]
    params: { lr: 1e-3, depth: 010, amp: true, note: }
    paramStyle: env
    cwd: sub
    env: { OMP: 1 }
    datasets: [{ name: loans, path: data/a.csv, role: validation }]
    seeds: { param: random_state, count: 3 }
  pipe:
    command: python a.py | tee b.txt
    shell: true
queue: { concurrency: 2 }
stop: { intSeconds: 1, termSeconds: 0 }
output: { metrics: false, patterns: ['(?<key>a)=(?<value>1)'] }
resources: { seconds: 0.5 }
`;

describe('runyard.yaml', () => {
  it('says everything it can say, numbers as they were typed', () => {
    const { config, problems } = parse(GOOD);
    expect(problems).toEqual([]);
    expect(config.experiments['train']).toEqual({
      name: 'train', line: 6, command: ['python', 'train.py', '--fast', '3'], shell: false, params: { lr: '1e-3', depth: '010', amp: 'true', note: '' }, paramStyle: 'env', cwd: 'sub',
      env: { OMP: '1' }, datasets: [{ name: 'loans', path: 'data/a.csv', role: 'validation', digest: '' }], seeds: { param: 'random_state', count: 3 },
    });
    expect(config.experiments['pipe']).toMatchObject({ command: ['python a.py | tee b.txt'], shell: true, line: 14 });
    expect(config).toMatchObject({
      metrics: { val_auc: { goal: 'maximize', main: true }, ms: { goal: 'minimize', main: false } },
      queue: { concurrency: 2 }, stop: { intSeconds: 1, termSeconds: 0 }, output: { metrics: false }, resources: { seconds: 0.5 },
    });
  });

  it('may be empty, or only comments', () => {
    for (const text of ['', '# nothing yet\n', 'experiments:\n']) expect(parse(text).problems).toEqual([]);
  });

  it('warns of a key it does not know, names the nearest, and takes the rest', () => {
    const text = 'experimnts: {}\nexperiments:\n  a:\n    command: [x]\n    parms: { lr: 1 }\n    zzzzzzzzz: 1\n';
    expect(places(text)).toEqual([
      "warning 1:1 unknown key 'experimnts': did you mean 'experiments'?",
      "warning 5:5 unknown key 'parms': did you mean 'params'?",
      expect.stringMatching(/^warning 6:5 unknown key 'zzzzzzzzz'; known here: command, /),
    ]);
    expect(Object.keys(parse(text).config.experiments)).toEqual(['a']);
  });

  it('tells the place and what is expected where a type is wrong, and leaves out that experiment only', () => {
    const text = 'experiments:\n  bad:\n    command: [python]\n    params:\n      lr: [1, 2]\n  good:\n    command: [x]\nqueue:\n  concurrency: many\n';
    const { config, problems } = parse(text);
    expect(problems.map((p) => [p.line, p.column, p.severity])).toEqual([[9, 16, 'error'], [5, 11, 'error']]);
    expect(problems[0]?.message).toContain('queue.concurrency');
    expect(problems[1]?.message).toBe('experiments.bad.params.lr: expected a text, a number, true or false');
    expect(Object.keys(config.experiments)).toEqual(['good']);
    expect(config.queue.concurrency).toBe(1);
  });

  it.each([
    ['experiments:\n  a:\n    params: {}\n', /2:3 the experiment 'a' has no command/],
    ['experiments:\n  a:\n    command: python x.py\n', /3:14 a command as one text needs shell: true/],
    ['experiments:\n  a:\n    command: [x]\n    shell: true\n', /3:14 with shell: true/],
    ['experiments:\n  a:\n    command: { a: 1 }\n', /3:14 experiments.a.command: expected a list/],
    ['experiments: [a]\n', /1:14 expected names under experiments/],
    ['version: 2\n', /1:10 expected version: 1/],
    ['- a\n', /1:1 expected sections/],
    ['metrics:\n  acc: { goal: up }\n', /2:16 metrics.acc.goal: expected 'maximize' or 'minimize'/],
    ["output:\n  patterns: ['(']\n", /2:14 not a regular expression/],
  ])('an error for %j', (text, expected) => {
    const problems = places(text);
    expect(problems[0]).toMatch(expected);
    expect(problems[0]).toMatch(/^error/);
  });

  it('broken YAML is an error at its line, and the experiments it does not touch go on working', () => {
    const { config, problems } = parse('experiments:\n  a:\n    command: [x]\n  b:\n    command: [y\n  c:\n    command: [z]\n');
    expect(problems[0]).toMatchObject({ severity: 'error' });
    expect(problems[0]?.line).toBeGreaterThanOrEqual(5);
    expect(problems[0]?.message).toMatch(/^not YAML: /);
    expect(Object.keys(config.experiments)).toEqual(['a', 'c']);
    expect(parse('experiments:\n\ta: 1\n').problems[0]).toMatchObject({ line: 2, severity: 'error' });
    expect(parse('experiments:\n  a: { command: [x] }\n  a: { command: [y] }\n').problems[0]).toMatchObject({ line: 3 });
  });

  const dir = mkdtempSync(join(tmpdir(), 'runyard-config-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('is read from the workspace, by either ending, or is not there', () => {
    expect(loadConfig(dir)).toMatchObject({ file: null, problems: [] });
    writeFileSync(join(dir, 'runyard.yml'), 'queue: { concurrency: 3 }');
    expect(loadConfig(dir)).toMatchObject({ file: 'runyard.yml', config: { queue: { concurrency: 3 } } });
  });
});
