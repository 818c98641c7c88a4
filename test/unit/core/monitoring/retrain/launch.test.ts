import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../../src/core/config/load';
import { fewOf } from '../../../../../src/core/monitoring/retrain/data';
import { firstAt } from '../../../../../src/core/monitoring/retrain/labelled';
import { artifactOf, environmentOf, minutesOf } from '../../../../../src/core/monitoring/retrain/launch';
import { labelOf, logOf, problemOf, retrainingNamed } from '../../../../../src/core/monitoring/retrain/place';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'runyard-artifacts-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const artifact = (name: string, t: number): void => {
  const file = path.join(folder, 'artifacts', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name);
  utimesSync(file, t, t);
};

describe('what a run made', () => {
  test('is the newest .onnx, or the artifact that is named, file or folder', async () => {
    artifact('a/old.onnx', 100);
    artifact('b/new.onnx', 200);
    artifact('b/later.txt', 300);
    expect(await artifactOf(folder, {})).toBe('b/new.onnx');
    expect(await artifactOf(folder, { artifact: 'a/old.onnx' })).toBe('a/old.onnx');
    expect(await artifactOf(folder, { artifact: 'b' })).toBe('b');
    await expect(artifactOf(folder, { artifact: 'c' })).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining('a/old.onnx') as string });
  });

  test('is missed with what there is instead', async () => {
    await expect(artifactOf(folder, {})).rejects.toMatchObject({ code: 'not_found', hint: expect.stringContaining('runyard.log_model') as string });
    artifact('model.pkl', 1);
    await expect(artifactOf(folder, {})).rejects.toMatchObject({ hint: expect.stringContaining('model.pkl') as string });
  });
});

test('a run is told of its rows and their time, and of nothing else', () => {
  expect(environmentOf('/w', 'x/train.parquet', { from: 0, to: 1000 })).toEqual({ RUNYARD_DATA: path.join('/w', 'x/train.parquet'), RUNYARD_DATA_FROM: '1970-01-01T00:00:00.000Z', RUNYARD_DATA_TO: '1970-01-01T00:00:01.000Z' });
  expect([minutesOf({ started: 60, ended: 240 }, 999), minutesOf({ started: 60, ended: null }, 120), minutesOf({ started: null, ended: null }, 9)]).toEqual([3, 1, 0]);
});

test('too few rows are told as what is wanting', () => {
  const periods = { window: 30 * 86_400, holdout: 7 * 86_400 };
  expect(fewOf({ train: 50, holdout: 30, unlabelled: 9 }, periods)).toBeNull();
  expect(fewOf({ train: 0, holdout: 0, unlabelled: 9 }, periods)).toBe('no labelled row in the last 30 d (9 without a label): import labels first');
  expect(fewOf({ train: 49, holdout: 1, unlabelled: 0 }, periods)).toMatch(/^49 labelled rows to train on in the last 30 d/);
  expect(fewOf({ train: 50, holdout: 1, unlabelled: 0 }, periods)).toMatch(/^1 labelled row in the freshest 7 d/);
});

test('the first row at or after a moment is found, also before all and after all', () => {
  const times = Float64Array.from([1, 3, 3, 7]);
  expect([0, 1, 2, 3, 4, 7, 8].map((moment) => firstAt(times, moment))).toEqual([0, 0, 1, 1, 3, 3, 4]);
});

describe('a retraining of runyard.yaml', () => {
  const yaml = (more: string): ReturnType<typeof parseConfig> => parseConfig(`experiments: {fit: {command: [python, t.py]}}
evaluations: {loan: {data: old.csv, label: repaid}}
registry: {environments: [production]}
monitors:
  daily: {model: loan@production, log: {data: log.csv, time: t, label: outcome}}
retraining:
  loan: {model: loan@production, experiment: fit${more}}
`, 'runyard.yaml');

  test('reads the log of the monitor of its model, and calls the label as the evaluation does, else as the log', () => {
    const { config } = yaml('');
    const own = retrainingNamed({ config }, 'loan');
    const log = logOf('/w', config, own);
    expect(log).toMatchObject({ kind: 'files', columns: { time: 't', label: 'outcome' }, model: 'loan@production' });
    expect(labelOf(config, own, log)).toBe('outcome');
    expect(labelOf(config, { ...own, evaluation: 'loan' }, log)).toBe('repaid');
    expect(logOf('/w', { ...config, monitoring: { ...config.monitoring, monitors: {} } }, own)).toMatchObject({ kind: 'serving', folder: path.join('/w', '.runyard/serving/loan/production') });
  });

  test('has a problem where what it names is not there, or nothing would be left to train on', () => {
    const problem = (change: Record<string, unknown>): string | null => {
      const { config } = yaml('');
      return problemOf(config, { ...retrainingNamed({ config }, 'loan'), ...change });
    };
    expect(problem({})).toBeNull();
    expect(problem({ experiment: 'fti' })).toBe("runyard.yaml names no experiment 'fti': did you mean 'fit'?");
    expect(problem({ evaluation: 'laon' })).toMatch(/did you mean 'loan'/);
    expect(problem({ triggers: [{ on: 'drift', monitor: 'weekly', windows: 1 }] })).toMatch(/no monitor 'weekly'/);
    expect(problem({ holdout: 86_400, window: 86_400 })).toMatch(/shorter than window/);
  });
});
