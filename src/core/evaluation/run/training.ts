/** Whether the rows were seen in training, and what they hold that training didn't. */
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { Warning } from '../../../protocol/evaluation/result';
import { openData } from '../data/open';
import { overlap, type Seen } from '../data/overlap';
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
  return [...(await seenRows({ data, training, signal }, request)), ...(await unseenCategories(data, training, inputs))];
}

/** Over all columns that both have, but for what says which row it is. */
async function seenRows({ data, training, signal }: { data: Data; training: Data; signal: AbortSignal }, { id, split }: EvaluationRequest): Promise<Warning[]> {
  const columns = data.columns.flatMap(({ name }) => (name === id || name === split ? [] : [name]));
  const found = await overlap(data, training, { columns, signal });
  if (!found) return [];
  const over = `the ${found.columns.length === 1 ? 'column' : `${found.columns.length} columns`} that both have (${found.columns.slice(0, 6).join(', ')}${found.columns.length > 6 ? ' ...' : ''})`;
  const told = ({ count, rows }: Seen, how: string): Warning[] => (count === 0 ? [] : [{
    code: 'seen_in_training', message: `${count} of ${data.rows} rows ${how} (first: row ${rows[0] ?? 0}), over ${over}`, hint: 'a model may know them by heart: leave them out, or judge it on other rows', count, rows: rows.slice(0, 20),
  }]);
  return [...told(found.exact, 'are in the training data too'), ...told(found.near, 'are in the training data but for rounding, case or spaces')];
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
