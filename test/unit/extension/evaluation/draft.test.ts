import { describe, expect, test } from 'vitest';
import type { Inspection } from '../../../../src/protocol/evaluation/result';
import { emptyDraft, likelyLabel, nameFor, readColumns, readCommand, requestOf, reviewRows, withInput } from '../../../../src/extension/forms/evaluation/draft';
import { readThresholds, sliceRows } from '../../../../src/extension/forms/slice-rows';
import { evaluationRequest } from '../../../../src/protocol/evaluation/request';

const inspection = (over: Partial<Inspection> = {}): Inspection => ({
  data: { files: ['d.csv'], rows: 2000, columns: [{ name: 'age', type: 'int', stored: 'BIGINT', missing: 0, distinct: 60, examples: ['31'] }] },
  model: null, task: 'binary', label: 'repaid', id: null, classes: ['0', '1'], problems: [], ...over,
});

describe('the question', () => {
  test('is whole with a model, data and a label, and the engine takes it', () => {
    expect(requestOf(emptyDraft({ model: { file: 'm.onnx' }, files: ['d.csv'] }))).toBeUndefined();
    const asked = requestOf(emptyDraft({ model: { file: 'm.onnx' }, files: ['d.csv'], label: 'repaid' }));
    expect(asked).toEqual({ model: { file: 'm.onnx' }, data: { files: ['d.csv'] }, label: 'repaid' });
    expect(evaluationRequest.safeParse(asked).success).toBe(true);
  });
  test('has another column for one input, and the others as they were', () => {
    const model = { file: 'm.onnx', mapping: { inputs: { age: { columns: ['a'], missing: -1 }, income: { columns: ['i'] } } } };
    expect(withInput(model, 'age', ['years']).mapping?.inputs).toEqual({ age: { columns: ['years'], missing: -1 }, income: { columns: ['i'] } });
    expect(withInput({ file: 'm' }, 'x', ['a', 'b']).mapping).toEqual({ inputs: { x: { columns: ['a', 'b'] } } });
  });
});

describe('the overview', () => {
  const draft = emptyDraft({ model: { file: 'm.onnx' }, files: ['d.csv'], label: 'repaid' });
  test('shows which column goes into which input, with type and shape, and what is wrong', () => {
    const model = { inputs: [{ name: 'age', type: 'float', shape: '[N, 1]', columns: ['age'] }, { name: 'city', type: 'string', shape: '[N, 1]', columns: [] }] } as unknown as Inspection['model'];
    const rows = reviewRows(draft, inspection({ model, problems: [{ code: 'no_column', message: "no column fits the input 'city'", hint: 'name one' }] }));
    expect(rows[0]).toMatchObject({ kind: 'run', detail: '2,000 rows · 1 column · 1 problem to be solved first' });
    expect(rows.filter(({ kind }) => kind === 'problem')).toEqual([{ kind: 'problem', label: "$(warning) no column fits the input 'city'", description: '', detail: 'Choose this row to say what goes in', input: 'city' }]);
    expect(rows.flatMap((row) => (row.kind === 'input' ? `${row.label}: ${row.description}` : []))).toEqual(['$(arrow-right) age: float [N, 1] ← age', '$(warning) city: string [N, 1] ← no column']);
  });
  test('says the engine’s own way out of a problem that is not of an input', () => {
    expect(reviewRows(draft, inspection({ problems: [{ code: 'label', message: 'no label', hint: 'name it' }] }))).toContainEqual({ kind: 'problem', label: '$(warning) no label', description: '', detail: 'name it' });
  });
  test('offers as label first what no input takes', () => {
    const model = { inputs: [{ name: 'age', columns: ['age'] }] } as unknown as Inspection['model'];
    expect(['age', 'repaid', 'target'].map(likelyLabel(inspection({ model, label: null })))).toEqual([false, true, true]);
    expect(['age', 'other', 'target'].map(likelyLabel(inspection({ label: null })))).toEqual([false, false, true]);
  });
  test('asks for the positive class only where there is one', () => {
    expect(reviewRows(draft, inspection()).some(({ kind }) => kind === 'positive')).toBe(true);
    expect(reviewRows(draft, inspection({ task: 'regression', classes: [] })).some(({ kind }) => kind === 'positive')).toBe(false);
  });
});

describe('what is typed', () => {
  test('as a command is its words', () => {
    expect(readCommand(`python score.py --name 'a b' x="c d"  {rows}`)).toEqual(['python', 'score.py', '--name', 'a b', 'x=c d', '{rows}']);
    expect(readCommand('  ')).toEqual([]);
  });
  test('as columns keeps their order and names the one that is not there', () => {
    expect(readColumns('b, a,', ['a', 'b'])).toEqual({ columns: ['b', 'a'] });
    expect(readColumns('b, c', ['a', 'b'])).toEqual({ wrong: "the data have no column 'c'" });
    expect(readColumns(' , ', ['a'])).toHaveProperty('wrong');
  });
  test('as limits is one by metric', () => {
    expect(readThresholds('accuracy >= 0.8, mae ≤ 3, accuracy<0.9')).toEqual({ thresholds: { accuracy: { min: 0.8, max: 0.9 }, mae: { max: 3 } } });
    expect(readThresholds('accuracy = 1')).toHaveProperty('wrong');
    expect(readThresholds('accuracy_diff >= -.05')).toEqual({ thresholds: { accuracy_diff: { min: -0.05 } } });
  });
});

test('a name is made of the data’s file', () => {
  expect(nameFor('data/test set (1).csv')).toBe('test-set-1');
  expect(nameFor('.csv')).toBe('evaluation');
});

test('the form of a slice says what is left empty', () => {
  const rows = sliceRows({ name: 'young', where: 'age < 30', owner: '', minSupport: '', thresholds: '' });
  expect(rows.map(({ description }) => description)).toEqual(['young', 'young', 'age < 30', 'nobody', '30', 'none: it is only looked at']);
});
