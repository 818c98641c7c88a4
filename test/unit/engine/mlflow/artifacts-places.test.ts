import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import type { Tracker } from '../../../../src/core/tracking/tracker';
import { placeIn, placeOf, rootUriOf, runsBelow } from '../../../../src/engine/mlflow/artifacts/places';
import type { MlflowContext } from '../../../../src/engine/mlflow/context';
import { id, spec, store, tempDir } from '../../core/store/support';

/** Two runs in an experiment with no place of its own, one in `other/place`; the artifacts of a run are there once it has some. */
function context(): MlflowContext & { has(n: number): void; number: string } {
  const workspace = tempDir();
  const opened = store(path.join(workspace, '.runyard'));
  opened.createExperiment({ name: 'elsewhere', created: 1, location: 'mlflow-artifacts:/other/place' });
  for (const n of [1, 2]) opened.createRun(spec(n), 'running');
  opened.createRun(spec(3, { experiment: 'elsewhere' }), 'running');
  const folder = (run: string): string => path.join(workspace, '.runyard', 'runs', run);
  return {
    store: opened, workspace, tracker: { folder } as unknown as Tracker, clock: () => 1, log: silentLog, changed: () => undefined, spoke: () => undefined,
    has: (n) => void mkdirSync(path.join(folder(id(n)), 'artifacts'), { recursive: true }),
    number: String(opened.experimentNamed('loan')?.id),
  };
}

describe('a path of the artifact service', () => {
  test.each(['7/RUN/artifacts/a/b.txt', 'other/place/RUN/artifacts/a/b.txt', 'RUN/artifacts//a/./b.txt'])('%s is the run\'s, whatever leads to it', (name) => {
    const here = context();
    const written = name.replace('RUN', id(1));
    expect(placeOf(here, written)).toEqual({ root: path.join(here.tracker.folder(id(1)), 'artifacts'), path: 'a/b.txt', run: id(1), name: written });
  });

  test('of a run that came while the engine was away is the run\'s too', () => {
    const here = context();
    mkdirSync(here.tracker.folder(id(9)), { recursive: true });
    expect(placeOf(here, `1/${id(9)}/artifacts/a`)).toMatchObject({ run: null });
    writeFileSync(path.join(here.tracker.folder(id(9)), 'spec.json'), '{}');
    expect(placeOf(here, `1/${id(9)}/artifacts/a`)).toMatchObject({ run: id(9), path: 'a' });
  });

  test.each([`1/${id(8)}/artifacts/a`, `1/${id(1)}/a`, `1/m-${id(1)}/artifacts/a`, `1/models/m-${id(1)}/artifacts/a`, 'a', '', 'artifacts'])('%j is below .runyard/artifacts', (name) => {
    const here = context();
    expect(placeOf(here, name)).toEqual({ root: path.join(here.store.dir, 'artifacts'), path: name, run: null, name });
  });
});

describe('an address', () => {
  test('of a run follows its experiment', () => {
    const here = context();
    expect(rootUriOf(here, here.store.getRun(id(1)))).toBe(`mlflow-artifacts:/${here.number}/${id(1)}/artifacts`);
    expect(rootUriOf(here, here.store.getRun(id(3)))).toBe(`mlflow-artifacts:/other/place/${id(3)}/artifacts`);
    expect(placeIn(here, rootUriOf(here, here.store.getRun(id(3))), 'x')).toMatchObject({ run: id(3), path: 'x', name: `other/place/${id(3)}/artifacts/x` });
  });

  test('in a folder of the machine is read where the folder is a run\'s or a model\'s', () => {
    const here = context();
    const own = `/data/mlruns/0/${id(1)}/artifacts`;
    for (const uri of [own, `file://${own}`, `file:${own}`]) expect(placeIn(here, uri, 'a/b')).toEqual({ root: path.resolve(own), path: 'a/b', run: null, name: 'a/b' });
    expect(placeIn(here, `mlruns/models/m-${id(1)}/artifacts`, '')).toMatchObject({ root: path.join(here.workspace, `mlruns/models/m-${id(1)}/artifacts`), path: '' });
  });

  test.each(['/etc', 'file:///etc', 'file:///', '.', `/data/${id(1)}/artifacts/../../..`, `file:///data/${id(1)}/artifacts/%2e%2e/%2e%2e`, `file://host/data/${id(1)}/artifacts`, `file:///data/%zz/${id(1)}/artifacts`, 's3://bucket/x', `s3://b/${id(1)}/artifacts`, 'mlflow-artifacts:/a/../../..'])('%s leads nowhere else', (uri) => {
    expect(() => placeIn(context(), uri, 'passwd')).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE' }));
  });
});

test('runs with artifacts are found below their experiment\'s place, and on the way to it', () => {
  const here = context();
  const below = (...parts: string[]): string[] => runsBelow(here, parts).map(({ way }) => way.join('/')).sort();
  expect(below()).toEqual([]);
  for (const n of [1, 3]) here.has(n);
  expect(below()).toEqual([`${here.number}/${id(1)}/artifacts`, `other/place/${id(3)}/artifacts`]);
  expect(below(here.number)).toEqual([`${id(1)}/artifacts`]);
  expect(below('other')).toEqual([`place/${id(3)}/artifacts`]);
  expect(below('other', 'place', id(3))).toEqual(['artifacts']);
  for (const parts of [['other', 'place', id(3), 'artifacts'], [here.number, id(2)], [here.number, id(3)], ['other', id(3)], [here.number, 'models']]) expect(below(...parts)).toEqual([]);
});
