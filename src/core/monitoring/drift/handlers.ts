/** Drift reports that are asked for by hand. */
import type { z } from 'zod';
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { wholeEvaluation } from '../../config/short-forms';
import type { Reporting } from '../../evaluation/service/for-monitoring';
import { driftRequest, type DriftRequest } from '../../../protocol/drift';
import type { MonitoringHandlers, MonitoringMethod } from '../service/handlers';
import type { MonitoringContext } from '../types';

export function drifting({ clock, jobs, ask }: MonitoringContext, reporting: Reporting): Pick<MonitoringHandlers, Extract<MonitoringMethod, `drift.${string}`>> {
  return {
    'drift.run': ({ job, request, python }, asker) => jobs.run(job, asker, (watching) => reporting.drift(requestOf(request), { created: Math.round(clock() * 1000), python }, watching)),
    'drift.cancel': async ({ job }) => ({ stopped: jobs.cancel(job) }),
    'drift.column': ({ reference, current, ...rest }) => ask('driftColumn', { sides: { reference, current }, ...rest }),
    'drift.examples': ({ reference, current, ...rest }) => ask('driftExamples', { sides: { reference, current }, ...rest }),
  };
}

/** Short forms of data and model are made whole. Throws bad_input naming what is missing or wrong. */
export function requestOf(asked: Readonly<Record<string, unknown>>): DriftRequest {
  const parts = Object.keys(driftRequest.shape);
  const strange = Object.keys(asked).find((part) => !parts.includes(part));
  if (strange !== undefined) {
    const near = nearest(strange, parts);
    throw new RunyardError('bad_input', `a drift report has no part '${strange}'`, near ? `did you mean '${near}'?` : `its parts are ${parts.join(', ')}`);
  }
  const { reference, current, ...rest } = asked;
  for (const [name, data] of [['reference', reference], ['current', current]] as const) if (data === undefined) throw new RunyardError('bad_input', `the drift report has no ${name} data`, `give --${name} FILES`);
  const data = (value: unknown): unknown => (wholeEvaluation({ data: value }) as { data: unknown }).data;
  const parsed = driftRequest.safeParse({ ...(wholeEvaluation(rest) as object), reference: data(reference), current: data(current) });
  if (!parsed.success) throw new RunyardError('bad_input', `the drift report can't be made: ${faults(parsed.error)}`, 'mend the named parts');
  return parsed.data;
}

const faults = (error: z.ZodError): string => error.issues.map(({ path, message }) => [path.map(String).join('.'), message.replace(/^Invalid input: /, '')].filter(Boolean).join(': ')).join('; ');
