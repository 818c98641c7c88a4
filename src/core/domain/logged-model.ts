/** A logged model (MLflow 3): what a run made, by an id of its own, before and beside any registered version. Times in milliseconds. */
import { z } from 'zod';

export const MODEL_STATUSES = ['LOGGED_MODEL_STATUS_UNSPECIFIED', 'LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

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
  /** when the newest spool event that was taken in was said (seconds): an older one, or it again, changes nothing */
  heard: z.number().default(0),
});
export type LoggedModel = z.output<typeof loggedModel>;

const pairs = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
/** One as MLflow writes it, in answers and in the spool of a run whose client found no engine. */
export const wireModel = z.object({
  info: z.object({
    model_id: z.string().regex(/^m-[0-9a-f]{32}$/), experiment_id: z.string().default('0'), name: z.string().default(''), creation_timestamp_ms: z.number().default(0),
    last_updated_timestamp_ms: z.number().default(0), artifact_uri: z.string().default(''), status: z.enum(MODEL_STATUSES).default('LOGGED_MODEL_PENDING'),
    status_message: z.string().nullish().transform((text) => text ?? ''), model_type: z.string().nullish().transform((text) => text ?? ''), source_run_id: z.string().nullish().transform((text) => text ?? ''), tags: pairs,
  }),
  data: z.object({ params: pairs }).default({ params: [] }),
});
export type WireModel = z.output<typeof wireModel>;

const toRecord = (list: readonly { key: string; value: string }[]): Record<string, string> => Object.fromEntries(list.map(({ key, value }) => [key, value]));

export interface Heard { t: number; experiment: number; model: WireModel; delTags?: readonly string[] }

/**
 * What is known of a model after an event said it whole; null where the event says nothing new. Tags and params that were there stay unless
 * the event has others; a model that was deleted stays so.
 */
export function hear(before: LoggedModel | undefined, { t, experiment, model: { info, data }, delTags = [] }: Heard): LoggedModel | null {
  if (before && (t <= before.heard || info.last_updated_timestamp_ms < before.updated)) return null;
  const tags = { ...before?.tags, ...toRecord(info.tags) };
  for (const key of delTags) delete tags[key];
  return {
    id: info.model_id, experiment: before?.experiment ?? experiment, name: info.name, type: info.model_type, status: info.status, statusMessage: info.status_message, run: info.source_run_id,
    artifacts: info.artifact_uri, created: info.creation_timestamp_ms, updated: info.last_updated_timestamp_ms, deleted: before?.deleted ?? false,
    params: { ...before?.params, ...toRecord(data.params) }, tags, heard: t,
  };
}
