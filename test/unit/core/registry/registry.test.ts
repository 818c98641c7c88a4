import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasesOf } from '../../../../src/core/registry/registry';
import { store, tempDir } from '../store/support';
import { createRegistry } from '../../../../src/core/registry/registry';
import { plain, registry } from './support';

describe('a registered model', () => {
  it('is made once; a prompt and a model can\'t share a name', () => {
    const { models, now } = registry();
    const made = models.create('loan', { description: 'what for', tags: { a: 'b' } });
    expect(made).toEqual({ name: 'loan', created: now(), updated: now(), description: 'what for', tags: { a: 'b' }, aliases: {}, last: 0 });
    expect(models.get('loan')).toEqual(made);
    expect(() => models.create('loan', { description: '', tags: {} })).toThrow('Registered Model (name=loan) already exists.');
    expect(() => models.create('loan', { description: '', tags: { 'mlflow.prompt.is_prompt': 'true' } })).toThrow(/already taken by a registered model/);
    expect(() => models.create('a/b', { description: '', tags: {} })).toThrow(/cannot contain/);
    expect(() => models.get('nobody')).toThrow('Registered Model with name=nobody not found');
  });

  it('is described, tagged and listed by name', () => {
    const { models, now } = registry();
    for (const name of ['b', 'a']) models.create(name, { description: '', tags: {} });
    expect(models.describe('a', 'better')).toMatchObject({ description: 'better', updated: now() });
    models.tag('a', { set: { k: '1', j: '2' } });
    models.tag('a', { set: { k: '3' }, remove: ['j', 'nothing'] });
    expect(models.get('a').tags).toEqual({ k: '3' });
    expect(models.list().map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('takes its versions and aliases along to another name', () => {
    const { models } = registry();
    models.create('loan', { description: 'd', tags: { a: 'b' } });
    models.create('taken', { description: '', tags: {} });
    for (let i = 0; i < 2; i += 1) models.addVersion('loan', { ...plain, tags: { n: String(i) } });
    models.setAlias('loan', 'live', 2);
    expect(() => models.rename('loan', 'taken')).toThrow('Registered Model (name=taken) already exists.');
    expect(() => models.rename('loan', '')).toThrow(/'new_name'/);
    models.rename('loan', 'credit');
    expect(models.byAlias('credit', 'live')).toMatchObject({ name: 'credit', version: 2, tags: { n: '1' } });
    expect(models.versions('credit').map(({ version }) => version)).toEqual([2, 1]);
    expect(models.versions('loan')).toEqual([]);
    expect(() => models.get('loan')).toThrow(/not found/);
    expect(models.addVersion('credit', plain).version).toBe(3);
    expect(models.rename('credit', 'credit').name).toBe('credit');
  });

  it('is gone with all of its versions, and its name is free', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    models.addVersion('loan', plain);
    models.remove('loan');
    expect(() => models.version('loan', 1)).toThrow('Model Version (name=loan, version=1) not found');
    models.create('loan', { description: '', tags: {} });
    expect(models.versions()).toEqual([]);
    expect(models.addVersion('loan', plain).version).toBe(1);
  });
});

describe('versions', () => {
  it('are numbered on, and no number is given twice', () => {
    const { models, now } = registry();
    models.create('loan', { description: '', tags: {} });
    expect([models.addVersion('loan', plain).version, models.addVersion('loan', plain).version]).toEqual([1, 2]);
    models.removeVersion('loan', 2);
    const third = models.addVersion('loan', plain);
    expect(third).toMatchObject({ version: 3, status: 'READY', stage: 'None', created: now(), source: 's3://b/x' });
    expect(models.get('loan').updated).toBe(third.updated);
    expect(() => models.removeVersion('loan', 2)).toThrow(/not found/);
    expect(() => models.addVersion('nobody', plain)).toThrow(/not found/);
  });

  it('lose their aliases when they go, and no other does', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    for (let i = 0; i < 2; i += 1) models.addVersion('loan', plain);
    for (const [alias, version] of [['a', 1], ['b', 2], ['c', 1]] as const) models.setAlias('loan', alias, version);
    expect(aliasesOf(models.get('loan'), 1)).toEqual(['a', 'c']);
    models.removeVersion('loan', 1);
    expect(models.get('loan').aliases).toEqual({ b: 2 });
    expect(() => models.byAlias('loan', 'a')).toThrow('Registered model alias a not found.');
  });

  it('go through stages; with archiving, what was there steps aside', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    for (let i = 0; i < 3; i += 1) models.addVersion('loan', plain);
    models.move('loan', 1, { stage: 'Production', archive: false });
    models.move('loan', 2, { stage: 'Production', archive: false });
    expect(models.latest('loan').map(({ version, stage }) => [version, stage])).toEqual([[2, 'Production'], [3, 'None']]);
    models.move('loan', 3, { stage: 'Production', archive: true });
    expect(models.versions('loan').map(({ stage }) => stage)).toEqual(['Production', 'Archived', 'Archived']);
    expect(() => models.move('loan', 3, { stage: 'Archived', archive: true })).toThrow(/not an Active stage/);
    expect(() => models.move('loan', 9, { stage: 'Production', archive: true })).toThrow(/not found/);
    expect(models.version('loan', 3).stage).toBe('Production');
  });

  it('are described and tagged; without a description they have none', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    models.addVersion('loan', { ...plain, description: 'first', tags: { a: '1' } });
    models.tagVersion('loan', 1, { set: { b: '2' }, remove: ['a'] });
    expect(models.describeVersion('loan', 1, null)).toMatchObject({ description: null, tags: { b: '2' } });
  });
});

