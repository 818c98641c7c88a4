/** What would be evaluated, before it is: columns, the model's inputs and what feeds them, and guesses for what wasn't said. */
import { RunyardError } from '../../base/errors';
import type { ModelSpec, Task } from '../../../protocol/evaluation/request';
import type { Inspection, ModelFacts } from '../../../protocol/evaluation/result';
import { openData } from '../data/open';
import type { Data } from '../data/types';
import { openModel } from '../models/open';
import { readModel } from '../models/open-onnx';
import { shownShape } from '../models/mapping';
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
  const found = params.model ? await lookAtModel(params.model, { workspace, temp, data, id: id ?? undefined, label: label ?? '', exclude: [], task: params.task, python: params.python, signal }) : null;
  problems.push(...(found?.problems ?? []));
  const labels = label === null ? undefined : looked[label];
  const task = params.task ?? found?.task ?? guessTask(columns.find(({ name }) => name === label));
  return { data: { files: [...data.files], rows: data.rows, columns }, model: found?.facts ?? null, task, label, id, classes: task === 'regression' ? [] : [...(found?.classes ?? classesOf(labels))], problems };
};

const MOST_CLASSES = 200;
const classesOf = (labels: Looked | undefined): string[] => (labels && labels.values.size <= MOST_CLASSES ? sortedNames(labels.values) : []);

interface SeenModel { facts: ModelFacts | null; task: Task | null; classes: readonly string[] | null; problems: Inspection['problems'] }

async function lookAtModel(spec: ModelSpec, options: OpenModelOptions): Promise<SeenModel> {
  try {
    await using model = await openModel(spec, options);
    return { facts: model.facts, task: model.task, classes: model.classes, problems: [] };
  } catch (error) {
    if (!(error instanceof RunyardError) || error.code !== 'bad_input') throw error;
    return (await misfit(spec, options)) ?? { facts: null, task: null, classes: null, problems: [{ code: error.code, message: error.message, hint: error.hint }] };
  }
}

/** An ONNX model that the data don't feed: what it takes is shown all the same, each problem by itself. */
async function misfit(spec: ModelSpec, options: { workspace: string; data: Data } & OpenModelOptions): Promise<SeenModel | null> {
  if (spec.file === undefined) return null;
  const model = await readModel(spec, options).catch(() => null);
  if (!model || model.mapped.problems.length === 0) return null;
  const { name, path, digest, graph, inputs, mapped, roles } = model;
  return {
    task: roles.task, classes: roles.classes, problems: mapped.problems.map(({ code, message, hint }) => ({ code, message, hint })),
    facts: {
      name: spec.name ?? name, kind: 'onnx', digest, source: path, producer: graph.producer, notes: [...mapped.notes, ...roles.notes],
      inputs: inputs.map((input) => ({ name: input.name, type: input.type, shape: shownShape(input.shape), columns: mapped.feeds.find((feed) => feed.input === input)?.columns.map((column) => column.name) ?? [] })),
      mapping: { inputs: Object.fromEntries(mapped.feeds.map(({ input, columns }) => [input.name, { columns: columns.map((column) => column.name) }])) },
    },
  };
}
