/** The real MLflow client on models that were registered with Runyard: found, downloaded, and moved only where the gates let it. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { venvPython } from '../../../scripts/lib/paths.mjs';
import { mlflowVenvDir } from '../../../scripts/lib/venv.mjs';
import type { EngineClient } from '../../../src/engine/client/client';
import { bundles, lab, type Lab } from '../../integration/engine/support';

/** One import of MLflow for all of it. */
const SCRIPT = `
import json, os, sys, tempfile
import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

client = MlflowClient()
said = {}

def refused(call):
    try:
        call()
        return ["accepted", ""]
    except MlflowException as error:
        return [error.error_code, error.message]

def files(folder):
    return {os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/"): open(os.path.join(at, name)).read() for at, _, names in os.walk(folder) for name in names}

version = client.get_model_version("car-loan", "1")
said["version"] = [version.status, version.description, version.tags, version.user_id]
said["uri"] = client.get_model_version_download_uri("car-loan", "1")
said["file"] = files(mlflow.artifacts.download_artifacts("models:/car-loan/1", dst_path=tempfile.mkdtemp()))
said["folder"] = files(mlflow.artifacts.download_artifacts("models:/car-loan/2", dst_path=tempfile.mkdtemp()))
said["listed"] = sorted(one.path for one in mlflow.artifacts.list_artifacts("models:/car-loan/2"))
client.set_registered_model_alias("car-loan", "best", 2)
said["alias"] = files(mlflow.artifacts.download_artifacts("models:/car-loan@best", dst_path=tempfile.mkdtemp()))
client.set_registered_model_alias("car-loan", "champion", 1)
said["promoted"] = client.get_model_version("car-loan", "1").current_stage
said["blocked"] = refused(lambda: client.set_registered_model_alias("car-loan", "champion", 2))
said["stage"] = refused(lambda: client.transition_model_version_stage("car-loan", "2", "Production"))
said["live"] = refused(lambda: client.delete_model_version("car-loan", "1"))
said["rename"] = refused(lambda: client.rename_registered_model("car-loan", "other"))
said["champion"] = client.get_model_version_by_alias("car-loan", "champion").version
copied = client.copy_model_version("models:/car-loan/1", "copy")
said["copy"] = files(mlflow.artifacts.download_artifacts(f"models:/copy/{copied.version}", dst_path=tempfile.mkdtemp()))
client.delete_model_version("car-loan", "2")
print(json.dumps(said))
`;

let made: Awaited<ReturnType<typeof bundles>>;
let here: Lab;
let engine: EngineClient;
beforeAll(async () => {
  made = await bundles();
  here = lab(made.engine);
  mkdirSync(path.join(here.workspace, 'm', 'data'), { recursive: true });
  for (const [name, text] of [['model.txt', 'one'], ['m/MLmodel', 'flavors: {}\n'], ['m/data/big.txt', 'x'.repeat(5000)]] as const) writeFileSync(path.join(here.workspace, name), text);
  // What is larger than a kilobyte is stopped.
  writeFileSync(path.join(here.workspace, 'runyard.yaml'), 'registry:\n  environments: [staging, production]\n  aliases: {champion: production}\n  edges:\n    - {to: production, gates: [{gate: size, max: 1000}]}\n');
  engine = await here.connect();
});
afterAll(async () => {
  await here.dispose();
  made.dispose();
});

test('MLflow\'s client finds, downloads and copies them; an alias or a stage that stands for an environment asks the gates', async () => {
  const by = { name: 'Ana', email: 'ana@example.org' };
  await engine.request('registry.register', { model: 'car-loan', file: 'model.txt', description: 'ours', tags: { team: 'risk' }, by });
  await engine.request('registry.register', { model: 'car-loan', file: 'm', by });
  const { uri, token } = await engine.request('mlflow.serve', {});
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_')));
  const { stdout } = await promisify(execFile)(venvPython(mlflowVenvDir), ['-c', SCRIPT], {
    cwd: here.workspace, timeout: 110_000, env: { ...clean, MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1', MLFLOW_DISABLE_TELEMETRY: 'true', GIT_PYTHON_REFRESH: 'quiet' },
  });
  const folder = { MLmodel: 'flavors: {}\n', 'data/big.txt': 'x'.repeat(5000) };
  const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(said).toMatchObject({
    version: ['READY', 'ours', { team: 'risk' }, 'Ana'], uri: expect.stringMatching(/^mlflow-artifacts:\/weights\/[0-9a-f]{64}$/) as string,
    file: { 'model.txt': 'one' }, folder, alias: folder, listed: ['MLmodel', 'data'], copy: { 'model.txt': 'one' }, promoted: 'Production', champion: '1',
  });
  for (const [what, reason] of [['blocked', 'size'], ['stage', 'size'], ['live', 'live in production'], ['rename', 'ledger']] as const) {
    expect(said[what]).toEqual(['PERMISSION_DENIED', expect.stringContaining(reason)]);
  }
  const { rows } = await engine.request('registry.history', { model: 'car-loan' });
  expect(rows.map(({ kind }) => kind).filter((kind) => kind !== 'gates')).toEqual(['registered', 'registered', 'alias', 'promoted', 'deleted']);
});