describe('aliases', () => {
  it('move to another version; what isn\'t there can\'t have one', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    for (let i = 0; i < 2; i += 1) models.addVersion('loan', plain);
    models.setAlias('loan', 'live', 1);
    models.setAlias('loan', 'live', 2);
    expect(models.byAlias('loan', 'live').version).toBe(2);
    expect(models.byAlias('loan', 'Latest').version).toBe(2);
    expect(() => models.setAlias('loan', 'live', 3)).toThrow('Model Version (name=loan, version=3) not found');
    expect(() => models.setAlias('loan', 'latest', 1)).toThrow(/reserved/);
    models.removeAlias('loan', 'live');
    models.removeAlias('loan', 'live');
    expect(models.get('loan').aliases).toEqual({});
    expect(() => models.byAlias('nobody', 'live')).toThrow('Registered Model with name=nobody not found');
  });

  it('and versions and stages are resolved', () => {
    const { models } = registry();
    models.create('loan', { description: '', tags: {} });
    expect(() => models.resolve({ name: 'loan', stage: null })).toThrow('Latest version not found for model loan.');
    for (let i = 0; i < 3; i += 1) models.addVersion('loan', plain);
    models.setAlias('loan', 'live', 1);
    models.move('loan', 2, { stage: 'Staging', archive: false });
    expect([{ alias: 'live' }, { version: 3 }, { stage: 'Staging' as const }, { stage: null }].map((one) => models.resolve({ name: 'loan', ...one }).version)).toEqual([1, 3, 2, 3]);
    expect(() => models.resolve({ name: 'loan', stage: 'Production' })).toThrow(/No versions of model with name 'loan' and stage 'Production'/);
  });
});

it('keeps all of it when the database is lost', () => {
  const dir = tempDir();
  const at = store(dir);
  const models = createRegistry(at.records, () => 5);
  models.create('loan', { description: '', tags: { a: 'b' } });
  models.addVersion('loan', plain);
  models.addVersion('loan', plain);
  models.setAlias('loan', 'live', 2);
  models.removeVersion('loan', 1);
  const before = [models.list(), models.versions()];
  at.dispose();
  const { rmSync } = process.getBuiltinModule('node:fs');
  for (const end of ['', '-wal', '-shm']) rmSync(`${dir}/runyard.db${end}`, { force: true });
  const again = createRegistry(store(dir).records, () => 6);
  expect([again.list(), again.versions()]).toEqual(before);
});

it('never points an alias at a version that is gone, and never gives a number twice', () => {
  const { models } = registry();
  let n = 0;
  const step = fc.oneof(fc.constant(['add', 0] as const), fc.tuple(fc.constant('remove' as const), fc.integer({ min: 1, max: 6 })), fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 6 })));
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const name = `model ${n += 1}`;
    models.create(name, { description: '', tags: {} });
    const given: number[] = [];
    for (const [what, version] of steps) {
      try {
        if (what === 'add') given.push(models.addVersion(name, plain).version);
        else if (what === 'remove') models.removeVersion(name, version);
        else models.setAlias(name, what, version);
      } catch (error) {
        expect(String(error)).toMatch(/not found/);
      }
    }
    expect(given).toEqual(given.map((_, i) => i + 1));
    const there = models.versions(name).map((one) => one.version);
    for (const version of Object.values(models.get(name).aliases)) expect(there).toContain(version);
  }), { numRuns: 30 });
});
