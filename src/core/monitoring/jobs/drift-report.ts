/** Drift of one data set from another, for the evaluator's process. */
import { openData } from '../../evaluation/data/open';
import type { Data } from '../../evaluation/data/types';
import type { JobTable } from '../../evaluation/process/jobs';
import { columnOf, compareSides, mustHave, shownOf, SIDE_MEMORY, type PredictionSources, type Side } from '../drift/compare';
import { sensitivity, sharesOf } from '../drift/importance';
import { openTwo } from '../drift/open-two';
import { predictionsOf, type Predicting } from '../drift/predictions';
import { renamedByValues } from '../drift/renamed';
import { schemaChanges } from '../drift/schema';
import type { DriftRequest } from '../../../protocol/drift';

/** Throws not_found for a column that was asked for and a side hasn't; bad_input for a label that isn't there; what reading and the model throw. */
export const driftReport: JobTable['driftReport'] = async (params, watch) => {
  const began = performance.now();
  const { workspace, temp, memory, python, request, created } = params;
  const { signal } = watch;
  const options = { workspace, temp, signal, memory: memory ?? SIDE_MEMORY };
  watch.progress('reading data', 0, 0);
  await using opened = await openTwo(openData(request.reference, options), openData(request.current, options));
  const { one: reference, other: current } = opened;
  const { columns, label } = request;
  for (const name of [...(columns ?? []), ...(label === undefined ? [] : [label])]) for (const data of [reference, current]) mustHave(data, name);
  const names = columns ?? reference.columns.map(({ name }) => name).filter((name) => name !== label && columnOf(current, name));
  const place = { workspace, temp, python, signal };
  const side = (data: Data): Side => ({ data, shown: shownOf(data), label: label ?? null, predictions: (progress) => askedPredictions(data, request, { ...place, progress }) });
  return await compareSides({ reference: side(reference), current: side(current) }, {
    request, created, began, names, schema: await renamedByValues({ reference, current }, schemaChanges(reference.columns, current.columns), signal), watch,
    importance: () => importanceOf(reference, request, { ...place, progress: (done, total) => watch.progress('what the model looks at', done, total) }),
  });
};

/** What the model says of each row; nothing where there is no model. */
export async function askedPredictions(data: Data, request: DriftRequest, place: Predicting): Promise<PredictionSources> {
  return new Map([...(await predictionsOf(data, request, place))].map(([name, { values, type }]) => [name, { source: { values }, type }]));
}

/** As it is given, else by asking the model; null where there is neither. */
export async function importanceOf(reference: Data, request: DriftRequest, place: Predicting): Promise<Record<string, number> | null> {
  return request.importance ? sharesOf(request.importance) : await sensitivity(reference, request, place);
}
