import { describe, expect, it } from 'vitest';
import { parseDocumentFilter, type Grammar } from '../../../../src/core/domain/filter/documents';
import { withoutPrompts } from '../../../../src/engine/mlflow/prompts';
import { wireLoggedModel, wireModel, wireVersion } from '../../../../src/engine/mlflow/registry-wire';
import { checkRegistryTag, checkRegistryTags } from '../../../../src/engine/mlflow/validation-registry';

const GRAMMAR: Grammar = { attributes: { name: 'text' }, prefixes: { tags: { entity: 'tag', type: 'text' } } };
const asked = (filter: string): [boolean, number] => {
  const { prompts, conditions } = withoutPrompts(parseDocumentFilter(filter, GRAMMAR));
  return [prompts, conditions.length];
};

describe('prompts', () => {
  it.each([
    ['', [false, 0]], ["name = 'a'", [false, 1]], ["tags.`mlflow.prompt.is_prompt` = 'true'", [true, 1]], ["tags.`mlflow.prompt.is_prompt` = 'True' AND name = 'a'", [true, 2]], ["tags.`mlflow.prompt.is_prompt` != 'false'", [true, 1]],
    ["tags.`mlflow.prompt.is_prompt` = 'false'", [false, 0]], ["tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'a'", [false, 1]],
  ])('are searched by %j or not', (filter, expected) => {
    expect(asked(filter)).toEqual(expected);
  });
});

describe('what the registry answers', () => {
  const version = { name: 'loan', version: 2, created: 5, updated: 6, description: null, user: null, stage: 'None' as const, source: 's3://b/x', location: 's3://b/x', run: '', runLink: '', model: 'm-1', status: 'READY', statusMessage: '', tags: {} };
  const model = { name: 'loan', created: 1, updated: 2, description: '', tags: {}, aliases: { live: 2, b: 1 }, last: 2 };

  it('leaves out what is empty, but for the words that clients take for granted', () => {
    expect(wireVersion(version)).toEqual({ name: 'loan', version: '2', creation_timestamp: 5, last_updated_timestamp: 6, current_stage: 'None', source: 's3://b/x', run_id: '', status: 'READY', run_link: '' });
    expect(wireModel({ ...model, aliases: {} }, [])).toEqual({ name: 'loan', creation_timestamp: 1, last_updated_timestamp: 2 });
  });

  it('names a version\'s aliases where it is asked for alone, and a model\'s with their versions', () => {
    expect(wireVersion(version, model)).toMatchObject({ aliases: ['live'] });
    expect(wireModel({ ...model, description: 'd', tags: { a: 'b' } }, [version])).toMatchObject({ description: 'd', tags: [{ key: 'a', value: 'b' }], aliases: [{ alias: 'b', version: '1' }, { alias: 'live', version: '2' }], latest_versions: [{ version: '2' }] });
  });

  it('tells a logged model\'s figures as MLflow writes them', () => {
    const one = { id: 'm-1', experiment: 3, name: 'net', type: '', status: 'LOGGED_MODEL_READY' as const, statusMessage: '', run: 'r', artifacts: 'mlflow-artifacts:/3/models/m-1/artifacts', created: 1, updated: 2, deleted: false, params: {}, tags: {}, heard: 0 };
    const figure = { key: 'acc', step: 1, t: 0.005, run: 'r', datasetName: '', datasetDigest: '' };
    expect(wireLoggedModel(one, [{ ...figure, value: 'Infinity' }, { ...figure, value: 0.5, datasetName: 'set', datasetDigest: 'd' }])).toEqual({
      info: { model_id: 'm-1', experiment_id: '3', name: 'net', creation_timestamp_ms: 1, last_updated_timestamp_ms: 2, artifact_uri: one.artifacts, status: 'LOGGED_MODEL_READY', model_type: '', source_run_id: 'r' },
      data: { metrics: [
        { key: 'acc', value: Number.MAX_VALUE, timestamp: 5, step: 1, model_id: 'm-1', run_id: 'r' }, { key: 'acc', value: 0.5, timestamp: 5, step: 1, dataset_name: 'set', dataset_digest: 'd', model_id: 'm-1', run_id: 'r' },
      ] },
    });
  });
});

describe('tags of the registry', () => {
  it('may be long texts, up to a limit that a prompt is told of in its own words', () => {
    expect(() => checkRegistryTag({ key: 'a', value: 'x'.repeat(100_000) })).not.toThrow();
    expect(() => checkRegistryTag({ key: 'a', value: 'x'.repeat(100_001) })).toThrow(/'value' exceeds the maximum length of 100000/);
    expect(() => checkRegistryTag({ key: 'mlflow.prompt.text', value: 'x'.repeat(100_001) })).toThrow(/Prompt text exceeds/);
    expect(() => checkRegistryTag({ key: 'k'.repeat(251), value: '' })).toThrow(/250/);
    expect(() => checkRegistryTag({ key: '', value: '' })).toThrow();
    expect(checkRegistryTags([{ key: 'a', value: '1' }, { key: 'a', value: '2' }])).toEqual({ a: '2' });
  });
});
