/** What is asked of an evaluation, whole: what runyard.yaml says, and before it what the caller says. Pure. */
import path from 'node:path';
import type { z } from 'zod';
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { LoadedConfig } from '../../config/load';
import { wholeEvaluation } from '../../config/short-forms';
import { evaluationRequest, type DataSpec, type EvaluationInput, type EvaluationRequest } from '../../../protocol/evaluation/request';

export interface Asked { configured?: string | undefined; request?: Record<string, unknown> | undefined }

/** Throws not_found for an evaluation that runyard.yaml doesn't have, bad_input naming what is missing or wrong. */
export function requestOf(loaded: LoadedConfig, { configured, request = {} }: Asked): EvaluationRequest {
  const base = configured === undefined ? {} : configuredRequest(loaded, configured);
  for (const part of Object.keys(request)) refuseUnknown(part);
  const said = wholeEvaluation(Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined))) as Partial<EvaluationInput>;
  const whole = { ...base, ...(configured !== undefined && { name: configured }), ...said };
  for (const part of ['model', 'data', 'label'] as const) if (whole[part] === undefined) throw missing(part, configured);
  const parsed = evaluationRequest.safeParse(whole);
  if (!parsed.success) throw new RunyardError('bad_input', `the evaluation can't be made: ${faults(parsed.error)}`, 'mend the named parts');
  return { ...parsed.data, name: parsed.data.name ?? nameOf(parsed.data.data) };
}

function configuredRequest({ config, problems, file }: LoadedConfig, name: string): Partial<EvaluationInput> {
  const found = Object.hasOwn(config.evaluations, name) ? config.evaluations[name] : undefined;
  if (found) return found.request;
  const wrong = problems.find(({ severity, message }) => severity === 'error' && message.startsWith(`evaluations.${name}`));
  if (wrong) throw new RunyardError('bad_input', `${wrong.file}:${wrong.line}: ${wrong.message}`, 'mend it there');
  const all = Object.keys(config.evaluations);
  const near = nearest(name, all);
  const hint = near ? `did you mean '${near}'?` : all.length > 0 ? `there are ${all.join(', ')}` : `name it under evaluations: in ${file ?? 'runyard.yaml'}`;
  throw new RunyardError('not_found', `${file ?? 'runyard.yaml'} has no evaluation '${name}'`, hint);
}

const PARTS = Object.keys(evaluationRequest.shape);
function refuseUnknown(part: string): void {
  if (PARTS.includes(part)) return;
  const near = nearest(part, PARTS);
  throw new RunyardError('bad_input', `an evaluation has no part '${part}'`, near ? `did you mean '${near}'?` : `its parts are ${PARTS.join(', ')}`);
}

const SAY: Readonly<Record<'model' | 'data' | 'label', string>> = { model: '--model FILE', data: '--data FILE', label: '--label COLUMN' };
function missing(part: keyof typeof SAY, configured: string | undefined): RunyardError {
  return new RunyardError('bad_input', `the evaluation${configured === undefined ? '' : ` '${configured}'`} has no ${part}`, `give ${SAY[part]}, or ${part}: under evaluations: in runyard.yaml`);
}

const faults = (error: z.ZodError): string => error.issues.map(({ path: at, message }) => [...at.map(String)].join('.').concat(at.length > 0 ? ': ' : '', message.replace(/^Invalid input: /, ''))).join('; ');

/** Evaluations on the same data are one history unless they are named: 'test' for data/test.csv. */
export function nameOf({ files, table }: DataSpec): string {
  const plain = (files[0] ?? '').split(/[\\/]/).filter((part) => part !== '' && !/[*?[\]{}]/.test(part)).at(-1) ?? '';
  const stem = path.basename(plain, path.extname(plain));
  return [stem || 'data', ...(table === undefined ? [] : [table])].join('.');
}
