import { expect, test } from 'vitest';
import { sectionsOf } from '../../../../src/extension/views/facts';
import { isOthers, runContext, runDescription, sourceText } from '../../../../src/extension/views/state';
import { tooltipText } from '../../../../src/extension/views/tooltip-text';
import { runDetail, runRow } from '../../../support/extension-rows';

const client = { source: 'mlflow', script: 'src/train.py' };
const overview = (over: Parameters<typeof runDetail>[0]): Record<string, string> => Object.fromEntries(sectionsOf(runDetail(over), 2000)[0]?.facts.map(({ label, value }) => [label, value]) ?? []);

test('an MLflow client is named with its script, wherever that lies', () => {
  expect(sourceText(runRow(client))).toBe('MLflow client, train.py');
  expect(sourceText(runRow({ source: 'mlflow', script: null, tags: { 'mlflow.source.name': '/elsewhere/fit.py' } }))).toBe('MLflow client, fit.py');
  expect(sourceText(runRow({ source: 'mlflow', script: null }))).toBe('MLflow client');
  expect(['editor', 'cli', 'import', 'something'].map((source) => sourceText(runRow({ source })))).toEqual(['VS Code', 'runyard run', 'imported from MLflow', 'something']);
});

test('the tree, the tooltip and the details name it', () => {
  expect(runDescription(runRow(client), null, 2000)).toMatch(/ · MLflow client, train\.py$/);
  expect(runDescription(runRow(), null, 2000)).not.toContain('VS Code');
  expect(tooltipText(runRow(client), { mainMetric: null, image: '', now: 2000 })).toContain('MLflow client, train\\.py');
  expect(overview({ ...client, argv: [], parent: 'a'.repeat(32), children: ['b'.repeat(32)] })).toMatchObject({ Source: 'MLflow client, train.py', 'Nested in': 'aaaaaaaa', 'Nested runs': '1' });
  expect(Object.keys(overview({ ...client, argv: [] }))).not.toContain('Command');
});

test('a live one has no stop button', () => {
  expect(runContext(runRow({ ...client, state: 'running' }))).toBe('run spoken loose');
  expect(runContext(runRow({ ...client, state: 'finished' }))).toBe('run done loose');
  expect(runContext(runRow({ state: 'running' }))).toBe('run live loose');
  expect([isOthers({ source: 'mlflow' }), isOthers({ source: 'cli' })]).toEqual([true, false]);
});
