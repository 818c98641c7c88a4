/** Real models through the evaluator's own work: recorded at promotion, replayed before the way back. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probe } from '../../../../src/core/evaluation/questions/probe';
import { signature } from '../../../../src/core/evaluation/questions/signature';
import { goldenFile, readGolden } from '../../../../src/core/registry/moves/golden-file';
import type { Golden } from '../../../../src/core/registry/types';
import { registerParams } from '../../../../src/protocol/registry';
import { ana, evaluate, MODEL, openLab, unwatched, type Lab } from './moves-support';

const cars = path.resolve(import.meta.dirname, '../../../fixtures/reference/p4_large_car_loan');
let lab: Lab;
beforeEach(() => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-onnx-')));
  mkdirSync(path.join(folder, 'temp'));
  const place = { workspace: folder, temp: path.join(folder, 'temp') };
  lab = openLab(folder, { evaluating: { signature: (file) => signature({ workspace: folder, file }, unwatched), probe: (params, watching) => probe({ ...place, ...params }, watching) } });
});
afterEach(() => {
  lab.dispose();
  rmSync(lab.workspace, { recursive: true, force: true });
});
async function register(name: string): Promise<number> {
  const file = path.join(lab.workspace, name, 'model.onnx');
  mkdirSync(path.dirname(file));
  copyFileSync(path.join(cars, name), file);
  return (await lab.versions.register(registerParams.parse({ model: MODEL, file }), ana, unwatched)).version;
}

test('golden predictions are of the evidence\'s data, and hold before the way back', async () => {
  await register('model.onnx');
  await register('model_v2.onnx');
  const facts = await lab.versions.facts(MODEL, 1);
  for (const version of [1, 2]) await evaluate(lab, version, 0.9, ({ request, model }) => ({ request: { ...request, data: { files: [path.join(cars, 'current.parquet')], types: {} }, label: 'repaid' }, model: { ...model, mapping: { inputs: {} } } }));
  lab.config('registry: {environments: [production], edges: [{to: production, gates: [{gate: metric, metric: accuracy, min: 0.8}]}]}\n');
  await lab.promote(1);
  await lab.promote(2);
  const kept = await readGolden(lab.context, facts.digest);
  expect(kept?.golden.rows).toHaveLength(100);
  expect(kept?.golden.columns).toContain('car_value');
  const moved = lab.ledger.entries().find(({ kind, version }) => kind === 'promoted' && version === 1);
  expect(moved?.facts).toMatchObject({ golden: kept?.digest, latency: { rows: 50, p95: expect.any(Number) as number } });
  expect(await lab.rollback()).toMatchObject({ to: 1, checks: [{ outcome: 'pass' }, { name: 'loads', outcome: 'pass' }, { name: 'golden', outcome: 'pass', text: expect.stringContaining('100 golden rows') as string }] });
});

test('a version that says something else is not gone back to', async () => {
  await lab.promote(await register('model.onnx'));
  await lab.promote(await register('model_v2.onnx'));
  const { digest } = await lab.versions.facts(MODEL, 1);
  const file = goldenFile(lab.context, digest);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  expect(golden.synthetic).toBe(true);
  const other = await readGolden(lab.context, (await lab.versions.facts(MODEL, 2)).digest);
  writeFileSync(file, `${JSON.stringify({ ...golden, predictions: other?.golden.predictions })}\n`);
  await expect(lab.rollback()).rejects.toMatchObject({ code: 'refused' });
  expect(lab.live()).toBe(2);
});

test('a model that can\'t be loaded is not promoted, forced or not', async () => {
  await lab.promote(await register('model.onnx'));
  // Whole to whoever reads its graph, and with an operator that nobody knows.
  const bytes = Buffer.from(readFileSync(path.join(cars, 'model.onnx'), 'latin1').replaceAll('OneHotEncoder', 'OneColdEncode'), 'latin1');
  const file = path.join(lab.workspace, 'odd', 'model.onnx');
  mkdirSync(path.dirname(file));
  writeFileSync(file, bytes);
  const { version } = await lab.versions.register(registerParams.parse({ model: MODEL, file }), ana, unwatched);
  await expect(lab.promote(version, { force: true, reason: 'it has to be now' })).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('can\'t be loaded') as string });
  expect(lab.live()).toBe(1);
});
