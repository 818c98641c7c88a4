import { describe, expect, test } from 'vitest';
import { emptyDraft, registerArgs, registerRows, sourceWords, suggestedName } from '../../../../src/extension/forms/registry/draft';

describe('a name to begin with', () => {
  test.each([
    [{ file: 'out/credit net_v2.onnx' }, 'credit net'], [{ file: 'car-loan.onnx' }, 'car-loan'], [{ run: 'r', artifact: 'models/clf.pkl', runName: 'n' }, 'clf'],
    [{ file: '../../.onnx' }, 'model'], [{ file: 'ä/ü.onnx' }, 'model'], [{ evaluation: 'e', what: 'w' }, 'model'], [{ file: 'v2.onnx' }, 'model'], [{ file: 'folder/' }, 'folder'],
  ])('of %j is %j', (source, name) => {
    expect(suggestedName(source)).toBe(name);
  });
});

test('the question is whole only with a source, a model and readable tags', () => {
  const draft = emptyDraft({ source: { run: 'r1', artifact: 'model.onnx', runName: 'calm-fox' }, model: 'car-loan', tags: 'owner=ana, keep' });
  expect(registerArgs(draft)).toEqual({ model: 'car-loan', run: 'r1', artifact: 'model.onnx', description: '', licence: '', tags: { owner: 'ana', keep: 'true' } });
  expect(registerArgs({ ...draft, source: undefined })).toBeUndefined();
  expect(registerArgs({ ...draft, model: '' })).toBeUndefined();
  expect(registerArgs({ ...draft, tags: '=x' })).toBeUndefined();
});

test('the first row says which version comes of it, and from what', () => {
  const draft = emptyDraft({ source: { run: 'r1', artifact: 'model.onnx', runName: 'calm-fox' }, model: 'car-loan' });
  expect(registerRows(draft, null)[0]).toMatchObject({ value: 'save', description: 'car-loan, a new model', detail: 'model.onnx of calm-fox' });
  expect(registerRows(draft, 4)[0]?.description).toMatch(/^car-loan version 5/);
  expect(sourceWords({ evaluation: 'e', what: 'car-loan' })).toBe('the model of car-loan');
});
