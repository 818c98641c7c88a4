import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findModel, type ModelPlaces } from '../../../../src/core/registry/find-model';
import { createRegistry, type Registry } from '../../../../src/core/registry/registry';
import { id, spec, store, tempDir } from '../store/support';

const plain = { run: '', runLink: '', model: '', description: '', tags: {} };

function places(): ModelPlaces & { registry: Registry; put(file: string): void } {
  const workspace = tempDir();
  const at = store(path.join(workspace, '.runyard'));
  let now = 1000;
  const clock = (): number => (now += 1);
  return {
    workspace, store: at, clock, registry: createRegistry(at.records, clock),
    put(file) {
      mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
      writeFileSync(path.join(workspace, file), 'x');
    },
  };
}
const failing = (work: () => unknown): unknown => { try { work(); } catch (error) { return error; } return undefined; };

describe('a model that is named', () => {
  it('by the registry is its files, by version, alias, stage or as the newest', () => {
    const at = places();
    at.store.createRun(spec(1), 'finished');
    at.registry.create('car', { description: '', tags: {} });
    const location = `mlflow-artifacts:/1/${id(1)}/artifacts/model`;
    at.registry.addVersion('car', { ...plain, source: location, location, run: id(1) });
    at.put(`.runyard/runs/${id(1)}/artifacts/model/MLmodel`);
    at.registry.addVersion('car', { ...plain, source: 'x', location: path.join(at.workspace, 'out/v2.onnx') });
    at.put('out/v2.onnx');
    at.registry.setAlias('car', 'champion', 1);
    at.registry.move('car', 2, { stage: 'Staging', archive: false });
    const one = { spec: { name: 'car/1', file: `.runyard/runs/${id(1)}/artifacts/model` }, run: id(1) };
    const two = { spec: { name: 'car/2', file: 'out/v2.onnx' }, run: null };
    expect(['car/1', 'car@champion', 'models:/car/1'].map((registered) => findModel(at, { registered }))).toEqual([one, one, one]);
    expect(['car/2', 'car/Staging', 'car/latest', 'car@latest'].map((registered) => findModel(at, { registered }))).toEqual([two, two, two, two]);
    expect(findModel(at, { registered: 'car/2', name: 'mine', mapping: { inputs: {} } }).spec).toEqual({ name: 'mine', file: 'out/v2.onnx', mapping: { inputs: {} } });
  });

  it('by the registry and isn\'t there is refused with what there is', () => {
    const at = places();
    expect(failing(() => findModel(at, { registered: 'car/1' }))).toMatchObject({ code: 'not_found', message: "there is no registered model 'car'", hint: expect.stringContaining('none is registered') as string });
    at.registry.create('car-loan', { description: '', tags: {} });
    expect(failing(() => findModel(at, { registered: 'car-loan/1' }))).toMatchObject({ code: 'not_found', hint: 'it has no version at all' });
    for (const location of ['s3://bucket/m', `runs:/${id(9)}/model`, 'mlflow-artifacts:/1/models/m-1/artifacts']) at.registry.addVersion('car-loan', { ...plain, source: location, location });
    at.registry.setAlias('car-loan', 'champion', 2);
    expect(failing(() => findModel(at, { registered: 'car-laon/1' }))).toMatchObject({ code: 'not_found', hint: "did you mean 'car-loan'?" });
    expect(failing(() => findModel(at, { registered: 'car-loan/7' }))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no version 7", hint: 'it has 3, 2 @champion, 1' });
    expect(failing(() => findModel(at, { registered: 'car-loan@best' }))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no alias 'best'" });
    expect(failing(() => findModel(at, { registered: 'car-loan/Production' }))).toMatchObject({ code: 'not_found', message: "the model 'car-loan' has no version in Production" });
    expect(failing(() => findModel(at, { registered: 'car-loan' }))).toMatchObject({ code: 'bad_input', hint: 'write NAME/VERSION or NAME@ALIAS' });
    expect(failing(() => findModel(at, { registered: 'car-loan/1' }))).toMatchObject({ code: 'unsupported', message: expect.stringContaining('s3://bucket/m') as string });
    expect(failing(() => findModel(at, { registered: 'car-loan/2' }))).toMatchObject({ code: 'not_found', message: `there is no run ${id(9)}` });
    expect(failing(() => findModel(at, { registered: 'car-loan/3' }))).toMatchObject({ code: 'not_found', message: expect.stringContaining('.runyard/artifacts/1/models/m-1/artifacts is not there') as string });
  });

  it('by a run and a path is that file of the run, and never leaves it', () => {
    const at = places();
    at.store.createRun(spec(1), 'finished');
    at.put(`.runyard/runs/${id(1)}/artifacts/out/m.onnx`);
    expect(findModel(at, { file: `runs:/${id(1)}/out/m.onnx` })).toEqual({ spec: { file: `.runyard/runs/${id(1)}/artifacts/out/m.onnx` }, run: id(1) });
    expect(failing(() => findModel(at, { file: `runs:/${id(1)}/../spec.json` }))).toMatchObject({ code: 'refused' });
    expect(failing(() => findModel(at, { file: `runs:/${id(1)}/%2e%2e/spec.json` }))).toMatchObject({ code: 'refused' });
    expect(failing(() => findModel(at, { file: `runs:/${id(1)}/none.onnx` }))).toMatchObject({ code: 'not_found' });
  });

  it('by a file, or is none, stays as it is', () => {
    const at = places();
    for (const model of [{ file: 'out/m.onnx' }, { file: '/abs/m.onnx' }, { file: 'C:/m.onnx' }, { command: ['python', 'x.py'] }, { predictions: { column: 'p' } }]) expect(findModel(at, model)).toEqual({ spec: model, run: null });
  });
});
