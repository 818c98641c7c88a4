/**
 * The real MLflow client, and plain HTTP, against a server in a workspace of its own: every check of checks/ is a test here.
 * The same checks pass against a stock `mlflow server`: RUNYARD_CONTRACT_URI names one to use instead of ours.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noWheel, readTorch } from '../../../scripts/lib/venv.mjs';
import { collect, pytest, type Checked } from './checks';
import { serve, type Served } from './serve';

const stock = process.env.RUNYARD_CONTRACT_URI;
const torch = readTorch() ?? { reason: 'the environment is not there' };
const files = await collect();
if (torch.reason) files.delete('test_pytorch.py');

let served: Served;
const results = new Map<string, Promise<Checked>>();

beforeAll(async () => {
  served = stock ? { env: { MLFLOW_TRACKING_URI: stock }, dispose: () => Promise.resolve() } : await serve();
  // Two at a time: more would only wait for each other. The longest first; the short ones are one process, as the import of MLflow takes longer than most of them.
  const names = [...files.keys()];
  const groups = [...names.filter(slow).map((name) => [name]), names.filter((name) => !slow(name))].filter(({ length }) => length > 0);
  let free = Promise.resolve<unknown>(undefined);
  let other = Promise.resolve<unknown>(undefined);
  for (const group of groups) {
    const result = free.then(() => pytest(group, served.env));
    for (const name of group) results.set(name, result);
    [free, other] = [other, result];
  }
});

afterAll(async () => {
  await Promise.allSettled(results.values());
  await served?.dispose();
});

const slow = (file: string): boolean => /autolog|models|project|pytorch/.test(file);

describe.each([...files])('%s', (file, ids) => {
  let checked: Checked;
  beforeAll(async () => {
    checked = await (results.get(file) ?? Promise.reject(new Error(`${file} was not started`)));
  });

  test.each(ids.map((id) => [id.slice(file.length + 2).replace(/^test_/, ''), id] as const))('%s', (_name, id) => {
    const check = checked.checks.get(id);
    if (!check) throw new Error(`pytest ended with ${checked.status} before this check:\n${checked.output}`);
    if (check.outcome === 'skipped' && stock) return;
    if (check.outcome !== 'passed') throw new Error(`${check.outcome}: ${check.text}`);
  });
});

test('there are checks', () => {
  expect(files.size).toBeGreaterThan(0);
});

if (torch.reason) {
  test(`torch: mlflow.pytorch.autolog() could not be tried (no CPU build of torch could be installed here: ${torch.reason.split('\n')[0]})`, () => {
    expect(torch.reason).toBe(noWheel);
  });
}
