/** Round trips with the real MLflow: what its stores hold comes here, goes back, and is the same. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import { openSource } from '../../../src/core/exchange/open';
import type { EngineClient } from '../../../src/engine/client/client';
import type { CopyReport } from '../../../src/protocol/exchange';
import { bundles, lab, type Lab } from '../../integration/engine/support';
import { collect, comparable } from '../../support/exchange';

const python = venvPython(mlflowVenvDir);
const run = promisify(execFile);
const MINUTES = 240_000;

let bundle: Awaited<ReturnType<typeof bundles>>;
let home = '';
beforeAll(async () => {
  bundle = await bundles();
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-exchange-')));
}, MINUTES);
afterAll(() => { bundle.dispose(); rmSync(home, { recursive: true, force: true, maxRetries: 5 }); });

const clean = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_')));

async function fill(folder: string, uri: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await run(python, [path.resolve(import.meta.dirname, '../../fixtures/mlflow/make.py'), uri], { cwd: folder, env: { ...clean(), MLFLOW_DISABLE_TELEMETRY: 'true' }, maxBuffer: 1 << 26 });
}

async function held(place: string): Promise<unknown> {
  const faults: string[] = [];
  const source = openSource(place, { fault: (where, why) => faults.push(`${where}: ${why}`) });
  try {
    const everything = await collect(source);
    expect(faults).toEqual([]);
    return comparable(everything);
  } finally {
    source.dispose();
  }
}

let jobs = 0;
const importFrom = (client: EngineClient, from: string): Promise<CopyReport> => client.request('mlflow.import', { from, job: `i${++jobs}` });
const exportTo = (client: EngineClient, to: string): Promise<CopyReport> => client.request('mlflow.export', { to, python, job: `e${++jobs}` });
const changes = ({ counts }: CopyReport): number => Object.values(counts).reduce((sum, { made, completed }) => sum + made + completed, 0);

async function inLab(work: (client: EngineClient, here: Lab) => Promise<void>): Promise<void> {
  const here = lab(bundle.engine);
  try {
    await work(await here.connect(), here);
  } finally {
    await here.dispose();
  }
}

describe.each([
  { kind: 'an SQLite file', source: (folder: string) => path.join(folder, 'mlflow.db'), uri: (folder: string) => `sqlite:///${path.join(folder, 'mlflow.db')}`, back: 'out.db', skip: [] as string[] },
  // Its server makes ids and times of its own for assessments, and holds no evaluation datasets.
  { kind: 'an mlruns folder', source: (folder: string) => path.join(folder, 'mlruns'), uri: (folder: string) => `file://${path.join(folder, 'mlruns')}`, back: 'out', skip: ['assessments'] },
])('$kind', ({ kind, source, uri, back, skip }) => {
  test('goes here and back and loses nothing; again, neither way changes anything', async () => {
    const folder = path.join(home, kind.replaceAll(' ', '-'));
    await fill(folder, uri(folder));
    const before = await held(source(folder));
    await inLab(async (client) => {
      const came = await importFrom(client, source(folder));
      expect(came.failures).toEqual([]);
      expect(came.counts.runs).toMatchObject({ made: 6, failed: 0 });
      const to = path.join(folder, back);
      const went = await exportTo(client, to);
      expect(went.failures).toEqual([]);
      expect(without(await held(to), skip)).toEqual(without(before, skip));
      expect(changes(await importFrom(client, source(folder)))).toBe(0);
      const again = await exportTo(client, to);
      expect(again.failures).toEqual([]);
      expect(changes(again)).toBe(0);
    });
    // What went to MLflow comes back under the ids that it had.
    await inLab(async (client) => {
      expect((await importFrom(client, path.join(folder, back))).failures).toEqual([]);
      const third = path.join(folder, `third-${back}`);
      expect((await exportTo(client, third)).failures).toEqual([]);
      expect(without(await held(third), skip)).toEqual(without(before, skip));
    });
  }, 2 * MINUTES);
});

/** A copy without the named keys, wherever they are. */
function without(value: unknown, keys: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)).map(([key, one]) => [key, without(one, keys)]));
}

test('a Python without mlflow is named, with the way out', async () => {
  await inLab(async (client, { workspace }) => {
    const asked = client.request('mlflow.export', { to: path.join(workspace, 'out'), python: process.execPath, job: 'x' });
    await expect(asked).rejects.toThrow(/has no mlflow/);
  });
}, MINUTES);
