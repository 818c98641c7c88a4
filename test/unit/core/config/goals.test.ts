import { describe, expect, it } from 'vitest';
import { goalOf, mainMetric } from '../../../../src/core/config/goals';

describe('which way of a metric is better', () => {
  it.each(['loss', 'val_loss', 'trainLoss', 'eval/logloss', 'RMSE', 'test_mae', 'mean_squared_error', 'epoch_time', 'latency_ms', 'nll', 'xloss'])('%s is to be small', (metric) => {
    expect(goalOf(metric)).toBe('minimize');
  });
  it.each(['acc', 'val_auc', 'f1', 'r2', 'reward', 'throughput', 'bleu', 'lossless_ratio'])('%s is to be large', (metric) => {
    expect(goalOf(metric)).toBe('maximize');
  });
  it('is what the file says where it says it', () => {
    expect(goalOf('loss', { metrics: { loss: { goal: 'maximize', main: false } } })).toBe('maximize');
  });
});

describe('the metric that stands for a run', () => {
  it.each([
    [['loss', 'acc', 'val_loss', 'val_acc'], 'val_acc'],
    [['loss', 'accuracy'], 'accuracy'],
    [['train_loss', 'val_loss'], 'val_loss'],
    [['foo', 'bar'], 'foo'],
    [['loss', 'roc_auc'], 'roc_auc'],
    [[], null],
  ])('%j: %s', (keys, expected) => {
    expect(mainMetric(keys)).toBe(expected);
  });
  it('is the configured one where the run has it', () => {
    const config = { metrics: { ms: { main: true } } };
    expect(mainMetric(['val_acc', 'ms'], config)).toBe('ms');
    expect(mainMetric(['val_acc'], config)).toBe('val_acc');
  });
});
