/** Monitoring as the engine offers it. */
import type { z } from 'zod';
import type { Clock } from '../../base/clock';
import { disposables, type Disposable } from '../../base/disposable';
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import { wholeEvaluation } from '../../config/short-forms';
import { createJobTable, type Asker } from '../../evaluation/service/jobs';
import type { Reporting } from '../../evaluation/service/for-monitoring';
import { driftRequest, type DriftRequest } from '../../../protocol/drift';
import type { EngineEvents, MethodArgs, MethodName, MethodResults } from '../../../protocol/engine';

export type MonitoringMethod = Extract<MethodName, `drift.${string}`>;
export type MonitoringHandlers = { [M in MonitoringMethod]: (args: MethodArgs<M>, asker?: Asker) => Promise<MethodResults[M]> };
export interface MonitoringOptions { clock: Clock; reporting: Reporting; onProgress(progress: EngineEvents['evaluating']): void }
export interface Monitoring extends Disposable { handlers: MonitoringHandlers; busy(): boolean }

export function createMonitoring({ clock, reporting, onProgress }: MonitoringOptions): Monitoring {
  const all = disposables();
  const jobs = all.add(createJobTable(onProgress));
  return {
    handlers: {
      'drift.run': ({ job, request, python }, asker) => jobs.run(job, asker, (watching) => reporting.drift(requestOf(request), { created: Math.round(clock() * 1000), python }, watching)),
      'drift.cancel': async ({ job }) => ({ stopped: jobs.cancel(job) }),
    },
    busy: () => jobs.busy(), dispose: () => all.dispose(),
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
