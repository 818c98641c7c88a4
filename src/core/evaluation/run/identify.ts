/** The identity of what is asked: the same data, model and question have one answer, wherever the files lie. */
import { createHash } from 'node:crypto';
import { RunyardError } from '../../base/errors';
import type { DataSpec, EvaluationRequest, ModelSpec } from '../../../protocol/evaluation/request';
import { createDatabase } from '../data/duckdb';
import { digestOf, findFiles } from '../data/files';
import { digestOfCommand, digestOfPath, digestOfTexts } from '../models/digest';
import { digestOfModelFile } from '../models/open';
import type { JobTable, Place } from '../process/jobs';
import { findFunction } from '../questions/custom/place';

/** Rises when a figure, an interval or the document changes its meaning: then nothing that is kept answers for it. */
export const FIGURES_VERSION = 2;

/** Reads the bytes of data and models and scores nothing. Names of files don't count, their bytes do; so do those of a person's own metrics and taggers. */
export const identify: JobTable['identify'] = async ({ request, ...place }, { signal, progress }) => {
  progress('reading', 0, 0);
  const dataDigest = await digestOfData(request.data, place, signal);
  const modelDigest = await digestOfModel(request.model, { dataDigest, place, signal });
  const baselineDigest = request.baseline ? await digestOfModel(request.baseline, { dataDigest, place, signal }) : null;
  const trainingDigest = request.training ? await digestOfData(request.training, place, signal) : null;
  const code = await Promise.all([...Object.values(request.metrics), ...request.slices.flatMap(({ tagger }) => tagger ?? [])].map(async (text) => digestOfPath((await findFunction(text, place.workspace)).file)));
  const id = createHash('sha256').update(canonical([FIGURES_VERSION, dataDigest, modelDigest, baselineDigest, trainingDigest, code, withoutFiles(request)])).digest('hex').slice(0, 32);
  return { id, dataDigest, modelDigest, baselineDigest };
};

/** Without reading them into a table, which is what costs. */
async function digestOfData(spec: DataSpec, { workspace, memory }: Place, signal: AbortSignal): Promise<string> {
  const database = await createDatabase({ memory });
  try {
    return await digestOf(spec, await database.use((session) => findFiles(session, spec, workspace), signal), signal);
  } finally {
    database.close();
  }
}

async function digestOfModel(spec: ModelSpec, { dataDigest, place, signal }: { dataDigest: string; place: Place; signal: AbortSignal }): Promise<string> {
  if (spec.file !== undefined) return await digestOfModelFile(spec.file, place.workspace);
  if (spec.command) return await digestOfCommand(spec.command, place.workspace);
  if (spec.predictions) {
    const { data, ...columns } = spec.predictions;
    return digestOfTexts(data ? await digestOfData(data, place, signal) : dataDigest, canonical(columns));
  }
  throw new RunyardError('bad_input', `the registered model ${spec.registered ?? ''} was not looked up`, 'give the file of the model');
}

/** Whatever is in a digest already is left out: paths, and where a registered model was found. */
function withoutFiles({ data, model, baseline, training, metrics, slices, ...rest }: EvaluationRequest): unknown {
  const plainModel = ({ name, mapping }: ModelSpec): unknown => ({ name, mapping });
  return {
    ...rest, data: { table: data.table, types: data.types }, model: plainModel(model), baseline: baseline && plainModel(baseline), training: training !== undefined,
    metrics: Object.entries(metrics).map(([name, text]) => [name, text.slice(text.lastIndexOf(':'))]), slices,
  };
}

/** Keys in order, nothing undefined: one text for one value. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : one);
}

/** Of the slices' definitions: what they are called and say, and what they are held against. */
export const slicesVersion = (slices: EvaluationRequest['slices']): string => createHash('sha256').update(canonical(slices)).digest('hex').slice(0, 16);
