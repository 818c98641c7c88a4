import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/core/config/load';
import { modelFromText } from '../../../../src/core/config/short-forms';

const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, 'runyard.yaml');
const places = (text: string): string[] => parse(text).problems.map((p) => `${p.severity} ${p.line}:${p.column} ${p.message}`);

const GOOD = `evaluations:
  car-loan:
    model: out/model.onnx
    baseline: { registered: car-loan@champion }
    data: [data/a.csv, data/b.csv]
    label: repaid
    id: loan_id
    task: binary
    positive: True
    classes: [False, True]
    training: data/train.csv
    maxAgeDays: 90
    collected: 2026-08-01
    metrics: { profit: metrics.py:profit }
    thresholds: { accuracy: { min: 0.8 }, roc_auc: 0.7, log_loss: 0.5 }
    gate: { maxWorsening: 0.01 }
  scored:
    model: { predictions: pred }
    data: { files: data/scored.parquet, types: { zip: string } }
    label: y
  later:
    data: data/c.csv
slices:
  young-north:
    where: age < 30 and region = 'north'
    owner: ana
    minSupport: 100
    thresholds: { accuracy: { min: 0.8 }, accuracy_diff: { min: -0.05 } }
    evaluations: [car-loan]
  vip: { tagger: 'tags.py:is_vip', evaluations: scored }
  old: age > 60
`;

describe('evaluations in runyard.yaml', () => {
  it('say everything an evaluation can say, short forms made whole', () => {
    const { config, problems } = parse(GOOD);
    expect(problems).toEqual([]);
    expect(config.evaluations['car-loan']).toMatchObject({
      name: 'car-loan', line: 2,
      request: {
        model: { file: 'out/model.onnx' }, baseline: { registered: 'car-loan@champion' }, data: { files: ['data/a.csv', 'data/b.csv'] }, training: { files: ['data/train.csv'] },
        label: 'repaid', id: 'loan_id', task: 'binary', positive: 'True', classes: ['False', 'True'], collected: '2026-08-01', maxAgeDays: 90, metrics: { profit: 'metrics.py:profit' },
        thresholds: { accuracy: { min: 0.8 }, roc_auc: { min: 0.7 }, log_loss: { max: 0.5 } }, gate: { maxWorsening: 0.01, alpha: 0.05, minSupport: 30 },
      },
    });
    expect(config.evaluations['scored']?.request).toMatchObject({ model: { predictions: { column: 'pred' } }, data: { files: ['data/scored.parquet'], types: { zip: 'string' } } });
    expect(config.evaluations['later']?.request.model).toBeUndefined();
    expect(config.slices['young-north']).toEqual({
      name: 'young-north', line: 24, evaluations: ['car-loan'],
      spec: { name: 'young-north', where: "age < 30 and region = 'north'", owner: 'ana', minSupport: 100, thresholds: { accuracy: { min: 0.8 }, accuracy_diff: { min: -0.05 } } },
    });
    expect(config.slices['vip']).toMatchObject({ line: 30, evaluations: ['scored'], spec: { tagger: 'tags.py:is_vip', minSupport: 30, thresholds: {} } });
    expect(config.slices['old']).toMatchObject({ line: 31, evaluations: null, spec: { where: 'age > 60' } });
  });

  it.each([
    ['out/model.onnx', { file: 'out/model.onnx' }], ['model.onnx', { file: 'model.onnx' }], ['./car/3', { file: './car/3' }], ['/abs/3', { file: '/abs/3' }], ['C:/m/3', { file: 'C:/m/3' }],
    ['car-loan/3', { registered: 'car-loan/3' }], ['car-loan@champion', { registered: 'car-loan@champion' }], ['models:/car-loan/3', { registered: 'car-loan/3' }], ['models:/car@prod', { registered: 'car@prod' }],
    ['out/model', { file: 'out/model' }], ['runs:/0123/model', { file: 'runs:/0123/model' }], ['models:/m-0123', { file: 'models:/m-0123' }],
  ])('a model as the text %s is what it looks like', (text, expected) => {
    expect(modelFromText(text)).toEqual(expected);
  });

  it('a wrong part is told at its place and leaves the others working', () => {
    const { config, problems } = parse('evaluations:\n  a:\n    data: x.csv\n    seed: much\n  b:\n    data: x.csv\nslices:\n  s:\n    where: a > 1\n    minSupport: -1\n  t:\n    where: b > 1\nexperiments:\n  e:\n    command: [x]\n');
    expect(problems.map((p) => [p.severity, p.line, p.column, p.message.split(':')[0]])).toEqual([['error', 4, 11, 'evaluations.a.seed'], ['error', 10, 17, 'slices.s.minSupport']]);
    expect([Object.keys(config.evaluations), Object.keys(config.slices), Object.keys(config.experiments)]).toEqual([['b'], ['t'], ['e']]);
  });

  it.each([
    ['evaluations:\n  a:\n    modl: x.onnx\n', "warning 3:5 unknown key 'modl': did you mean 'model'?"],
    ['evaluations:\n  a:\n    model: { fil: x.onnx }\n', "warning 3:14 unknown key 'fil': did you mean 'file'?"],
    ['evaluations:\n  a:\n    model: { file: x.onnx, command: [x] }\n', 'error 3:12 evaluations.a.model: give exactly one of file, registered, command and predictions'],
    ['evaluations:\n  a:\n    gate: { maxWorse: 1 }\n', "warning 3:13 unknown key 'maxWorse': did you mean 'maxWorsening'?"],
    ['evaluations:\n  a:\n    thresholds: { accuracy: { mn: 0.8, max: 1 } }\n', "warning 3:31 unknown key 'mn': did you mean 'min'?"],
    ['evaluations:\n  a:\n    data: { files: [] }\n', 'error 3:20 evaluations.a.data.files: Too small: expected array to have >=1 items'],
    ['slices:\n  s: {}\n', 'error 2:6 slices.s: give where or tagger, one of the two'],
    ['slices:\n  s:\n    where: a > 1\n    evaluations: [car-laon]\nevaluations:\n  car-loan:\n    data: x.csv\n', "warning 4:19 there is no evaluation 'car-laon': did you mean 'car-loan'?"],
    ['slices: [a]\n', 'error 1:9 expected names under slices:'],
    ['slice: {}\n', "warning 1:1 unknown key 'slice': did you mean 'slices'?"],
  ])('says what is wrong in %j', (text, expected) => {
    expect(places(text)[0]).toBe(expected);
  });

  it('tells where in the file a stretch of a predicate stands', () => {
    const { places: at } = parse("slices:\n  a: bogus = 1\n  b:\n    where: |\n      age < 30\n        and bogus = 1\n  c:\n    where: 'x = ''y'' and bogus = 1'\n");
    expect(at['a']?.(0, 5)).toEqual({ line: 2, column: 6, endLine: 2, endColumn: 11 });
    expect(at['b']?.(15, 20)).toEqual({ line: 6, column: 13, endLine: 6, endColumn: 18 });
    expect(at['c']?.(12, 17)).toEqual({ line: 8, column: 27, endLine: 8, endColumn: 32 });
    expect(at['a']?.(99, 99)).toMatchObject({ line: 2 });
  });
});
