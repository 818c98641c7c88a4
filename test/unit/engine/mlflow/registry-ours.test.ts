/** What MLflow's endpoints say where the registry of ours has a word in it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tracker } from '../../../../src/core/tracking/tracker';
import { registryClients } from '../../../../src/core/registry/versions/clients';
import { followMove } from '../../../../src/core/registry/versions/follow';
import { checkMayChange, placeIn, placeOf } from '../../../../src/engine/mlflow/artifacts/places';
import type { MlflowContext } from '../../../../src/engine/mlflow/context';
import { modelVersionRoutes } from '../../../../src/engine/mlflow/endpoints/model-versions';
import { registeredModelRoutes } from '../../../../src/engine/mlflow/endpoints/registered-models';
import { toMlflowError, type MlflowError } from '../../../../src/engine/mlflow/errors';
import type { Call } from '../../../../src/engine/mlflow/router';
import { ana, lab, type Lab } from '../../core/registry/versions/support';

interface Server { at: Lab; why: string | null; call(on: string, input: Record<string, unknown>): Promise<unknown>; refused(on: string, input: Record<string, unknown>): Promise<MlflowError>; context: MlflowContext }

async function server(): Promise<Server> {
  const at = lab();
  at.config('registry:\n  environments: [staging, production]\n  aliases: {champion: production}\n');
  for (const text of ['one', 'two']) {
    at.put('model.onnx', text);
    await at.register({ file: 'model.onnx' });
  }
  const { store, clock, log } = at.context;
  const clients = registryClients({
    context: at.context, ledger: at.ledger, identity: () => Promise.resolve(ana), promoteFor: (model, version, environment) => {
      if (here.why !== null) return Promise.resolve(here.why);
      at.ledger.append({ by: ana, kind: 'promoted', model, version, environment, facts: {} });
      followMove(store.records, clock, { model, version, environment }, at.context.loaded().config.registry);
      return Promise.resolve(null);
    },
  });
  const context: MlflowContext = { store, clock, log, workspace: at.workspace, tracker: { folder: (run: string) => path.join(at.workspace, '.runyard', 'runs', run) } as unknown as Tracker, changed: () => undefined, spoke: () => undefined, registry: clients };
  const routes = [...registeredModelRoutes(context), ...modelVersionRoutes(context)];
  const call = async (on: string, input: Record<string, unknown>): Promise<unknown> => {
    const [method = '', name = ''] = on.split(' ');
    const found = routes.find((one) => one.method === method && one.path === `/api/2.0/mlflow/${name}`);
    return found?.handle({ method, params: {}, query: new URLSearchParams(), input, size: 0, body: null, run: null } as unknown as Call);
  };
  const here: Server = {
    at, why: null, call, context,
    async refused(on, input) {
      try {
        await call(on, input);
      } catch (error) {
        return toMlflowError(error);
      }
      throw new Error(`${on} was accepted`);
    },
  };
  return here;
}

describe('a client', () => {
  test('that sets an alias which follows an environment promotes, or is told why not', async () => {
    const here = await server();
    expect(await here.call('POST registered-models/alias', { name: 'car-loan', alias: 'champion', version: '1' })).toEqual({});
    here.why = 'slice young got worse';
    const said = await here.refused('POST registered-models/alias', { name: 'car-loan', alias: 'champion', version: '2' });
    expect([said.status, said.code, said.message]).toEqual([403, 'PERMISSION_DENIED', expect.stringContaining('slice young got worse')]);
    expect(await here.call('GET registered-models/alias', { name: 'car-loan', alias: 'champion' })).toMatchObject({ model_version: { version: '1' } });
  });

  test('that moves a version to a stage of an environment\'s name does so, too', async () => {
    const here = await server();
    expect(await here.call('POST model-versions/transition-stage', { name: 'car-loan', version: '1', stage: 'production' })).toMatchObject({ model_version: { current_stage: 'Production', aliases: ['champion'] } });
    here.why = 'no approval yet';
    const said = await here.refused('POST model-versions/transition-stage', { name: 'car-loan', version: '2', stage: 'Production' });
    expect([said.code, said.message]).toEqual(['PERMISSION_DENIED', expect.stringContaining('no approval yet')]);
  });

  test('that deletes what is live, or renames what has a history, is told so', async () => {
    const here = await server();
    await here.call('POST registered-models/alias', { name: 'car-loan', alias: 'champion', version: '1' });
    for (const [on, input, reason] of [
      ['DELETE model-versions/delete', { name: 'car-loan', version: '1' }, 'live in production'], ['DELETE registered-models/delete', { name: 'car-loan' }, 'live in production'],
      ['POST registered-models/rename', { name: 'car-loan', new_name: 'x' }, 'ledger'],
    ] as const) {
      const said = await here.refused(on, input);
      expect([said.code, said.message]).toEqual(['PERMISSION_DENIED', expect.stringContaining(reason)]);
    }
    await here.call('DELETE model-versions/delete', { name: 'car-loan', version: '2' });
    expect(here.at.ledger.entries().at(-1)).toMatchObject({ kind: 'deleted', version: 2 });
    // A version of the client's own takes no number that was taken.
    expect(await here.call('POST model-versions/create', { name: 'car-loan', source: 's3://bucket/m' })).toMatchObject({ model_version: { version: '3' } });
  });

  test('that says words about a model is heard by the ledger', async () => {
    const here = await server();
    await here.call('PATCH model-versions/update', { name: 'car-loan', version: '2', description: 'better' });
    await here.call('POST model-versions/set-tag', { name: 'car-loan', version: '2', key: 'a', value: 'b' });
    await here.call('DELETE registered-models/delete-tag', { name: 'car-loan', key: 'none' });
    expect(here.at.ledger.entries().slice(2).map(({ kind, version, facts }) => [kind, version, facts])).toEqual([
      ['described', 2, { description: 'better' }], ['described', 2, { setTags: { a: 'b' } }], ['described', null, { deleteTags: ['none'] }],
    ]);
  });
});

describe('the files of a version', () => {
  test('are read where its address says, and never written', async () => {
    const here = await server();
    const { artifact_uri: uri } = await here.call('GET model-versions/get-download-uri', { name: 'car-loan', version: '1' }) as { artifact_uri: string };
    const place = placeIn(here.context, uri, 'model.onnx');
    expect(readFileSync(path.join(place.root, place.path), 'utf8')).toBe('one');
    expect(() => checkMayChange(place)).toThrow(/never change/);
    expect(() => checkMayChange(placeOf(here.context, 'weights/other/model.onnx'))).not.toThrow();
  });
});
