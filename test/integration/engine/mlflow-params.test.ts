/** Params that are said at the same moment, without a network between: in this process, against a real store and real folders. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../../src/core/app';
import { silentLog } from '../../../src/core/base/log';
import { metricRoutes } from '../../../src/engine/mlflow/endpoints/metrics';
import { runRoutes } from '../../../src/engine/mlflow/endpoints/runs';
import type { MlflowContext } from '../../../src/engine/mlflow/context';

test('of those who say a param at once one is taken, and the others are told', async () => {
  const workspace = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-params-')));
  const app = openApp({ workspace, supervisorPath: '', evaluatorPath: '', pythonPath: '', log: silentLog, onChanged: () => undefined, onNotice: () => undefined });
  onTestFinished(() => {
    app.dispose();
    rmSync(workspace, { recursive: true, force: true });
  });
  const context: MlflowContext = { ...app, workspace, log: silentLog, spoke: () => undefined };
  const routes = [...runRoutes(context), ...metricRoutes(context)];
  const ask = (on: string, input: Record<string, unknown>): Promise<unknown> => {
    const route = routes.find(({ method, path: at }) => `${method} ${at}` === `POST /api/2.0/mlflow/runs/${on}`);
    const request = { socket: null } as unknown as IncomingMessage;
    return Promise.resolve(route?.handle({ method: 'POST', params: {}, query: new URLSearchParams(), input, size: 0, body: null, run: null, request, response: {} as ServerResponse }));
  };
  const { run: { info: { run_id: id } } } = await ask('create', {}) as { run: { info: { run_id: string } } };
  const said = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => ask('log-parameter', { run_id: id, key: 'lr', value: String(i) })));
  const taken = said.flatMap(({ status }, i) => (status === 'fulfilled' ? [String(i)] : []));
  expect(taken).toHaveLength(1);
  expect(app.store.getRun(id).params).toEqual({ lr: taken[0] });
});
