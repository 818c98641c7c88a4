/** Whether the rows were seen in training, and what they hold that training didn't. */
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { Warning } from '../../../protocol/evaluation/result';
import { openData } from '../data/open';
import type { Data } from '../data/types';
import type { Place, Watch } from '../process/jobs';

export interface Trained { request: EvaluationRequest; data: Data; inputs: readonly string[]; place: Place }

/** More categories than this are texts. */
const mostCategories = 1000;

/** Nothing without training data. */
export async function trainingWarnings({ request, data, inputs, place: { workspace, temp, memory } }: Trained, { signal, progress }: Watch): Promise<Warning[]> {
  if (!request.training) return [];
  progress('training data', 0, 0);
  await using training = await openData(request.training, { workspace, temp, signal, ...(memory !== undefined && { memory }) });
  return await unseenCategories(data, training, inputs);
}

async function unseenCategories(data: Data, training: Data, inputs: readonly string[]): Promise<Warning[]> {
  const there = new Map(training.columns.map(({ name, type }) => [name, type]));
  const found: Warning[] = [];
  for (const { name, type } of data.columns) {
    if (type !== 'string' || !inputs.includes(name) || there.get(name) !== 'string') continue;
    const known = await training.frequent(name, mostCategories + 1);
    if (known.length > mostCategories) continue;
    const names = new Set(known.map(({ value }) => value));
    const unseen = (await data.frequent(name, mostCategories)).filter(({ value }) => !names.has(value));
    if (unseen.length === 0) continue;
    const count = unseen.reduce((sum, one) => sum + one.count, 0);
    found.push({ code: 'unseen_category', message: `${name} has ${unseen.length === 1 ? 'a value' : `${unseen.length} values`} that training didn't have, in ${count} rows: ${unseen.slice(0, 5).map(({ value }) => `"${value}"`).join(', ')}`, hint: 'the model treats them as it treats what it never saw', count });
  }
  return found;
}
