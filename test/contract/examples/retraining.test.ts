// The example of retraining as its README walks through it, with the Python packages that it names.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { root, venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import type { Backtest, MonitoringResults, RetrainingRun } from '../../../src/protocol/monitoring';

let folder = '';
const python = venvPython(mlflowVenvDir);
const env = { ...process.env, NO_COLOR: '1', PATH: `${path.dirname(python)}${path.delimiter}${process.env['PATH'] ?? ''}` };
const execute = promisify(execFile);
const runyard = async (...words: string[]): Promise<string> => (await execute(process.execPath, [path.join(inject('programs'), 'cli.js'), ...words], { cwd: folder, env, maxBuffer: 2 ** 25 })).stdout;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'ry-retraining-')));
  cpSync(path.join(root, 'examples', 'retraining'), folder, { recursive: true });
  await execute(python, ['make_log.py'], { cwd: folder, env });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

test('what each policy would have cost and brought is told before one is adopted: to wait for the drop beats never to train', async () => {
  const { policies, rows } = JSON.parse(await runyard('retrain', 'backtest', 'repaid', '--policy', 'weekly', '--policy', 'realised', '--policy', 'drift', '--policy', 'never', '--json')) as Backtest;
  const of = Object.fromEntries(policies.map((one) => [one.policy, one]));
  expect([rows, Object.keys(of)]).toEqual([7200, ['weekly', 'realised', 'drift', 'never']]);
  expect([of['never']?.retrainings, of['weekly']?.retrainings]).toEqual([0, 9]);
  for (const name of ['weekly', 'realised', 'drift']) expect(of[name]?.quality, name).toBeGreaterThan(of['never']?.interval?.[1] ?? 1);
});

test('a model trained anew on the labelled rows is held against what is live, and waits for a person', async () => {
  await runyard('run', 'fit');
  await runyard('models', 'register', 'repaid', '--file', 'out/model.onnx', '--licence', 'Apache-2.0');
  await runyard('promote', 'repaid', '1', '--to', 'production', '--force', '--reason', 'the first one', '--yes');
  const made = JSON.parse(await runyard('retrain', 'run', 'repaid', '--reason', 'the world moved', '--json')) as RetrainingRun;
  // 400 rows: five days of eighty.
  expect(made).toMatchObject({ state: 'registered', version: 2, fresh: { metric: 'accuracy', n: 400, word: 'better' } });
  expect(made.fresh?.interval?.[0]).toBeGreaterThan(0.1);
  expect(made.text).toContain('it waits for a person: approval');
  expect(JSON.parse(readFileSync(path.join(folder, '.runyard', 'models', 'repaid', 'production', 'manifest.json'), 'utf8'))).toMatchObject({ version: 1 });
  const { retrainings } = JSON.parse(await runyard('retrain', 'list', '--json')) as MonitoringResults['retraining.list'];
  expect(retrainings).toMatchObject([{ name: 'repaid', used: { runs: 1 }, last: { version: 2 }, problem: null }]);
  expect(retrainings[0]?.coolDown).toBeGreaterThan(made.t);
});
