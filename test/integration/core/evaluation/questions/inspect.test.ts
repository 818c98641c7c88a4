import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSlices } from '../../../../../src/core/evaluation/questions/check-slices';
import { inspect } from '../../../../../src/core/evaluation/questions/inspect';
import { dataSpec, sliceSpec, type SliceSpec } from '../../../../../src/protocol/evaluation/request';
import { bench, watching, type Bench } from './support';

let place: Bench;
beforeAll(() => {
  place = bench('p4_large_car_loan', ['model.onnx', 'current.parquet']);
  writeFileSync(`${place.workspace}/small.csv`, 'loan_id,age,name,target\n1,20,ann,yes\n2,,bob,no\n3,40,,yes\n4,20,eve,no\n');
  writeFileSync(`${place.workspace}/tags.py`, 'def vip(rows):\n    return [True] * len(rows)\n');
});
afterAll(() => place.dispose());
const spec = (file: string): ReturnType<typeof dataSpec.parse> => dataSpec.parse({ files: [file] });

describe('inspect', () => {
  test('a model and data that fit: columns, inputs and guesses', async () => {
    const found = await inspect({ ...place.place, data: spec('current.parquet'), model: { file: 'model.onnx' }, label: 'repaid' }, watching());
    expect(found).toMatchObject({ task: 'binary', label: 'repaid', id: null, problems: [] });
    expect(found.data.rows).toBe(50_000);
    expect(found.model?.inputs.map(({ name, columns }) => [name, columns])).toEqual(found.model?.inputs.map(({ name }) => [name, [name]]));
    const salary = found.data.columns.find(({ name }) => name === 'salary_range');
    expect(salary).toMatchObject({ type: 'string', distinct: 4 });
    expect(salary?.missing).toBeGreaterThan(0);
    expect(found.classes).toEqual(['0', '1']);
  });

  test('without a model and a word: label, id and task are guessed from the columns', async () => {
    const found = await inspect({ ...place.place, data: spec('small.csv') }, watching());
    expect(found).toMatchObject({ model: null, task: 'binary', label: 'target', id: 'loan_id', classes: ['no', 'yes'], problems: [] });
    expect(found.data.columns.map(({ name, type, missing, distinct, examples }) => ({ name, type, missing, distinct, examples }))).toEqual([
      { name: 'loan_id', type: 'int', missing: 0, distinct: 4, examples: ['1', '2', '3', '4'] }, { name: 'age', type: 'int', missing: 1, distinct: 2, examples: ['20', '40'] },
      { name: 'name', type: 'string', missing: 1, distinct: 3, examples: ['ann', 'bob', 'eve'] }, { name: 'target', type: 'string', missing: 0, distinct: 2, examples: ['yes', 'no'] },
    ]);
  });

  test('what does not fit is listed, each by itself, and shown all the same', async () => {
    const found = await inspect({ ...place.place, data: spec('small.csv'), model: { file: 'model.onnx' }, label: 'nowhere' }, watching());
    expect(found.problems[0]).toMatchObject({ code: 'label_not_found', message: 'the data have no column nowhere, which was to be the label' });
    expect(found.problems.length).toBeGreaterThan(2);
    expect(found.problems.some(({ message }) => message.includes("input 'car_value'"))).toBe(true);
    expect(found.model?.inputs.map(({ name }) => name)).toContain('car_value');
    expect(found.label).toBe('target');
  });

  test('what is not there is said', async () => {
    await expect(inspect({ ...place.place, data: spec('gone.csv') }, watching())).rejects.toMatchObject({ code: 'not_found' });
    await expect(inspect({ ...place.place, data: spec('small.csv'), model: { file: 'gone.onnx' } }, watching())).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('checkSlices', () => {
  const slices = (...texts: string[]): SliceSpec[] => texts.map((text, at) => sliceSpec.parse({ name: `s${at}`, ...(text.includes('.py') ? { tagger: text } : { where: text }) }));

  test('a wrong predicate or tagger is told with its place, a right one is not', async () => {
    const { problems } = await checkSlices({ ...place.place, data: spec('small.csv'), slices: slices('age < 30', 'agee < 30', 'age < 30 and nam = 1', "age = (select 1)", 'tags.py:vip', 'gone.py:vip') }, watching());
    expect(problems.map(({ name }) => name)).toEqual(['s1', 's2', 's3', 's5']);
    expect(problems[0]).toMatchObject({ from: 0, to: 4, message: expect.stringContaining('did you mean age?') as string });
    expect(problems[1]).toMatchObject({ from: 13, to: 16 });
    expect(problems[3]).toMatchObject({ from: 0, to: 'gone.py:vip'.length, message: 'gone.py:vip: there is no file gone.py in the workspace' });
  });

  test('without data predicates are parsed, whatever their columns', async () => {
    const { problems } = await checkSlices({ ...place.place, data: null, slices: slices('anything < 30', 'age <') }, watching());
    expect(problems.map(({ name }) => name)).toEqual(['s1']);
  });
});
