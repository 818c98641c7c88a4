import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/core/config/load';
import { planLaunch, planRerun, type LaunchContext } from '../../../../src/core/tracking/launch';
import type { LaunchParams } from '../../../../src/protocol/engine';

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'runyard-launch-')));
const program = (path: string): string => {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), '#!/bin/sh\n');
  chmodSync(join(workspace, path), 0o755);
  return join(workspace, path);
};
beforeAll(() => {
  for (const name of ['path/python3', 'other/bin/python', 'active/bin/python']) program(name);
  mkdirSync(join(workspace, 'sub'));
  for (const name of ['train.py', 'sub/eval.py']) writeFileSync(join(workspace, name), 'p.add_argument("--batch-size")\np.add_argument("--lr")\n');
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const YAML = `experiments:
  base: { command: [python, train.py, --lr, "0.1"], params: { depth: 3 }, cwd: ., env: { A: 1 }, datasets: [{ name: d, path: d.csv }] }
  env: { command: [python, train.py], params: { depth: 3 }, paramStyle: env }
  shell: { command: "python train.py | cat", shell: true, params: { depth: 3 } }
  own: { command: [python, train.py], python: other/bin/python }
`;
const context = (env: NodeJS.ProcessEnv = {}): LaunchContext => ({ workspace, config: parseConfig(YAML, 'runyard.yaml').config, clock: () => 1000, env: { PATH: join(workspace, 'path'), ...env } });
const plan = (params: LaunchParams, env?: NodeJS.ProcessEnv): ReturnType<typeof planLaunch> => planLaunch(params, context(env));
const thrown = (params: LaunchParams): unknown => { try { plan(params); return null; } catch (error) { return error; } };

describe('what is started', () => {
  it('a script with the interpreter, wherever it is called from', () => {
    expect(plan({ script: join(workspace, 'sub/eval.py') }).preview).toMatchObject({ experiment: 'eval', argv: ['path/python3', 'sub/eval.py'], script: 'sub/eval.py', interpreterFrom: 'python3 on PATH', cwd: '.' });
    expect(plan({ script: 'sub/eval.py', cwd: 'sub' }).preview.argv).toEqual(['path/python3', 'eval.py']);
  });

  it('a command as it is typed, its flags as params, changed ones in their place', () => {
    const { specs: [spec] } = plan({ argv: ['python3', 'train.py', '--lr', '0.1', '--fast'], params: { lr: '0.2', batch_size: '8' } });
    expect(spec).toMatchObject({ argv: ['path/python3', 'train.py', '--lr', '0.2', '--fast', '--batch-size', '8'], params: { lr: '0.2', fast: 'true', batch_size: '8' }, script: 'train.py', experiment: 'train' });
  });

  it('another program is left as it is', () => {
    expect(plan({ argv: ['torchrun', 'train.py', '--lr', '1'] }).specs[0]).toMatchObject({ argv: ['torchrun', 'train.py', '--lr', '1'], script: 'train.py', params: { lr: '1' }, interpreter: undefined });
    expect(plan({ argv: ['make', 'all'] }).preview).toMatchObject({ experiment: 'make', script: null, interpreter: null, interpreterFrom: 'the command needs none' });
  });

  it('an experiment of runyard.yaml with its defaults, and what is given over them', () => {
    expect(plan({ configured: 'base', params: { depth: '4' }, env: { B: '2' } }).specs[0]).toMatchObject({
      experiment: 'base', argv: ['path/python3', 'train.py', '--lr', '0.1', '--depth', '4'], params: { lr: '0.1', depth: '4' }, env: { A: '1', B: '2' }, datasets: [{ name: 'd' }],
    });
    expect(plan({ configured: 'env' }).specs[0]).toMatchObject({ argv: ['path/python3', 'train.py'], params: { depth: '3' } });
    expect(plan({ configured: 'shell' }).specs[0]).toMatchObject({ argv: ['python train.py | cat'], shell: true, params: { depth: '3' } });
  });

  it('as many runs as there are seeds', () => {
    const { specs } = plan({ configured: 'env', seeds: 3, name: 'n' });
    expect(specs.map((spec) => [spec.name, spec.params['seed']])).toEqual([['n-seed0', '0'], ['n-seed1', '1'], ['n-seed2', '2']]);
    expect(new Set(specs.map((spec) => spec.runId)).size).toBe(3);
    expect(specs.map((spec) => spec.created)).toEqual([...specs.map((spec) => spec.created)].sort((a, b) => a - b));
  });

  it('again: the same but for what was changed', () => {
    const { specs: [spec] } = plan({ configured: 'base', tags: { t: '1' } });
    if (!spec) throw new Error('no spec');
    const again = planRerun(spec, { lr: '0.5' }, { ...context(), source: 'form' });
    expect(again).toMatchObject({ argv: ['path/python3', 'train.py', '--lr', '0.5', '--depth', '3'], params: { lr: '0.5', depth: '3' }, tags: { t: '1', 'runyard.rerun_of': spec.runId }, source: 'form' });
    expect(again.runId).not.toBe(spec.runId);
  });
});

describe('what is refused', () => {
  it.each<[LaunchParams, string, RegExp]>([
    [{ configured: 'bas' }, 'not_found', /did you mean 'base'/],
    [{ script: 'nope.py' }, 'not_found', /nope.py/],
    [{ script: '/etc/passwd' }, 'refused', /outside the workspace/],
    [{ argv: ['true'], cwd: '..' }, 'refused', /outside the workspace/],
    [{}, 'bad_input', /nothing to run/],
    [{ argv: ['a', 'b'], shell: true }, 'bad_input', /one text/],
    [{ argv: ['x'], seeds: 0 }, 'bad_input', /seeds/],
  ])('%j: %s', (params, code, text) => {
    expect(thrown(params)).toMatchObject({ code });
    expect(`${String(thrown(params))} ${String((thrown(params) as { hint: string }).hint)}`).toMatch(text);
  });

  it('a Python where there is none', () => {
    expect(() => plan({ script: 'train.py' }, { PATH: '' })).toThrow('no Python was found');
  });
});

describe('the interpreter', () => {
  const from = (params: LaunchParams, env?: NodeJS.ProcessEnv): unknown => {
    const { interpreter, interpreterFrom } = plan({ script: 'train.py', ...params }, env).preview;
    return [interpreter, interpreterFrom];
  };
  it('is the given, the configured, the activated, the workspace\'s own, conda\'s, or that on PATH, in this order', () => {
    const conda = { CONDA_PREFIX: join(workspace, 'other'), CONDA_DEFAULT_ENV: 'ml' };
    expect(from({}, conda)).toEqual(['other/bin/python', 'the conda environment ml']);
    program('real/python3.11');
    mkdirSync(join(workspace, '.venv/bin'), { recursive: true });
    symlinkSync('/bin/sh', join(workspace, '.venv/bin/python'));
    expect(from({}, conda)).toEqual(['.venv/bin/python', "the workspace's .venv"]);
    expect(from({ env: { VIRTUAL_ENV: join(workspace, 'active') } }, conda)).toEqual(['active/bin/python', 'the activated environment']);
    expect(plan({ configured: 'own' }, conda).preview).toMatchObject({ interpreter: 'other/bin/python', interpreterFrom: 'python: in runyard.yaml' });
    expect(from({ interpreter: '/usr/bin/python9' }, conda)).toEqual(['/usr/bin/python9', 'chosen in the editor']);
    rmSync(join(workspace, '.venv'), { recursive: true });
  });
});
