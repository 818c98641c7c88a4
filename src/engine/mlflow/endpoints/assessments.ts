/** What is thought of traces. Source: MLflow REST API 3.0, assessments. */
import * as z from 'zod';
import type { MlflowContext } from '../context';
import { required, text } from '../fields';
import { route, type Call, type Route } from '../router';
import { assessment, createAssessment, deleteAssessment, getAssessment, updateAssessment, wireAssessment, type AssessmentInput } from '../traces/assessments';

const B = '/api/3.0/mlflow/traces/:trace_id/assessments';
const one = z.object({ trace_id: required, assessment_id: required });
/** 'assessmentName,metadata', as proto3 JSON writes a field mask. */
const mask = z.union([text, z.object({ paths: z.array(text) }).transform(({ paths }) => paths.join(','))])
  .transform((paths) => paths.split(',').map((path) => path.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).filter((path) => path !== ''));

export function assessmentRoutes(context: MlflowContext): Route[] {
  return [
    route(`POST ${B}`, z.object({ trace_id: required, assessment }), ({ trace_id: trace, assessment: input }, call) =>
      ({ assessment: wireAssessment(createAssessment(context, trace, exact(input, call)), trace) })),
    route(`GET ${B}/:assessment_id`, one, ({ trace_id: trace, assessment_id: id }) => ({ assessment: wireAssessment(getAssessment(context, trace, id).found, trace) })),
    route(`PATCH ${B}/:assessment_id`, one.extend({ assessment, update_mask: mask }), ({ trace_id: trace, assessment_id: id, assessment: input, update_mask: paths }, call) =>
      ({ assessment: wireAssessment(updateAssessment(context, trace, { id, assessment: exact(input, call), paths }), trace) })),
    route(`DELETE ${B}/:assessment_id`, one, ({ trace_id: trace, assessment_id: id }) => {
      deleteAssessment(context, trace, id);
      return {};
    }),
  ];
}

const fieldOf = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined);

/** Within a value null is a value, not an absence. */
function exact(input: AssessmentInput, { input: fields }: Call): AssessmentInput {
  const value = (kind: string): unknown => fieldOf(fieldOf(fieldOf(fields, 'assessment'), kind), 'value');
  return {
    ...input, ...(input.feedback ? { feedback: { ...input.feedback, value: value('feedback') } } : {}),
    ...(input.expectation ? { expectation: { ...input.expectation, value: value('expectation') } } : {}),
  };
}
