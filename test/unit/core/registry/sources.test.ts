import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHost, checkPromptSource, checkSource, decodeAll, isWithin } from '../../../../src/core/registry/sources';

const RUN = 'mlflow-artifacts:/1/abc/artifacts';
const MODEL = 'mlflow-artifacts:/1/models/m-1/artifacts';
const check = (source: string, { run = '', model = '' } = {}): void =>
  checkSource({ source, run, model, root: (kind, id) => (kind === 'run' && id === 'abc' ? RUN : kind === 'model' && id === 'm-1' ? MODEL : undefined) });

describe('a source', () => {
  it.each([
    ['s3://b/x', {}], ['s3://b/x?q=1#f', {}], ['s3://b/x/', {}], ['dbfs:/x', {}], ['s3://b/a+b', {}], ['runs:/abc/model', { run: 'abc' }], [`${RUN}/model`, { run: 'abc' }], [RUN, { run: 'abc' }],
    ['models:/m-1', { model: 'm-1' }], [MODEL, { model: 'm-1' }], ['models:/loan/1', {}], ['models:/loan@live', { run: 'abc', model: 'm-1' }],
  ])('%s with %j is taken', (source, claim) => {
    expect(() => check(source, claim)).not.toThrow();
  });

  it.each([
    ['/etc/passwd', {}, /local path/], ['file:///etc', { run: 'abc' }, /local path/], ['../x', {}, /local path/], ['foo', { model: 'm-1' }, /model_id request parameter/], ['C:\\x', {}, /local path/],
    ['s3://b/../x', {}, /relative path references/], ['s3://b/%2e%2e/x', {}, /relative/], ['s3://b/%252e%252e/x', {}, /relative/], ['s3://b/a\\..\\x', {}, /relative/], ['s3://b/./x', {}, /relative/],
    ['s3://b/x%00', {}, /relative/], ['javascript:alert(1)', {}, /relative/],
    ['runs:/abc/model', {}, /run_id/], ['runs:/abd/model', { run: 'abc' }, /run_id/], ['runs:/abc/model', { model: 'm-1' }, /model_id/], ['runs://host/abc/model', { run: 'abc' }, /run_id/],
    ['models:/m-1', {}, /model_id/], ['models:/m-2', { model: 'm-1' }, /model_id/], ['models:/a/b/c', {}, /model_id/], ['models://host/m-1', { model: 'm-1' }, /model_id/],
    ['mlflow-artifacts:/1/abd/artifacts', { run: 'abc' }, /run_id/], ['mlflow-artifacts:/1/abc/artifactsX', { run: 'abc' }, /run_id/], [RUN, {}, /run_id/], [RUN, { run: 'nobody' }, /run_id/],
    [RUN, { model: 'm-1' }, /model_id/], [MODEL, { model: 'm-2' }, /model_id/],
  ])('%s with %j is refused', (source, claim, why) => {
    expect(() => check(source, claim)).toThrow(why);
  });

  it('that names a host is refused: nothing is fetched from there', () => {
    for (const source of ['http://h/x', 'https://h/x', 'ftp://h/x', 'mlflow-artifacts://h/x', 'hdfs://h/x', 'HTTP://h']) expect(() => checkHost(source)).toThrow(/scheme/);
    for (const source of ['s3://b/x', RUN, 'runs:/a/b', 'models:/a/1', 'gs://b/x']) expect(() => checkHost(source)).not.toThrow();
  });

  it('of a prompt is one of two words', () => {
    expect(() => checkPromptSource('dummy-source')).not.toThrow();
    expect(() => checkPromptSource('s3://b/x')).toThrow(/Invalid prompt source/);
  });

  it('lies within its root however it is encoded, and never by a name that only begins alike', () => {
    expect(isWithin('mlflow-artifacts:/1/abc/artifacts/m%6Fdel', RUN)).toBe(true);
    expect(isWithin('mlflow-artifacts:/1//abc/artifacts', RUN)).toBe(true);
    expect(isWithin('MLFLOW-ARTIFACTS:/1/abc/artifacts/x', RUN)).toBe(true);
    expect(isWithin('mlflow-artifacts:/1/abc', RUN)).toBe(false);
    expect(isWithin('mlflow-artifacts://h/1/abc/artifacts', RUN)).toBe(false);
    expect(isWithin('s3://b', 's3://b')).toBe(false);
  });

  it('is decoded to its end, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.integer({ min: 0, max: 3 }), (text, times) => {
      let encoded = decodeAll(text);
      for (let i = 0; i < times; i += 1) encoded = encodeURIComponent(encoded);
      expect(decodeAll(encoded)).toBe(decodeAll(text));
    }));
  });
});
