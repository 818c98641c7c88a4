import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { askedOf } from '../../../../src/cli/evaluation/request';
import { evaluationRequest } from '../../../../src/protocol/evaluation/request';
import { givenOf } from './support';

const least = '--model m.onnx --data d.csv --label y';
const asked = (line: string, files?: readonly string[]) => askedOf(givenOf(line, { files: files ?? [] }));
const request = (line: string, files?: readonly string[]) => asked(line, files).request;

test('model, data and label are enough, and files are taken from where one is', () => {
  expect(asked(least)).toEqual({
    request: { model: { file: '/home/ana/loans/sub/m.onnx' }, data: { files: ['/home/ana/loans/sub/d.csv'] }, label: 'y' },
    workspaceSlices: true, fresh: false,
  });
});

test('the name of an evaluation of runyard.yaml is enough, and what is said besides goes along alone', () => {
  expect(asked('car-loan')).toEqual({ configured: 'car-loan', request: {}, workspaceSlices: true, fresh: false });
  expect(asked('car-loan --baseline old.onnx --fresh --no-slices')).toEqual({
    configured: 'car-loan', request: { baseline: { file: '/home/ana/loans/sub/old.onnx' } }, workspaceSlices: false, fresh: true,
  });
});

test('everything that can be said makes a request that the engine takes', () => {
  const all = request(`${least} --id k --task binary --classes no,yes --positive yes --threshold 0.4 --split part --metric profit=m.py:profit --cost fp=1,fn=5 --min accuracy=0.8
    --max ece_top_10=0.1 --min per_class.yes.recall=0.5 --training t.csv --max-age 30 --collected 2026-08-01 --seed 7 --replicates 500 --name n --types 'age=int,a, b=float' --format csv
    --max-worsening 0.01 --gate-alpha 0.1 --gate-support 50 --input 'x=age,"income, net"' --missing x=-1 --label-output out --run abc`);
  expect(all).toMatchObject({
    id: 'k', task: 'binary', classes: ['no', 'yes'], positive: 'yes', threshold: 0.4, split: 'part', metrics: { profit: 'sub/m.py:profit' }, cost: { tp: 0, fp: 1, fn: 5, tn: 0 },
    thresholds: { accuracy: { min: 0.8 }, ece_top_10: { max: 0.1 }, 'per_class.yes.recall': { min: 0.5 } }, training: { files: ['/home/ana/loans/sub/t.csv'] }, maxAgeDays: 30, collected: '2026-08-01',
    seed: 7, replicates: 500, name: 'n', gate: { maxWorsening: 0.01, alpha: 0.1, minSupport: 50 }, run: 'abc', data: { format: 'csv' },
    model: { file: '/home/ana/loans/sub/m.onnx', mapping: { inputs: { x: { columns: ['age', 'income, net'], missing: -1 } }, label: 'out' } },
  });
  expect(evaluationRequest.safeParse(all).error).toBeUndefined();
});

test('a comma without an equals sign after it belongs to the name of the column', () => {
  expect(request(`${least} --types 'a, b=int,c=float,e,f=int' --types d=bool`)).toMatchObject({ data: { types: { 'a, b': 'int', 'e,f': 'int', c: 'float', d: 'bool' } } });
});

test('data files that a shell put after --data belong to it', () => {
  expect(request('--model m.onnx --label y --data a.csv b.csv c.csv')).toMatchObject({ data: { files: ['a', 'b', 'c'].map((name) => `/home/ana/loans/sub/${name}.csv`) } });
});

test('a name in double quotes may hold anything', () => {
  expect(request(`${least} --types '"x=1, ""y""=int"=string,z=bool,w=u=float'`)).toMatchObject({ data: { types: { 'x=1, "y"=int': 'string', z: 'bool', 'w=u': 'float' } } });
});

