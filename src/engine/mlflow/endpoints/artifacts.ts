/** The artifact service: files by their path, streamed up and down. Source: mlflow_artifacts.proto; mlflow.server.handlers (3.17). */
import * as z from 'zod';
import { answered, listed } from '../artifacts/answer';
import { removeAt, upload } from '../artifacts/change';
import { list, type Entry } from '../artifacts/files';
import { createKeeper } from '../artifacts/keep';
import { partsOf, safePath } from '../artifacts/paths';
import { placeOf, runsBelow } from '../artifacts/places';
import { send } from '../artifacts/send';
import type { MlflowContext } from '../context';
import { MlflowError } from '../errors';
import { int, required, text } from '../fields';
import { rawRoute, route, type Call, type Route } from '../router';
import { runArtifactRoutes } from './run-artifacts';

const S = '/api/2.0/mlflow-artifacts';
const B = `${S}/artifacts`;

export function artifactRoutes(context: MlflowContext): Route[] {
  const keeper = createKeeper(context);
  const part = z.object({ rest: text, path: required });
  const unsupported = (what: string): MlflowError => new MlflowError('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`);
  const refuse = (rest: string): never => {
    safePath(rest);
    throw unsupported('Multipart upload');
  };
  const put = (call: Call): Promise<unknown> => upload(context, call, { keeper, place: placeOf(context, pathOf(call)), body: call.request.iterator({ destroyOnReturn: false }) });
  return [
    route(`GET ${B}`, z.object({ path: text.optional() }), async ({ path = '' }) => listed(await listAt(context, safePath(path)))),
    rawRoute(`GET ${B}/*`, (call) => send(call, placeOf(context, pathOf(call)))),
    rawRoute(`PUT ${B}/*`, (call) => answered(call, () => put(call))),
    rawRoute(`DELETE ${B}/*`, (call) => removeAt(context, call, pathOf(call))),
    // Files go through this server, whole: stock MLflow says the same of a folder on its own disk.
    route(`POST ${S}/mpu/create/*`, part.extend({ num_parts: int.optional() }), ({ rest }) => refuse(rest)),
    route(`POST ${S}/mpu/complete/*`, part.extend({ upload_id: text.optional(), parts: z.array(z.unknown()) }), ({ rest }) => refuse(rest)),
    route(`POST ${S}/mpu/abort/*`, part.extend({ upload_id: text.optional() }), ({ rest }) => refuse(rest)),
    rawRoute(`GET ${S}/presigned/*`, ({ params }) => {
      safePath(params['rest'] ?? '');
      throw unsupported('Multipart download');
    }),
    ...runArtifactRoutes(context, (call, place, body) => upload(context, call, { keeper, place, body })),
  ];
}

/** The path as it came, with a slash at its end, which the router passes over. */
function pathOf({ request }: Call): string {
  const [path = ''] = (request.url ?? '').split('?');
  return safePath(path.slice(path.indexOf('/mlflow-artifacts/artifacts/') + '/mlflow-artifacts/artifacts/'.length));
}

async function listAt(context: MlflowContext, path: string): Promise<Entry[]> {
  const place = placeOf(context, path);
  const entries = await list(place);
  if (place.run !== null) return entries;
  const known = new Set(entries.map(({ name }) => name));
  const more = runsBelow(context, partsOf(path)).map(({ way: [name = ''] }) => name).filter((name) => !known.has(name));
  return [...entries, ...[...new Set(more)].map((name) => ({ name, size: null }))].sort((a, b) => (a.name < b.name ? -1 : 1));
}
