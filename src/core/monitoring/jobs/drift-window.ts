/** Drift of a window of a log from its reference, for the evaluator's process. */
import { RunyardError } from '../../base/errors';
import type { Values } from '../../evaluation/data/types';
import type { JobTable } from '../../evaluation/process/jobs';
import { driftRequest, type DriftDoc, type DriftRequest } from '../../../protocol/drift';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { columnOf, compareSides, type Side } from '../drift/compare';
import { alike, importedLabels } from '../drift/label';
import { aboutTheLog, loggedPredictions } from '../drift/logged';
import { openFiles, openWindow, specOf, windowSpec, type OpenedWindow } from '../drift/open-window';
import { renamedByValues } from '../drift/renamed';
import { windowSchema } from '../drift/schema';
import { openLabels } from '../feedback/labels';
import { askedPredictions, importanceOf } from './drift-report';

/**
 * Predictions are the log's own; a reference that holds none has the model asked, where one is named. A side without rows is no error: the report then says that nobody
 * can tell. Throws not_found and bad_input as reading does.
 */
export const driftWindow: JobTable['driftWindow'] = async (params, watch) => {
  const began = performance.now();
  const { log, window, reference: wanted, created, temp, workspace, python } = params;
  const { signal } = watch;
  const serving = log.kind === 'serving';
  const request = driftRequest.parse({ ...params.request, reference: specOf(wanted, log), current: windowSpec(log, window) });
  watch.progress('reading data', 0, 0);
  await using current = await openWindow(log, window, params, signal);
  if ('empty' in current) return nothing(request, { created, began, why: current.empty });
  await using reference = 'data' in wanted ? await openFiles(wanted.data, log.columns, params, signal) : await openWindow(log, wanted.window, params, signal);
  if ('empty' in reference) return nothing(request, { created, began, why: `the reference: ${reference.empty}`, current });
  const aside = aboutTheLog(current.columns, serving);
  const label = 'data' in wanted && wanted.label !== null ? wanted.label : reference.columns.label;
  const inputs = reference.data.columns.filter(({ name }) => !aside(name) && name !== label);
  for (const name of request.columns ?? []) if (![reference, current].some(({ data }) => columnOf(data, name))) throw new RunyardError('not_found', `neither the log nor its reference has a column ${name}`, `the log has ${current.data.columns.map((one) => one.name).filter((one) => !aside(one)).slice(0, 30).join(', ')}`);
  const names = inputs.map(({ name }) => name).filter((name) => columnOf(current.data, name) && (request.columns?.includes(name) ?? true));
  const place = { workspace, temp, python, signal, exclude: [...reference.data.columns.map(({ name }) => name).filter(aside), ...(label === null ? [] : [label])] };
  const leftOut: DriftDoc['leftOut'] = [];
  // A log may lack what the model reads, such as personal columns: then the columns are compared all the same.
  const orLeftOut = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => work().catch((error: unknown) => {
    if (!(error instanceof RunyardError) || signal.aborted) throw error;
    leftOut.push({ column: what, why: error.message });
    return otherwise;
  });
  const imports = await openLabels(log.labels, { workspace, temp, signal });
  leftOut.push(...imports.unreadable.map(({ file, why }) => ({ column: `labels in ${file}`, why })));
  const told = 'data' in wanted ? undefined : await importedLabels(reference, imports, signal);
  const said = await importedLabels(current, imports, signal);
  const before = told?.type ?? (label === null ? undefined : columnOf(reference.data, label)?.type);
  const side = ({ data, shown, columns }: OpenedWindow, its: string | null, { ask, labels }: { ask: boolean; labels: Values | undefined }): Side => ({
    data, shown, labels, label: its !== null && columnOf(data, its) ? its : labels ? (its ?? label ?? 'true label') : null,
    predictions: async (progress) => {
      const logged = await loggedPredictions(data, columns, request);
      return logged.size > 0 || !ask || !params.model ? logged : await orLeftOut('predictions', logged, () => askedPredictions(data, { ...request, model: params.model }, { ...place, progress }));
    },
  });
  const schema = await renamedByValues({ reference: reference.data, current: current.data }, windowSchema({ reference: inputs, current: current.data.columns.filter(({ name }) => !aside(name)) }, { columns: request.columns, training: 'data' in wanted && serving }), signal);
  return await compareSides({ reference: side(reference, label, { ask: 'data' in wanted, labels: told }), current: side(current, current.columns.label, { ask: false, labels: said && alike(said, before) }) }, {
    request, created, began, names, leftOut, schema, watch,
    importance: () => orLeftOut('importance', null, () => importanceOf(reference.data, { ...request, ...(params.model && { model: params.model }) }, { ...place, progress: (done, total) => watch.progress('what the model looks at', done, total) })),
  });
};

function nothing(request: DriftRequest, { created, began, why, current }: { created: number; began: number; why: string; current?: OpenedWindow }): DriftDoc {
  const none = ({ files }: DataSpec): DriftDoc['current'] => ({ files, rows: 0, digest: '', bytes: 0 });
  return {
    version: 1, created, duration: (performance.now() - began) / 1000, reference: none(request.reference), current: current?.shown ?? none(request.current), request,
    columns: {}, label: null, predictions: {}, schema: [], leftOut: [], drifted: [], outcome: 'cannot tell', reasons: [why],
  };
}
