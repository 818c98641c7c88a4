/** Looking at evaluations, and the slices they are made of. */
import { RunyardError } from '../../core/base/errors';
import type { EvaluationSummary } from '../../protocol/evaluation/result';
import type { SliceDraft } from '../forms/slice-rows';
import type { Host } from '../host';
import type { Handlers } from './parts';

export function evaluationsCommands(host: Host): Handlers {
  return {
    'runyard.openEvaluation': async ([first]) => {
      const shown = await meant(host, first, 'Open Evaluation');
      if (shown) (await import('../panels/evaluation')).openEvaluation(host, shown);
    },
    'runyard.findSlices': async ([first]) => {
      const shown = await meant(host, first, 'Find Slices in');
      if (shown) (await import('../panels/evaluation')).openEvaluation(host, shown, { part: 'discovery' });
    },
    'runyard.newSlice': ([first]) => newSlice(host, draftOf(first)),
  };
}

/** By its id, or picked. */
async function meant(host: Host, id: unknown, title: string): Promise<Pick<EvaluationSummary, 'id' | 'name'> | undefined> {
  if (typeof id === 'string') return host.engine.request('evaluations.get', { evaluation: id });
  const { pickEvaluation } = await import('../evaluation/history');
  return pickEvaluation(host, { title });
}

/** What our own parts fill in beforehand. */
function draftOf(value: unknown): Partial<SliceDraft> {
  if (typeof value !== 'object' || value === null) return {};
  return {
    ...('name' in value && typeof value.name === 'string' ? { name: value.name } : {}),
    ...('where' in value && typeof value.where === 'string' ? { where: value.where } : {}),
  };
}

async function newSlice(host: Host, start: Partial<SliceDraft>): Promise<void> {
  const { mayReplace, sliceForm } = await import('../forms/slice');
  const slice = await sliceForm(host, start);
  if (!slice) return;
  try {
    await host.engine.request('evaluations.saveSlice', slice);
  } catch (error) {
    if (!(error instanceof RunyardError) || !['already_exists', 'conflict'].includes(error.code)) throw error;
    if (!(await mayReplace(slice.name))) return;
    await host.engine.request('evaluations.saveSlice', { ...slice, replace: true });
  }
  const { openEntry } = await import('../evaluation/place');
  await openEntry(host, 'slices', slice.name);
}
