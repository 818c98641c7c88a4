import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../src/cli/commands/all';
import { commandLine } from '../../support/command-line';

const { folder, program } = commandLine({ store: false });

test('without words, with help and with --help it says what there is', async () => {
  const { status, out } = await program();
  expect(status).toBe(0);
  expect(out).toMatchSnapshot();
  expect((await program('--help')).out).toBe(out);
  expect((await program('help')).out).toBe(out);
});

describe.each(commands.map(({ name }) => name))('%s --help', (name) => {
  test('says how it is used, its options, and one example', async () => {
    const { status, out, err } = await program(name, '--help');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatchSnapshot();
    expect(out.match(/^Example: runyard /gm)).toHaveLength(1);
    expect((await program('help', name)).out).toBe(out);
  });
});

test.each([
  ['rnu', 'runyard: there is no command rnu: did you mean run?'],
  ['frobnicate', 'runyard: there is no command frobnicate: see runyard --help'],
  ['--limit', 'runyard: the command comes first, before --limit: see runyard --help'],
  ['run', 'runyard: there is nothing to run: write: runyard run -- python train.py, or the name of an experiment of runyard.yaml'],
  ['run python train.py', 'runyard: a command to run comes after --, not as python train.py: write: runyard run -- python train.py'],
  ['run exp -- python train.py', 'runyard: either the experiment exp or a command after --, not both: write: runyard run --experiment exp -- python train.py'],
  ['run --sedes 3 -- a', 'runyard: there is no option --sedes: did you mean --seeds?'],
  ['run --seeds many -- a', "runyard: --seeds many isn't a whole number of at least 1: write --seeds 1"],
  ['run --param lr -- a', 'runyard: --param lr is no NAME=VALUE: write --param name=value'],
  ['run --runner slurm -- a', 'runyard: there is no runner slurm: leave --runner out, or write --runner local'],
  ['show', 'runyard: show needs a run: write: runyard show RUN'],
  ['show a b', "runyard: show doesn't take b: write: runyard show RUN"],
  ['stop -- a', 'runyard: stop needs a run: write: runyard stop RUN...'],
  ['import mlflow', 'runyard: import needs mlflow, and a folder, a file or an address: write: runyard import mlflow PLACE [--artifacts DIR]'],
  ['import wandb ./runs', "runyard: Runyard doesn't know wandb: write mlflow"],
  ['evaluate', 'runyard: there is nothing to evaluate: write --model FILE --data FILES --label COLUMN, or the name of an evaluation of runyard.yaml'],
  ['evaluate --lable y', 'runyard: there is no option --lable: did you mean --label?'],
  ['evalute', 'runyard: there is no command evalute: did you mean evaluate?'],
  ['slices --model m.onnx --data d.csv --label y --depth 9', 'runyard: --depth is out of range: Too big: expected number to be <=4: see runyard slices --help'],
  ['gc -- a', 'runyard: gc takes nothing after --: write: runyard gc [--dry-run]'],
])('`%s` is wrong use: %s', async (line, message) => {
  expect(await program(...line.split(' '))).toEqual({ status: 2, out: '', err: `${message}\n` });
});

test('where there is no store a question says so and how to make one', async () => {
  expect((await program('runs')).err).toBe(`runyard: there is no Runyard store in ${folder()} or above it: go to your workspace, or make one with \`runyard init\`\n`);
  expect((await program('models')).err).toContain('there is no Runyard store');
  // A model may be registered where nothing is kept yet: this one lacks its file only.
  expect((await program('models', 'register', 'loan')).err).toContain('there is nothing to register');
});

test('with --json an error is one document on standard output', async () => {
  const { status, out, err } = await program('show', '--json');
  expect([status, err]).toEqual([2, '']);
  expect(JSON.parse(out)).toEqual({ error: { code: 'bad_input', message: 'show needs a run', hint: 'write: runyard show RUN' } });
});

test('a --json after -- is the command\'s, not ours', async () => {
  expect((await program('run', '--', 'tool', '--json')).err).toContain('runyard: ');
});

test('the store is found upwards', async () => {
  mkdirSync(path.join(folder(), '.runyard'));
  const below = path.join(folder(), 'a', 'b');
  mkdirSync(below, { recursive: true });
  expect((await program('runs', '--workspace', below)).err).toBe('runyard: no engine in this test: look into .runyard/logs/engine.log\n');
});

test('--version is the version alone', async () => {
  expect(await program('--version')).toEqual({ status: 0, out: '1.2.3\n', err: '' });
});
