/** A logged model as MLflow writes it. Source: mlflow/protos/service.proto, LoggedModel. */
import * as z from 'zod';

export const MODEL_STATUSES = ['LOGGED_MODEL_STATUS_UNSPECIFIED', 'LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED'] as const;
export type ModelStatus = (typeof MODEL_STATUSES)[number];

const pairs = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
/** A 64-bit number, which some writers put in quotes. */
const long = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).default(0);
const word = z.string().nullish().transform((text) => text ?? '');

/** Times in milliseconds. What is absent is empty. */
export const wireModel = z.object({
  info: z.object({
    model_id: z.string().regex(/^m-[0-9a-f]{32}$/), experiment_id: z.string().default(''), name: z.string().default(''), creation_timestamp_ms: long,
    last_updated_timestamp_ms: long, artifact_uri: z.string().default(''), status: z.enum(MODEL_STATUSES).default('LOGGED_MODEL_PENDING'),
    status_message: word, model_type: word, source_run_id: word, tags: pairs,
  }),
  data: z.object({ params: pairs }).default({ params: [] }),
});
export type WireModel = z.output<typeof wireModel>;
