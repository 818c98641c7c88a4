/** Where logged models and model versions keep their files, as their records say. */
import { z } from 'zod';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';

const located = z.object({ artifact_location: z.string().optional(), artifact_uri: z.string().optional(), info: z.object({ artifact_uri: z.string().optional() }).optional() });
const versioned = z.object({ source: z.string().optional(), storage_location: z.string().nullish() });

/** A model's address. Throws RESOURCE_DOES_NOT_EXIST. */
export function modelLocation({ store }: MlflowContext, id: string): string {
  const found = store.records.get('loggedModel', id);
  if (!found) throw missing(`Logged model with ID '${id}' not found.`);
  const doc = located.safeParse(found.doc).data;
  return doc?.artifact_uri ?? doc?.info?.artifact_uri ?? doc?.artifact_location ?? `mlflow-artifacts:/${found.scope}/models/${id}/artifacts`;
}

/** A version's address, through the model it was made of. Throws RESOURCE_DOES_NOT_EXIST. */
export function versionLocation(context: MlflowContext, name: string, version: string): string {
  const found = context.store.records.get('modelVersion', `${name}/${version}`);
  const doc = found && versioned.safeParse(found.doc).data;
  if (!doc) throw missing(`Model Version (name=${name}, version=${version}) not found`);
  const source = doc.storage_location ?? doc.source ?? '';
  const model = /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
  if (model !== undefined) return modelLocation(context, model);
  if (source === '') throw invalid(`The model version ${version} of '${name}' names no place of its files`);
  return source;
}
