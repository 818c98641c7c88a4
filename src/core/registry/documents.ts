/** What the registry keeps of a model and its versions. Times in milliseconds, as MLflow's clients have them. */
import * as z from 'zod';

export const STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof STAGES)[number];

const words = z.record(z.string(), z.string());

export const registeredModel = z.object({
  name: z.string(), created: z.number(), updated: z.number(), description: z.string().default(''), tags: words,
  /** alias to version */
  aliases: z.record(z.string(), z.number().int()),
  /** the largest number that a version ever had: none is given twice */
  last: z.number().int(),
});
export type RegisteredModel = z.output<typeof registeredModel>;

export const modelVersion = z.object({
  name: z.string(), version: z.number().int(), created: z.number(), updated: z.number(),
  /** null: it was taken away */
  description: z.string().nullable(),
  user: z.string().nullable().default(null), stage: z.enum(STAGES),
  /** the address it was registered by, and the one under which its files lie */
  source: z.string(), location: z.string(),
  run: z.string(), runLink: z.string(),
  /** the logged model it is a version of; '' where it is of none */
  model: z.string().default(''),
  status: z.string().default('READY'), statusMessage: z.string().default(''), tags: words,
});
export type ModelVersion = z.output<typeof modelVersion>;

/** A prompt is kept as a model with this tag. */
export const PROMPT_TAG = 'mlflow.prompt.is_prompt';
export const isPrompt = (tags: Readonly<Record<string, string>>): boolean => tags[PROMPT_TAG]?.toLowerCase() === 'true';
