/** What monitoring asks of the evaluator's process. */
import type { DriftDoc, DriftRequest } from '../../../protocol/drift';
import type { JobName, JobParams, JobResult } from '../process/jobs';
import type { ServiceContext } from './context';
import type { Watching } from './jobs';

/** Params without what is the same for all of them. */
export type Asked<K extends JobName> = Omit<JobParams<K>, 'workspace' | 'temp' | 'python' | 'memory'>;
export interface Reporting {
  drift(request: DriftRequest, how: { created: number; python: string | undefined }, watching: Watching): Promise<DriftDoc>;
  /** in a process of its own */
  work<K extends JobName>(name: K, params: Asked<K>, how: { watching: Watching; python?: string | undefined }): Promise<JobResult<K>>;
  /** a short question, to the process that stays */
  ask<K extends JobName>(name: K, params: Asked<K>): Promise<JobResult<K>>;
}

export function reportingFor(context: ServiceContext): Reporting {
  const { evaluator, library, workspace } = context;
  const work: Reporting['work'] = (name, params, { watching, python }) =>
    library.aside((temp) => evaluator.alone(name, { ...params, workspace, temp, python: context.python(python) } as unknown as JobParams<typeof name>, watching));
  return {
    work,
    ask: (name, params) => library.aside((temp) => evaluator.ask(name, { ...params, workspace, temp, python: context.python(undefined) } as unknown as JobParams<typeof name>)),
    async drift({ model, ...request }, { created, python }, watching) {
      const found = model && (await context.findModel(model)).spec;
      return await work('driftReport', { created, request: { ...request, ...(found && { model: found }) } }, { watching, python });
    },
  };
}
