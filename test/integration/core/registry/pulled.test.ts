// Two clones with a folder between them, outside of both: real engines that nobody asks.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineClient } from '../../../../src/engine/client/client';
import { linearModel } from '../../../support/onnx-linear';
import { until } from '../../../support/until';
import { bundles, lab, type Lab } from '../../engine/support';

let share = '';
let [ana, ben]: Lab[] = [];
let [hers, his]: EngineClient[] = [];
const told: string[] = [];
const [MODEL, ENVIRONMENT] = ['loan', 'production'];

beforeAll(async () => {
  share = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-share-')));
  const { engine } = await bundles();
  [ana, ben] = [lab(engine), lab(engine)];
  for (const { workspace } of [ana, ben]) writeFileSync(path.join(workspace, 'runyard.yaml'), `version: 1\nregistry: {share: ${JSON.stringify(share)}, environments: [${ENVIRONMENT}], edges: [{to: ${ENVIRONMENT}, gates: []}]}\n`);
  [hers, his] = [await ana.connect(), await ben.connect()];
  his.on('registry', ({ models }) => told.push(models.join()));
  his.on('attention', ({ text }) => told.push(text));
  // Its registry looks from its first question on.
  await his.request('registry.models', {});
});
afterAll(async () => {
  for (const one of [ana, ben]) await one?.dispose();
  rmSync(share, { recursive: true, force: true });
});

const register = async (lab: Lab, client: EngineClient, weights: number[]): Promise<void> => {
  writeFileSync(path.join(lab.workspace, 'model.onnx'), linearModel(weights));
  await client.request('registry.register', { model: MODEL, file: 'model.onnx' });
};
const promote = (client: EngineClient, version: number) => client.request('registry.promote', { job: `p${version}`, model: MODEL, version, to: ENVIRONMENT });
/** What a serving process on his machine reads. */
const served = (): number | null => {
  try {
    return (JSON.parse(readFileSync(path.join(ben?.workspace ?? '', '.runyard', 'models', MODEL, ENVIRONMENT, 'manifest.json'), 'utf8')) as { version: number }).version;
  } catch {
    return null;
  }
};

test('what one promotes is known to the other within seconds; what serving processes read follows once the files are there', async () => {
  if (!ana || !ben || !hers || !his) throw new Error('no engines');
  await register(ana, hers, [1, 2]);
  expect(await promote(hers, 1)).toMatchObject({ promoted: true });
  // Of the version, and of its promotion; all of them are meant.
  await until('him to hear of it', () => told.includes(''));
  expect(await his.request('registry.at', { model: MODEL, environment: ENVIRONMENT, time: Date.now() })).toMatchObject({ version: 1 });
  expect(served()).toBeNull();
  await his.request('registry.fetch', { model: MODEL, version: 1, from: ana.workspace });
  expect(served()).toBe(1);
});

test('a move of a version whose files are there is followed by itself', async () => {
  if (!ana || !ben || !hers || !his) throw new Error('no engines');
  await register(ben, his, [3, 4]);
  await until('her to know it', async () => (await hers?.request('registry.model', { model: MODEL }))?.versions.length === 2);
  await hers.request('registry.fetch', { model: MODEL, version: 2, from: ben.workspace });
  expect(await promote(hers, 2)).toMatchObject({ promoted: true });
  await until('his pointer to follow', () => served() === 2);
  expect(await hers.request('registry.verify', {})).toMatchObject({ ok: true, conflicts: [] });
  expect(told.filter((text) => text.includes('two places'))).toEqual([]);
});
