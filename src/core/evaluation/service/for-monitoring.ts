/** What monitoring asks of the evaluator's process. */
import type { DriftDoc, DriftRequest } from '../../../protocol/drift';
import type { ServiceContext } from './context';
import type { Watching } from './jobs';

export interface Reporting { drift(request: DriftRequest, how: { created: number; python: string | undefined }, watching: Watching): Promise<DriftDoc> }

export function reportingFor(context: ServiceContext): Reporting {
  const { evaluator, library, workspace } = context;
  return {
    drift: ({ model, ...request }, { created, python }, watching) => {
      const found = model && context.findModel(model).spec;
      return library.aside((temp) => evaluator.alone('driftReport', { workspace, temp, python: context.python(python), created, request: { ...request, ...(found && { model: found }) } }, watching));
    },
  };
}
