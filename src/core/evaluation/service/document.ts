/** evaluation.json as it comes from the disk: looked at before anybody believes it. */
import * as z from 'zod';
import { RunyardError } from '../../base/errors';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import { evaluationRequest } from '../../../protocol/evaluation/request';

export const isEvaluationId = (name: string): boolean => /^[0-9a-f]{32}$/.test(name);

const outcome = z.enum(['pass', 'fail', 'cannot tell']);
const interval = z.looseObject({ low: z.number().nullable(), high: z.number().nullable() });
const figures = z.looseObject({ n: z.number() });
const figureSet = z.looseObject({ figures, intervals: z.record(z.string(), interval) });
const model = z.looseObject({ name: z.string(), digest: z.string() });
/** What the engine itself reads of it; the rest is the evaluator's, and goes through as it is. */
const schema = z.looseObject({
  format: z.literal(1), id: z.string().refine(isEvaluationId), name: z.string(), created: z.number(), duration: z.number(), slicesVersion: z.string(), task: z.string(),
  request: z.looseObject({ data: z.looseObject({}), run: evaluationRequest.shape.run }), model, baseline: model.nullable(),
  data: z.looseObject({ name: z.string(), digest: z.string(), rows: z.number() }),
  main: z.looseObject({ metric: z.string() }),
  overall: figureSet.extend({ checks: z.array(z.looseObject({ outcome, metric: z.string(), reason: z.string() })) }),
  slices: z.array(figureSet.extend({ name: z.string(), outcome, checks: z.array(z.looseObject({ outcome, reason: z.string() })) })),
  splits: z.record(z.string(), z.looseObject({ overall: figureSet, slices: z.record(z.string(), figures) })),
  pinned: z.array(z.looseObject({ outcome, reason: z.string(), example: z.looseObject({ id: z.string() }) })),
  outcome, reasons: z.array(z.string()),
});

/** Throws store_corrupt where it is none, or another's. */
export function parseDocument(text: string, id: string): EvaluationDoc {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RunyardError('store_corrupt', `the evaluation ${id.slice(0, 8)} can't be read: its evaluation.json is not JSON`, 'delete it and evaluate again', { cause: error });
  }
  return checkDocument(value, id);
}

export function checkDocument(value: unknown, id: string): EvaluationDoc {
  const parsed = schema.safeParse(value);
  if (parsed.success && parsed.data.id === id) return value as EvaluationDoc;
  const issue = parsed.error?.issues[0];
  throw new RunyardError('store_corrupt', `the evaluation ${id.slice(0, 8)} can't be read: ${issue ? `${issue.path.join('.')}: ${issue.message}` : 'its evaluation.json is of another one'}`, 'delete it and evaluate again; where it is of a newer Runyard, update');
}
