/** An evaluation from beginning to end: data and models are opened, rows scored, figures taken, and all of it written. */
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { EvaluationDoc, Warning } from '../../../protocol/evaluation/result';
import { openData } from '../data/open';
import type { Data } from '../data/types';
import { openModel } from '../models/open';
import type { OpenModelOptions, Predictor } from '../models/types';
import type { JobTable, Place, Watch } from '../process/jobs';
import { threadScript } from '../process/thread-script';
import { tagRows } from '../questions/custom/taggers';
import { customFor } from './custom';
import { ageWarnings, dataFacts, duplicateIds, emptySlices, unscoredFacts, unscoredWarning } from './facts';
import { slicesVersion } from './identify';
import { judge } from './judge';
import { inUnit, sayOf, type RawOutput } from './outputs';
import { save } from './save';
import type { Scored } from './scored';
import { passOver } from './scoring';
import { trainingWarnings } from './training';
import { truthOf, type Truth } from './truth';
import { versions } from './versions';

export const evaluate: JobTable['evaluate'] = async (params, watch) => {
  const started = performance.now();
  const { folder, id, request, created, looks } = params;
  watch.progress('opening', 0, 0);
  await using data = await openFor(request, params, watch.signal);
  await using model = await openModel(request.model, optionsFor(request, data, { ...params, signal: watch.signal }));
  await using baseline = request.baseline ? await openModel(request.baseline, optionsFor(request, data, { ...params, signal: watch.signal })) : null;
  const { scored, truth, warnings } = await scoredOf({ request, data, model, baseline }, params, watch);
  const roles = { label: request.label, id: request.id, split: request.split, inputs: new Set([...model.columns, ...(baseline?.columns ?? [])]), predictions: predictionColumns(request) };
  const facts = await dataFacts(data, roles, { request, looks });
  const unscored = unscoredFacts(scored.model.unscored, scored.ids);
  const baselineUnscored = scored.baseline && unscoredFacts(scored.baseline.unscored, scored.ids);
  const custom = Object.keys(request.metrics).length > 0 ? customFor({ request, data, scored, place: { ...params, signal: watch.signal } }) : undefined;
  const judged = await judge(scored, request, { drawing: { signal: watch.signal, script: threadScript() }, custom, step: watch.progress });
  const all: Warning[] = [
    ...warnings, ...emptySlices(request.slices, scored), ...(await duplicateIds(data, request.id, watch.signal)), ...unscoredWarning(unscored, scored.rows, model.facts.name),
    ...(baselineUnscored && baseline ? unscoredWarning(baselineUnscored, scored.rows, baseline.facts.name) : []), ...ageWarnings(facts, request, created),
    ...(await trainingWarnings({ request, data, inputs: model.columns, place: params }, watch)),
  ];
  refuseStopped(watch.signal);
  watch.progress('writing', 0, 0);
  const doc: EvaluationDoc = {
    format: 1, id, name: request.name ?? `${model.facts.name} on ${facts.name}`, created, duration: (performance.now() - started) / 1000, versions: versions(), request,
    model: model.facts, baseline: baseline?.facts ?? null, data: facts, task: truth.task, label: request.label, classes: [...truth.classes],
    positive: truth.positive === null ? null : (truth.classes[truth.positive] ?? null), threshold: request.threshold ?? null,
    slicesVersion: slicesVersion(request.slices), unscored, baselineUnscored, warnings: all, ...judged,
  };
  return await save(folder, doc, scored);
};

async function openFor(request: EvaluationRequest, { workspace, temp, memory }: Place, signal: AbortSignal): Promise<Data> {
  const data = await openData(request.data, { workspace, temp, signal, ...(memory !== undefined && { memory }) });
  try {
    if (data.rows === 0) throw new RunyardError('bad_input', `${data.files.join(', ')} ${data.files.length === 1 ? 'has' : 'have'} no rows`, 'give a file with rows to evaluate on');
    const names = new Set(data.columns.map(({ name }) => name));
    for (const [what, name] of Object.entries({ label: request.label, id: request.id, split: request.split })) {
      if (name !== undefined && !names.has(name)) throw new RunyardError('bad_input', `there is no column ${name} for the ${what} in ${data.files[0] ?? 'the data'}`, `its columns are ${[...names].slice(0, 20).join(', ')}${names.size > 20 ? ' ...' : ''}`);
    }
    return data;
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
}

function optionsFor(request: EvaluationRequest, data: Data, { workspace, temp, python, signal }: Place & { signal: AbortSignal }): OpenModelOptions {
  return { workspace, temp, data, id: request.id, label: request.label, exclude: request.split === undefined ? [] : [request.split], python, signal, task: request.task, classes: request.classes };
}

interface Opened { request: EvaluationRequest; data: Data; model: Predictor; baseline: Predictor | null }

/** Every row scored, and which slices it is in. */
async function scoredOf({ request, data, model, baseline }: Opened, place: Place, { signal, progress }: Watch): Promise<{ scored: Scored; truth: Truth; warnings: Warning[] }> {
  const slices = await membersOf(request, data, { ...place, signal });
  const ids = await data.ids(request.id);
  const { labels, split, outputs } = await passOver({ data, label: request.label, split: request.split ?? null, models: baseline ? [model, baseline] : [model], signal, progress: (done, total) => progress('scoring', done, total) });
  const [output, other] = outputs as [RawOutput, RawOutput?];
  const truth = truthOf(labels, { task: model.task, classes: model.classes, names: output.names, width: output.width, inUnit: inUnit(output) }, request);
  const threshold = request.threshold ?? null;
  const own = sayOf(output, truth, { classes: model.classes, threshold, who: model.facts.name });
  const others = baseline && other ? sayOf(other, truth, { classes: baseline.classes, threshold, who: baseline.facts.name }) : null;
  const scored: Scored = {
    rows: data.rows, task: truth.task, classes: truth.classes, positive: truth.positive, ids, truth: truth.codes, truthNumbers: truth.numbers, unlabelled: truth.unlabelled,
    model: own.model, baseline: others?.model ?? null, split, slices,
  };
  return { scored, truth, warnings: [...truth.warnings, ...own.warnings, ...(others?.warnings ?? [])] };
}

/** One pass over the data for all predicates; each tagger by itself. */
async function membersOf({ slices }: EvaluationRequest, data: Data, place: Place & { signal: AbortSignal }): Promise<Uint8Array[]> {
  const predicates = slices.flatMap(({ where }) => where ?? []);
  const found = predicates.length > 0 ? await data.members(predicates, place.signal) : [];
  let at = 0;
  const members: Uint8Array[] = [];
  for (const { where, tagger } of slices) members.push(where === undefined ? await tagRows(tagger ?? '', data, place) : (found[at++] ?? new Uint8Array(data.rows)));
  return members;
}

function predictionColumns({ model, baseline }: EvaluationRequest): Set<string> {
  const of = [model, baseline].flatMap((one) => (one?.predictions && !one.predictions.data ? [one.predictions] : []));
  return new Set(of.flatMap(({ column, probabilities }) => [...(column === undefined ? [] : [column]), ...(probabilities === undefined ? [] : typeof probabilities === 'string' ? [probabilities] : Object.values(probabilities))]));
}