describe('a model', () => {
  test.each([
    ['--model credit@champion', { registered: 'credit@champion' }],
    ['--model credit/12', { registered: 'credit/12' }],
    ['--model models:/credit/12', { registered: 'credit/12' }],
    ['--model out/model.onnx', { file: '/home/ana/loans/sub/out/model.onnx' }],
    ['--model runs/model', { file: '/home/ana/loans/sub/runs/model' }],
    ["--command 'python score.py --fast'", { command: ['python', 'score.py', '--fast'] }],
    ['--predictions pred', { predictions: { column: 'pred' } }],
    ['--predictions pred --probabilities p', { predictions: { column: 'pred', probabilities: 'p' } }],
    ['--probabilities no=p0,yes=p1', { predictions: { probabilities: { no: 'p0', yes: 'p1' } } }],
    ['--model preds.parquet --predictions pred', { predictions: { data: { files: ['/home/ana/loans/sub/preds.parquet'] }, column: 'pred' } }],
  ])('%s', (line, model) => {
    expect(request(`${line} --data d.csv --label y`).model).toEqual(model);
  });

  test('a folder that is there goes before a name of the registry', () => {
    expect(request('--model credit/12 --data d.csv --label y', ['/home/ana/loans/sub/credit/12']).model).toEqual({ file: '/home/ana/loans/sub/credit/12' });
  });

  test('words after -- are a command', () => {
    expect(request('--data d.csv --label y -- python score.py {rows} {predictions}').model).toEqual({ command: ['python', 'score.py', '{rows}', '{predictions}'] });
  });

  test('the one to beat is named in the same ways', () => {
    expect(request(`${least} --baseline-command 'python old.py'`).baseline).toEqual({ command: ['python', 'old.py'] });
    expect(request(`${least} --baseline-predictions old`).baseline).toEqual({ predictions: { column: 'old' } });
    expect(request(`${least} --baseline old.onnx --baseline-input z=age`).baseline).toEqual({ file: '/home/ana/loans/sub/old.onnx', mapping: { inputs: { z: { columns: ['age'] } } } });
    expect(request(`${least} --baseline credit@champion`).baseline).toEqual({ registered: 'credit@champion' });
  });
});

describe('slices', () => {
  test("of the workspace's runyard.yaml are the engine's to read", () => {
    expect(asked(`${least} --slices ../runyard.yaml`, ['/home/ana/loans/runyard.yaml'])).toMatchObject({ workspaceSlices: true });
    expect(request(`${least} --slices ../runyard.yaml`, ['/home/ana/loans/runyard.yaml'])).not.toHaveProperty('slices');
  });

  test('of another file are read here, less those for other evaluations', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-slices-'));
    const file = path.join(folder, 'slices.yaml');
    try {
      writeFileSync(file, 'slices:\n  young: {where: "age < 30", owner: ana}\n  vip: {tagger: "tags.py:vip", evaluations: [other]}\n');
      expect(asked(`${least} --slices ${file}`)).toMatchObject({ workspaceSlices: false, request: { slices: [{ name: 'young', where: 'age < 30', owner: 'ana', minSupport: 30 }] } });
      expect(request(`${least} --name other --slices ${file}`).slices).toHaveLength(2);
      writeFileSync(file, 'slices:\n  young: {owner: ana}\n');
      expect(() => asked(`${least} --slices ${file}`)).toThrow(/slice young of .*slices\.yaml: .*give where or tagger/s);
      writeFileSync(file, 'slices: [1, 2');
      expect(() => asked(`${least} --slices ${file}`)).toThrow(/can't be read/);
      expect(() => asked(`${least} --slices ${folder}/none.yaml`)).toThrow(/there is no file/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test.each([
  ['', 'there is nothing to evaluate'],
  ['--data d.csv', 'an evaluation needs --model FILE and --label COLUMN'],
  ['--model m.onnx --label y', 'an evaluation needs --data FILES'],
  ['a b', 'one evaluation at a time, not a b'],
  [`${least} --task binry`, '--task binry is none of binary, multiclass, regression, ranking'],
  [`${least} --threshold high`, "--threshold high isn't a number"],
  [`${least} --types age`, '--types age is no list of NAME=VALUE'],
  [`${least} --types age=number`, '--types number is none of float, int'],
  [`${least} --metric profit=metrics`, '--metric profit=metrics is no FILE.py:FUNCTION'],
  [`${least} --input x`, '--input x is no NAME=COLUMN'],
  [`${least} --cost miss=3`, '--cost miss is none of tp, fp, fn, tn'],
  [`${least} --min accuracy`, '--min accuracy is no list of NAME=VALUE'],
  [`${least} --command python`, 'the model is given in two ways'],
  [`${least} --predictions p`, '--predictions are there already'],
  ["--command '' --data d.csv --label y", 'the command is empty'],
  [`${least} --training t1.csv t2.csv`, 't2.csv may belong to --data or to --training'],
  [`${least} --slices s.yaml --no-slices`, '--slices and --no-slices are both given'],
  ['--model m.onnx --data - --label y', 'standard input is gone then'],
  ['car-loan --types a=int', '--types says how data are read, and there are none'],
])('`%s` is refused: %s', (line, message) => {
  expect(() => asked(line)).toThrow(expect.objectContaining({ name: 'RunyardError', code: 'bad_input', message: expect.stringContaining(message) }));
});
