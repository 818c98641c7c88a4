/** A logged model (MLflow 3): what a run made, by an id of its own, before and beside any registered version. Times in milliseconds. */
import * as z from 'zod';
import { MODEL_STATUSES, type WireModel } from '../../protocol/logged-model';
import { recordOf } from '../base/pairs';

const words = z.record(z.string(), z.string());
export const loggedModel = z.object({
  id: z.string(),
  /** the experiment's number */
  experiment: z.number().int(),
  name: z.string(), type: z.string(), status: z.enum(MODEL_STATUSES), statusMessage: z.string().default(''),
  /** the run that made it; '' where nobody said */
  run: z.string(),
  /** the address under which its files lie */
  artifacts: z.string(),
  created: z.number(), updated: z.number(), deleted: z.boolean().default(false), params: words, tags: words,
  /** when it was last spoken of (seconds): what a spool tells from before then changes nothing, also where it is read again */
  heard: z.number().default(0),
});
export type LoggedModel = z.output<typeof loggedModel>;

export interface Heard { t: number; experiment: number; model: WireModel; delTags?: readonly string[] }

/**
 * What is known of a model after an event said it whole; null where the event says nothing new. Tags and params that were there stay unless
 * the event has others; a model that was deleted stays so.
 */
export function hear(before: LoggedModel | undefined, { t, experiment, model: { info, data }, delTags = [] }: Heard): LoggedModel | null {
  if (before && (t < before.heard || info.last_updated_timestamp_ms < before.updated)) return null;
  const tags = { ...before?.tags, ...recordOf(info.tags) };
  for (const key of delTags) delete tags[key];
  return {
    id: info.model_id, experiment: before?.experiment ?? experiment, name: info.name, type: info.model_type, status: info.status, statusMessage: info.status_message, run: info.source_run_id,
    artifacts: info.artifact_uri, created: info.creation_timestamp_ms, updated: info.last_updated_timestamp_ms, deleted: before?.deleted ?? false,
    params: { ...before?.params, ...recordOf(data.params) }, tags, heard: t,
  };
}
