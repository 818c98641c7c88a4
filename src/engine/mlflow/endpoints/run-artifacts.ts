/** Artifacts by whose they are: a run's, a logged model's, a model version's. Source: mlflow.server (routes of its pages), service.proto (3.17). */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { answered, listed } from '../artifacts/answer';
import { list } from '../artifacts/files';
import { modelLocation, versionLocation } from '../artifacts/locations';
import { safePath } from '../artifacts/paths';
import { placeIn, proxiedScheme, rootUriOf, type Place } from '../artifacts/places';
import { send } from '../artifacts/send';
import { readBody } from '../body';
import type { MlflowContext } from '../context';
import { invalid, missing, MlflowError } from '../errors';
import { int, readFields, required, text } from '../fields';
import { rawRoute, route, type Call, type Route } from '../router';
import { readRun } from '../runs';

const B = '/api/2.0/mlflow';
/** What a page may upload at once. */
const UPLOAD_LIMIT = 10 * 2 ** 20;
const DAYS_7 = 604_800;

type Upload = (call: Call, place: Place, body: AsyncIterable<Buffer>) => Promise<unknown>;

export function runArtifactRoutes(context: MlflowContext, upload: Upload): Route[] {
  const rootOf = async (run: string): Promise<string> => rootUriOf(context, await readRun(context, run));
  const under = (path: string): string => (path === '' ? '' : `${path.replace(/\/+$/, '')}/`);
  const listIn = async (uri: string, asked: string): Promise<unknown> => {
    const path = safePath(asked);
    return { ...listed(await list(placeIn(context, uri, path)), under(path)), root_uri: uri };
  };
  return [
    route(`GET ${B}/artifacts/list`, z.object({ run_id: text.optional(), run_uuid: text.optional(), path: text.default('') }), async ({ run_id, run_uuid, path }) => {
      const run = run_id || run_uuid;
      if (!run) throw invalid("Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.");
      safePath(path);
      return listIn(await rootOf(run), path);
    }),
    rawRoute('GET /get-artifact', async (call) => {
      const { run_id: id, run_uuid: uuid, path } = readFields(z.object({ run_id: text.optional(), run_uuid: text.optional(), path: text }), call.input);
      const name = safePath(path);
      const run = id || uuid;
      if (!run) throw missing('Run with id=None not found');
      return send(call, placeIn(context, await rootOf(run), name));
    }),
    rawRoute('GET /model-versions/get-artifact', async (call) => {
      const { name, version, path } = readFields(z.object({ name: text.optional(), version: text.optional(), path: text }), call.input);
      const file = safePath(path);
      if (!name || !version) throw invalid(`Missing value for required parameter '${name ? 'version' : 'name'}'.`);
      return send(call, placeIn(context, await versionLocation(context, name, version), file));
    }),
    route(`GET ${B}/logged-models/:model_id/artifacts/directories`, z.object({ model_id: text, artifact_directory_path: text.default('') }), ({ model_id: id, artifact_directory_path: path }) => {
      safePath(path);
      return listIn(modelLocation(context, id), path);
    }),
    rawRoute(`GET ${B}/logged-models/:model_id/artifacts/files`, (call) => {
      const { artifact_file_path: path } = readFields(z.object({ artifact_file_path: text.default('') }), call.input);
      if (path === '') throw new MlflowError('BAD_REQUEST', 'Request must include the "artifact_file_path" query parameter.');
      const name = safePath(path);
      return send(call, placeIn(context, modelLocation(context, call.params['model_id'] ?? ''), name));
    }),
    rawRoute(`POST ${B}/upload-artifact`, (call) => answered(call, () => uploadFromPage(context, call, upload))),
    route(`POST ${B}/artifacts/presigned-upload-url`, z.object({ run_id: text.default(''), model_id: text.default(''), path: required, expiration: int.optional() }), async ({ run_id: run, model_id: model, path }) => {
      if ((run === '') === (model === '')) throw invalid('Exactly one of run_id and model_id must be provided.');
      safePath(path);
      return refuse(run === '' ? modelLocation(context, model) : await rootOf(run), ['upload', 'proxied artifact storage', 'direct cloud storage artifact URI']);
    }),
    route(`POST ${B}/artifacts/presigned-download-url`, z.object({ run_id: required, path: required, expiration: int.default(900) }), async ({ run_id: run, path, expiration }) => {
      safePath(path);
      if (expiration < 1 || expiration > DAYS_7) throw invalid(`expiration must be between 1 and ${DAYS_7} seconds (got ${expiration}).`);
      return refuse(await rootOf(run), ['download', 'runs with proxied artifact storage', 'run with a direct cloud storage artifact URI']);
    }),
  ];
}

/** Nobody signs URLs here: files go through this server, or a client goes to the bucket itself. */
function refuse(uri: string, [what, kind, needed]: readonly [string, string, string]): never {
  const scheme = proxiedScheme(uri);
  if (scheme === null) throw new MlflowError('NOT_IMPLEMENTED', `Presigned ${what} is not supported for the current artifact repository`);
  throw invalid(`Presigned ${what} is not supported for ${kind} (artifact URI scheme: ${scheme}). This endpoint requires a ${needed}.`);
}

async function uploadFromPage(context: MlflowContext, call: Call, upload: Upload): Promise<unknown> {
  const { run_uuid: run, path } = readFields(z.object({ run_uuid: text.default(''), path: text.default('') }), call.input);
  if (run === '') throw invalid('Request must specify run_uuid.');
  if (path === '') throw invalid('Request must specify path.');
  const name = safePath(path);
  const data = await bodyOf(call);
  if (data.length === 0) throw invalid('Request must specify data.');
  const uri = rootUriOf(context, await readRun(context, run));
  return upload(call, placeIn(context, uri, name), Readable.from([data]));
}

async function bodyOf({ request }: Call): Promise<Buffer> {
  try {
    return await readBody(request, UPLOAD_LIMIT);
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'REQUEST_LIMIT_EXCEEDED') throw invalid('Artifact size is too large. Max size is 10MB.');
    throw error;
  }
}
