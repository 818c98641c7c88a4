/** What would be evaluated, before it is: columns, the model's inputs and what feeds them, and guesses for what wasn't said. */
import { RunyardError } from '../../base/errors';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { Inspection } from '../../../protocol/evaluation/result';
import { openData } from '../data/open';
import { lookAtModel, type LookedAt } from '../models/open';
import type { OpenModelOptions } from '../models/types';
import type { JobTable } from '../process/jobs';
import { sortedNames } from '../run/labels';
import { guessId, guessLabel, guessTask } from './inspect-guesses';
import { lookAt, type Looked } from './inspect-columns';

/** `distinct` is counted up to 10,000. The model is looked at only where the label is known: which columns feed it depends on it. Problems of the mapping are listed, not thrown; what can't be opened at all is thrown. */
export const inspect: JobTable['inspect'] = async (params, { signal, progress }) => {
  const { workspace, temp, memory } = params;
  progress('reading data', 0, 0);
  await using data = await openData(params.data, { workspace, temp, signal, ...(memory !== undefined && { memory }) });
  const looked = await lookAt(data, { signal, progress: (done) => progress('looking at columns', done, data.rows) });
  const columns = data.columns.map(({ name, type, stored }) => ({ name, type, stored, missing: looked[name]?.missing ?? 0, distinct: looked[name]?.distinct ?? 0, examples: looked[name]?.examples ?? [] }));
  const problems: Inspection['problems'] = [];
  for (const [what, name] of [['label', params.label], ['id', params.id]] as const) {
    if (name !== undefined && !columns.some((column) => column.name === name)) problems.push({ code: `${what}_not_found`, message: `the data have no column ${name}, which was to be the ${what}`, hint: `they have ${columns.map((column) => column.name).join(', ')}` });
  }
  const label = columns.find(({ name }) => name === params.label)?.name ?? guessLabel(columns);
  const id = columns.find(({ name }) => name === params.id)?.name ?? guessId(columns, data.rows, label);
  const found = params.model ? await modelOf(params.model, { workspace, temp, data, id: id ?? undefined, label: label ?? '', exclude: [], task: params.task, python: params.python, signal }) : null;
  problems.push(...(found?.problems ?? []));
  const labels = label === null ? undefined : looked[label];
  const task = params.task ?? found?.task ?? guessTask(columns.find(({ name }) => name === label));
  return { data: { files: [...data.files], rows: data.rows, columns }, model: found?.facts ?? null, task, label, id, classes: task === 'regression' ? [] : [...(found?.classes ?? classesOf(labels))], problems };
};

const MOST_CLASSES = 200;
const classesOf = (labels: Looked | undefined): string[] => (labels && labels.values.size <= MOST_CLASSES ? sortedNames(labels.values) : []);

/** A model that can't be opened with these data is a problem to show; one that isn't there is an error. */
async function modelOf(spec: ModelSpec, options: OpenModelOptions): Promise<Partial<LookedAt> & Pick<LookedAt, 'problems'>> {
  try {
    return await lookAtModel(spec, options);
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'bad_input') throw error;
    return { problems: [{ code: error.code, message: error.message, hint: error.hint }] };
  }
}
