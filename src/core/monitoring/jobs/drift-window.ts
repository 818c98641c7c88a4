/** Drift of a window of a log from its reference, for the evaluator's process. */
import { RunyardError } from '../../base/errors';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions } from '../../evaluation/data/types';
import type { JobTable, Place } from '../../evaluation/process/jobs';
import type { LogColumns, LogPlace, LogWindow, ReferencePlace } from '../../domain/log-place';
import { driftRequest, type DriftDoc, type DriftRequest } from '../../../protocol/drift';
import type { DataSpec } from '../../../protocol/evaluation/request';
import { columnOf, compareSides, shownOf, type Side } from '../drift/compare';
import { aboutTheLog, loggedPredictions } from '../drift/logged';
import { windowSchema } from '../drift/schema';
import { resolveLog } from '../log/open';
import { askedPredictions } from './drift-report';

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
  const place = { workspace, temp, python, signal };
  const side = ({ data, shown, columns }: Opened, its: string | null, ask: boolean): Side => ({
    data, shown, label: its !== null && columnOf(data, its) ? its : null,
    predictions: async (progress) => {
      const logged = await loggedPredictions(data, columns, request);
      return logged.size > 0 || !ask || !params.model ? logged : await askedPredictions(data, { ...request, model: params.model }, { ...place, progress });
    },
  });
  const schema = windowSchema({ reference: inputs, current: current.data.columns.filter(({ name }) => !aside(name)) }, { columns: request.columns, training: 'data' in wanted && serving });
  return await compareSides({ reference: side(reference, label, 'data' in wanted), current: side(current, current.columns.label, false) }, { request, created, began, names, schema, watch });
};

interface Opened extends AsyncDisposable { data: Data; shown: DriftDoc['current']; columns: LogColumns }
interface Empty extends AsyncDisposable { empty: string }
const empty = (why: string): Empty => ({ empty: why, [Symbol.asyncDispose]: () => Promise.resolve() });

async function openWindow(log: LogPlace, window: LogWindow, { workspace, temp, memory }: Place, signal: AbortSignal): Promise<Opened | Empty> {
  const resolved = await resolveLog(log, window, { workspace, temp, signal });
  if (!resolved) return empty(`there is no file of ${textOf(window)}`);
  return await orEmpty(resolved.data, { workspace, temp, signal, ...(memory !== undefined && { memory }) }, (data) => ({
    data, columns: resolved.columns, shown: { ...shownOf(data), files: windowSpec(log, window).files }, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  }));
}

const openFiles = (spec: DataSpec, columns: LogColumns, { workspace, temp, memory }: Place, signal: AbortSignal): Promise<Opened | Empty> =>
  orEmpty(spec, { workspace, temp, signal, ...(memory !== undefined && { memory }) }, (data) => ({ data, columns, shown: shownOf(data), [Symbol.asyncDispose]: () => data[Symbol.asyncDispose]() }));

async function orEmpty<T>(spec: DataSpec, options: OpenOptions, made: (data: Data) => T): Promise<T | Empty> {
  try {
    return made(await openData(spec, options));
  } catch (error) {
    if (hasNoRows(error)) return empty(`${error.message}: ${error.hint}`);
    throw error;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
const textOf = ({ from, to }: LogWindow): string => `the time${from === null ? '' : ` from ${iso(from)}`}${to === null ? '' : ` to ${iso(to)}`}`;
const specOf = (wanted: ReferencePlace, log: LogPlace): DataSpec => ('data' in wanted ? wanted.data : windowSpec(log, wanted.window));

/** Where the rows are, for whoever asks for more of them later: without what a running server hasn't settled yet. */
function windowSpec(log: LogPlace, { from, to, weekdays, hours, version, roles = ['live', 'canary'] }: LogWindow): DataSpec {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const data: DataSpec = log.kind === 'files' ? log.data : { files: [`${log.folder}/date=*/*.parquet`], format: 'parquet', types: {}, union: true };
  const { time, role, version: versions } = log.columns;
  const conditions = [
    ...(data.where === undefined ? [] : [`(${data.where})`]), ...(log.kind === 'serving' && role !== null ? [`${quoted(role)} IN (${roles.map((one) => `'${one}'`).join(', ')})`] : []),
    ...(version === undefined || versions === null ? [] : [`${quoted(versions)} = ${version}`]),
  ];
  return {
    ...data, ...(conditions.length > 0 && { where: conditions.join(' AND ') }),
    window: { column: time, ...(from !== null && { from: iso(from) }), ...(to !== null && { to: iso(to) }), ...(weekdays && weekdays.length > 0 && { weekdays }), ...(hours && hours.length > 0 && { hours }) },
  };
}

function nothing(request: DriftRequest, { created, began, why, current }: { created: number; began: number; why: string; current?: Opened }): DriftDoc {
  const none = ({ files }: DataSpec): DriftDoc['current'] => ({ files, rows: 0, digest: '', bytes: 0 });
  return {
    version: 1, created, duration: (performance.now() - began) / 1000, reference: none(request.reference), current: current?.shown ?? none(request.current), request,
    columns: {}, label: null, predictions: {}, schema: [], leftOut: [], drifted: [], outcome: 'cannot tell', reasons: [why],
  };
}
