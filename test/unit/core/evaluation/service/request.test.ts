import { describe, expect, it } from 'vitest';
import { parseConfig, type LoadedConfig } from '../../../../../src/core/config/load';
import { nameOf, requestOf } from '../../../../../src/core/evaluation/service/request';

const loaded = (yaml: string): LoadedConfig => ({ file: 'runyard.yaml', ...parseConfig(yaml, 'runyard.yaml') });
const YAML = 'evaluations:\n  car-loan:\n    model: a.onnx\n    data: { files: [test.csv], types: { zip: string } }\n    label: repaid\n    seed: 3\n  later:\n    data: x.csv\n  broken:\n    data: x.csv\n    seed: much\n';
const failing = (work: () => unknown): unknown => { try { work(); } catch (error) { return error; } return undefined; };

describe('what is asked', () => {
  it('is what runyard.yaml says, and before it what the caller says, in short forms too', () => {
    const { model, ...rest } = requestOf(loaded(YAML), { configured: 'car-loan', request: { model: 'b.onnx', baseline: 'car@champion', seed: 7, thresholds: { accuracy: 0.9 }, id: undefined } });
    expect(model).toEqual({ file: 'b.onnx' });
    expect(rest).toMatchObject({ name: 'car-loan', data: { files: ['test.csv'], types: { zip: 'string' } }, label: 'repaid', seed: 7, baseline: { registered: 'car@champion' }, thresholds: { accuracy: { min: 0.9 } }, replicates: 1000 });
  });

  it('needs no runyard.yaml; evaluations on the same data then have the same name', () => {
    expect(requestOf(loaded(''), { request: { model: 'a.onnx', data: 'data/test.csv', label: 'y' } })).toMatchObject({ name: 'test', data: { files: ['data/test.csv'] } });
    expect([['data/*.csv'], ['a/b.parquet', 'a/c.parquet'], ['*.csv'], ['d.db']].map((files) => nameOf({ files, types: {} }))).toEqual(['data', 'b', 'data', 'd']);
    expect(nameOf({ files: ['d.db'], table: 'loans', types: {} })).toBe('d.loans');
  });

  it.each([
    [{ configured: 'car-laon' }, 'not_found', "runyard.yaml has no evaluation 'car-laon'", "did you mean 'car-loan'?"],
    [{ configured: 'zzz' }, 'not_found', "runyard.yaml has no evaluation 'zzz'", 'there are car-loan, later'],
    [{ configured: 'broken' }, 'bad_input', 'runyard.yaml:11: evaluations.broken.seed: expected number, received string', 'mend it there'],
    [{ configured: 'later', request: { label: 'y' } }, 'bad_input', "the evaluation 'later' has no model", 'give --model FILE, or model: under evaluations: in runyard.yaml'],
    [{ request: { model: 'a.onnx', data: 'x.csv' } }, 'bad_input', 'the evaluation has no label', 'give --label COLUMN, or label: under evaluations: in runyard.yaml'],
    [{ configured: 'car-loan', request: { modl: 'x' } }, 'bad_input', "an evaluation has no part 'modl'", "did you mean 'model'?"],
    [{ configured: 'car-loan', request: { model: { file: 'a', command: ['b'] }, bins: [0] } }, 'bad_input', "the evaluation can't be made: model: give exactly one of file, registered, command and predictions; bins.0: Too small: expected number to be >=2", 'mend the named parts'],
  ])('is refused where it is not whole: %j', (asked, code, message, hint) => {
    expect(failing(() => requestOf(loaded(YAML), asked))).toMatchObject({ code, message, hint });
  });
});
