import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { createEvaluator, type Evaluator } from '../../../../../src/core/evaluation/process/evaluator';
import { discoverSettings, evaluationRequest } from '../../../../../src/protocol/evaluation/request';
import { bench, readCase, type Bench, type Seen } from './support';

const root = path.resolve(import.meta.dirname, '../../../../..');
let place: Bench;
let evaluator: Evaluator;
let built = '';
beforeAll(() => {
  // Beside node_modules, where the native modules are found.
  mkdirSync(path.join(root, 'node_modules/.cache'), { recursive: true });
  built = mkdtempSync(path.join(root, 'node_modules/.cache/runyard-evaluator-'));
  const script = path.join(built, 'evaluator.cjs');
  buildSync({
    entryPoints: [path.join(root, 'src/engine/evaluator-main.ts')], outfile: script, bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning',
    mainFields: ['module', 'main'], external: ['@duckdb/node-api', 'onnxruntime-node', 'better-sqlite3'], define: { 'import.meta.url': '__bundleUrl' }, banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  place = bench('p1_binary_breast_cancer', ['model.onnx', 'current.csv']);
  evaluator = createEvaluator({ script, log: silentLog });
});
afterAll(() => {
  evaluator.dispose();
  place.dispose();
  rmSync(built, { recursive: true, force: true });
});

test('an evaluation with a tagger and metrics of its own is asked everything, in the real process', async () => {
  writeFileSync(path.join(place.workspace, 'tags.py'), "def north(rows):\n    return [row['clinic'] == 'north' for row in rows]\n");
  writeFileSync(path.join(place.workspace, 'own.mjs'), 'export const missed = (truth, predicted) => truth.filter((t, i) => t === 0 && predicted[i] === 1).length;\n');
  writeFileSync(path.join(place.workspace, 'own.py'), 'def missed(y_true, y_pred):\n    return sum(1 for t, p in zip(y_true, y_pred) if t == 0 and p == 1)\n');
  const folder = path.join(place.workspace, 'kept');
  mkdirSync(folder);
  const params = { ...place.place, folder };
  const request = evaluationRequest.parse({
    model: { file: 'model.onnx' }, data: { files: ['current.csv'], types: readCase('p1_binary_breast_cancer').columns }, label: 'benign', positive: 1, replicates: 100,
    slices: [{ name: 'north', tagger: 'tags.py:north' }, { name: 'same', where: "clinic = 'north'" }], metrics: { missed: 'own.mjs:missed', missed_too: 'own.py:missed' },
  });
  const doc = await evaluator.alone('evaluate', { ...params, id: 'e1', request, created: 0, looks: 0 });
  const missed = (doc.overall.figures['confusion_matrix'] as number[][])[0]?.[1];
  expect([doc.overall.figures['missed'], doc.overall.figures['missed_too']]).toEqual([missed, missed]);
  expect(doc.slices[0]?.figures).toEqual(doc.slices[1]?.figures);

  const details = await evaluator.ask('details', { ...params, selection: { slice: 'north' }, baseline: false });
  expect(details.figures).toMatchObject(doc.slices[0]?.figures ?? {});
  const page = await evaluator.ask('rows', { ...params, selection: { slice: 'north' }, sort: 'worst', offset: 0, limit: 5 });
  expect(page.total).toBe(doc.slices[0]?.figures.n);
  const example = page.rows[0]?.id ?? '';
  expect((await evaluator.ask('rows', { ...params, selection: { ids: [example] }, sort: 'order', offset: 0, limit: 5 })).rows).toEqual([page.rows[0]]);
  expect(await evaluator.ask('explain', { ...params, example, baseline: false })).toMatchObject({ id: example, row: page.rows[0]?.row });
  const phases: Seen[] = [];
  const found = await evaluator.alone('discover', { ...params, settings: discoverSettings.parse({ minSupport: 15 }) }, { progress: (phase, done, total) => void phases.push({ phase, done, total }) });
  expect(found.rows).toEqual({ searched: 135, checked: 134 });
  expect(phases.length).toBeGreaterThan(0);
  const important = await evaluator.alone('importance', { ...params, metrics: [], repeats: 2, seed: 0, selection: {}, mostRows: 100 });
  expect(important.rows).toBe(100);
  expect((await evaluator.ask('inspect', { ...place.place, data: request.data, model: request.model })).data.rows).toBe(269);
  expect((await evaluator.ask('checkSlices', { ...place.place, data: request.data, slices: request.slices })).problems).toEqual([]);
});
