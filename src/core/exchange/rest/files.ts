/** Files that a server keeps: through its artifact proxy, or through the server where they lie elsewhere (a disk of its own, a bucket). */
import { arrayOf, objectOf, textOf } from '../json';
import type { Artifact, Owner } from '../model';
import type { MlflowClient } from './client';

export const PROXY = '/api/2.0/mlflow-artifacts/artifacts';

/** The path below the proxy of an address `mlflow-artifacts:/1/<run>/artifacts`; null where the files lie elsewhere. */
export const proxiedPath = (address: string): string | null => /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*?)\/*$/.exec(address)?.[1] ?? null;

/** Each part of a path by itself, so that '#', '?' and spaces in names go through. */
export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

export async function* serverFiles(client: MlflowClient, owner: Owner): AsyncGenerator<Artifact> {
  const root = proxiedPath(owner.of.artifacts);
  if (root !== null && root !== '') yield* walk(listProxied(client, root), (path) => client.download(`${PROXY}/${encodePath(`${root}/${path}`)}`));
  else if (owner.kind === 'run') yield* walk(listOfRun(client, owner.of.id), (path) => client.download('/get-artifact', { run_uuid: owner.of.id, path }));
  else if (owner.kind === 'model') {
    yield* walk(listOfModel(client, owner.of.id), (path) => client.download(`/ajax-api/2.0/mlflow/logged-models/${owner.of.id}/artifacts/files`, { artifact_file_path: path }));
  }
}

interface Entry { path: string; folder: boolean; size: number | null }
type List = (below: string) => Promise<Entry[]>;

async function* walk(list: List, open: (path: string) => ReturnType<Artifact['open']>, below = ''): AsyncGenerator<Artifact> {
  for (const { path, folder, size } of await list(below)) {
    // A server that answers with its own folder, or one above, would lead in circles.
    if (path === below || !path.startsWith(below ? `${below}/` : '') || path.split('/').includes('..')) continue;
    if (folder) yield* walk(list, open, path);
    else yield { path, size, open: () => open(path) };
  }
}

const entries = (files: unknown, below = ''): Entry[] => arrayOf(files).map(objectOf).map((one) => {
  const path = textOf(one['path']);
  return { path: below ? `${below}/${path}` : path, folder: one['is_dir'] === true, size: one['is_dir'] === true ? null : Number(one['file_size'] ?? 0) };
});

/** Paths in its answer are relative to the folder that was asked for. */
const listProxied = (client: MlflowClient, root: string): List => async (below) =>
  entries((await client.get(PROXY, { path: below ? `${root}/${below}` : root }))['files'], below);

const listOfRun = (client: MlflowClient, run: string): List => async (below) =>
  entries((await client.get('/api/2.0/mlflow/artifacts/list', { run_id: run, path: below || undefined }))['files']);

const listOfModel = (client: MlflowClient, model: string): List => async (below) =>
  entries((await client.get(`/api/2.0/mlflow/logged-models/${model}/artifacts/directories`, { artifact_directory_path: below || undefined }))['files']);
