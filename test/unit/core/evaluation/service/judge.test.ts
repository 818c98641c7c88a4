import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../../src/core/evaluation/service/judge';
import { createSets } from '../../../../../src/core/evaluation/service/sets';
import type { MethodArgs } from '../../../../../src/protocol/engine';
import type { EvaluationDoc, ExampleRow } from '../../../../../src/protocol/evaluation/result';
import { store, tempDir } from '../../store/support';
import { docOf } from './support';

const row = (truth: string | number | null): ExampleRow => ({ row: 3, id: '7', values: [], truth, predicted: '0', baseline: null, score: null, baselineScore: null, loss: 1, right: false, unscored: null, pinned: false });

function desk(truth: string | number | null = '1', doc: EvaluationDoc = docOf(1)) {
  const workspace = tempDir();
  const { records } = store();
  const file = path.join(workspace, 'pinned-examples.jsonl');
  return {
    file, records, lines: () => readFileSync(file, 'utf8').trim().split('\n').filter(Boolean).map((line): unknown => JSON.parse(line)),
    say: (judgement: 'rejected' | 'accepted', rest: Partial<MethodArgs<'evaluations.judge'>> = {}) =>
      judge({ workspace, records, clock: () => 1_700_000_000, find: async (_, id) => (id === '7' ? row(truth) : undefined) }, doc, { evaluation: '@last', example: '7', judgement, note: '', by: 'ana', ...rest }),
  };
}

describe('what a person says of an example', () => {
  it('no: it is pinned to come out as its label, or as they say; once, whatever they say again', async () => {
    const { say, lines, file } = desk();
    writeFileSync(file, '');
    chmodSync(file, 0o640);
    expect(await say('rejected')).toEqual({ pinned: true, file: 'pinned-examples.jsonl' });
    await say('rejected', { expected: '0', note: 'look at the photo' });
    expect(lines()).toEqual([{ evaluation: 'car-loan', id: '7', expected: '0', note: 'look at the photo', by: 'ana', at: '2023-11-14T22:13:20.000Z' }]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('fine: a pin of it goes, and that it was said is kept', async () => {
    const { say, lines, records } = desk();
    expect(await say('accepted', { note: 'ok' })).toEqual({ pinned: false, file: null });
    expect(records.list('judgement')).toMatchObject([{ id: 'car-loan/7', scope: 'car-loan', doc: { example: '7', judgement: 'accepted', note: 'ok', by: 'ana' } }]);
    await say('rejected');
    expect(records.list('judgement')).toEqual([]);
    expect(await say('accepted')).toEqual({ pinned: false, file: 'pinned-examples.jsonl' });
    expect(lines()).toEqual([]);
  });

  it('is refused where the example, or what it should be, isn\'t known', async () => {
    await expect(desk().say('rejected', { example: '8' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(desk(null).say('rejected')).rejects.toMatchObject({ code: 'bad_input', hint: 'say it: expected' });
    await expect(desk().say('rejected', { expected: 'yes' })).rejects.toMatchObject({ code: 'bad_input', message: "'yes' is none of the classes" });
    const price = docOf(1, { task: 'regression', classes: [] });
    await expect(desk(3.5, price).say('rejected', { expected: 'much' })).rejects.toMatchObject({ code: 'bad_input' });
    const { say, lines } = desk(3.5, price);
    await say('rejected', { within: 0.5 });
    expect(lines()).toMatchObject([{ expected: 3.5, within: 0.5 }]);
  });
});

describe('a data set that models are evaluated on', () => {
  it('has versions by what is in it, and counts how often each was looked at, by which models', () => {
    const { records } = store();
    const sets = createSets(records);
    const look = (digest: string, model: string, t: number, file = 'test.csv'): void => sets.look({ data: { files: [file], types: {} }, digest, rows: 10, model, t });
    look('d1', 'm1', 1);
    look('d1', 'm2', 2);
    look('d1', 'm2', 3);
    look('d2', 'm1', 4);
    look('d1', 'm3', 5, 'copy.csv');
    expect([sets.looks('d1'), sets.looks('d2'), sets.looks('d3')]).toEqual([4, 1, 0]);
    expect(createSets(records).list()).toEqual([
      { name: 'copy.csv', versions: [{ digest: 'd1', rows: 10, first: 5, last: 5, looks: 1, models: { m3: 1 } }] },
      { name: 'test.csv', versions: [{ digest: 'd1', rows: 10, first: 1, last: 3, looks: 3, models: { m1: 1, m2: 2 } }, { digest: 'd2', rows: 10, first: 4, last: 4, looks: 1, models: { m1: 1 } }] },
    ]);
  });
});
