import { expect, test } from 'vitest';
import { compareGroups, compareVerdict } from '../../../../src/core/queries/compare';
import { getConfiguration } from '../../../../src/core/queries/configuration';
import { listExperiments } from '../../../../src/core/queries/experiments';
import { id, m, say, spec } from '../store/support';
import { workspace } from './support';

function sixRuns(yaml?: string): ReturnType<typeof workspace> {
  const context = workspace(yaml);
  for (const [at, acc] of [0.80, 0.81, 0.79, 0.90, 0.91, 0.92].entries()) {
    context.store.createRun(spec(at, { params: { lr: at < 3 ? '0.1' : '0.3', seed: String(at % 3) } }), 'running');
    say(context.store, at, m(0, { acc }));
  }
  return context;
}
const low = [0, 1, 2].map(id);
const high = [3, 4, 5].map(id);

test('runs with the same params apart from the seed are one group, called by the params that differ', () => {
  const { groups } = compareGroups(sixRuns(), { runs: [...high, ...low], metric: 'acc', confidence: 0.95 });
  expect(groups.map(({ label, n, runs }) => [label, n, runs])).toEqual([['lr=0.3', 3, high], ['lr=0.1', 3, low]]);
  expect(groups[1]?.mean).toBeCloseTo(0.8, 12);
  expect(groups[1]).toMatchObject({ method: 't interval of the mean, 95 %' });
});

test('the verdict names the interval, its method and both sides', () => {
  const verdict = compareVerdict(sixRuns(), { baseline: low, candidate: high, metric: 'acc', confidence: 0.95 });
  expect(verdict).toMatchObject({ word: 'better', goal: 'maximize', baseline: { n: 3, label: 'lr=0.1' }, candidate: { n: 3, label: 'lr=0.3' } });
  expect(verdict.difference).toBeCloseTo(0.11, 12);
});

test("the goal is the file's where the question has none", () => {
  const yaml = 'metrics: {acc: {goal: minimize}}';
  expect(compareVerdict(sixRuns(yaml), { baseline: low, candidate: high, metric: 'acc', confidence: 0.95 }).word).toBe('worse');
  expect(compareVerdict(sixRuns(yaml), { baseline: low, candidate: high, metric: 'acc', confidence: 0.95, goal: 'maximize' }).word).toBe('better');
});

test('runs without the metric are said', () => {
  const context = sixRuns();
  context.store.createRun(spec(9, { params: { lr: '0.3', seed: '9' } }), 'running');
  expect(compareVerdict(context, { baseline: low, candidate: [...high, id(9)], metric: 'acc', confidence: 0.95 }).reason).toContain('without acc: 1 of the candidate');
  expect(compareVerdict(context, { baseline: low, candidate: high, metric: 'nothing', confidence: 0.95 })).toMatchObject({ word: 'cannot tell', difference: null, p: null });
});

test('one run a side is named by the run, and cannot be told', () => {
  const verdict = compareVerdict(sixRuns(), { baseline: [id(0)], candidate: [id(3)], metric: 'acc', confidence: 0.95 });
  expect(verdict).toMatchObject({ word: 'cannot tell', low: null, baseline: { label: 'run-0', low: null, sd: null, method: 'no interval: one value' } });
});

const YAML = 'metrics: {acc: {main: true}}\nexperiments:\n  fresh: {command: [python, a.py]}\n  loan: {command: [python, train.py], params: {lr: 0.10}}\n';

test('experiments with runs come first, those that are only named after them', () => {
  const { experiments, configured } = listExperiments(sixRuns(YAML));
  expect(experiments).toEqual([
    { name: 'loan', runs: 6, live: 6, lastActivity: expect.any(Number) as number, configured: true, mainMetric: 'acc' },
    { name: 'fresh', runs: 0, live: 0, lastActivity: 0, configured: true, mainMetric: null },
  ]);
  expect(configured).toEqual([
    { name: 'fresh', argv: ['python', 'a.py'], params: {}, line: 3 }, { name: 'loan', argv: ['python', 'train.py'], params: { lr: '0.10' }, line: 4 },
  ]);
});

test('the configuration has a goal for every metric that is known', () => {
  const context = sixRuns(YAML);
  say(context.store, 0, m(1, { val_loss: 1 }));
  expect(getConfiguration(context)).toMatchObject({ file: 'runyard.yaml', problems: [], goals: { acc: 'maximize', val_loss: 'minimize' }, mainMetric: 'acc' });
});
