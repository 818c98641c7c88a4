/** How good a model is on windows of its log, estimated and, where labels came, realised. For the evaluator's process. */
import { RunyardError } from '../../base/errors';
import { pause, refuseStopped } from '../../base/stopping';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';
import type { JobParams, JobTable, Watch } from '../../evaluation/process/jobs';
import type { DataSpec } from '../../../protocol/evaluation/request';
import type { PerformanceDoc, TimeWindow } from '../../../protocol/performance';
import type { LogColumns } from '../../domain/log-place';
import { labelColumn } from '../feedback/label-column';
import { openLabels, type Labels } from '../feedback/labels';
import { inputColumns, labelsOf } from '../feedback/log-inputs';
import { resolveLog } from '../log/open';
import { columnsIn } from '../log/place';
import { lookAt, nothingIn, outcomeOf, windowsOf, type Looked, type Looking } from '../performance/doc';
import type { Inputs } from '../performance/dle';
import { groupsOf, MOST_ROWS, reachOf, rowsByWindow, valuesAt } from '../performance/groups';
import { metricsOf } from '../performance/metrics';
import { cbpeOf, dleOf, LEAST_ROWS, referenceOf, usualBands, type Estimator, type Reference } from '../performance/reference';
import { framedSide, rawLabels, sideAt, slicesIn, windowSide, type Side } from '../performance/side';
import { toldOf, type Asking, type Told } from '../performance/told';

type Params = JobParams<'performance'>;
const NO_ROWS = 'there are no rows in this window';

/**
 * Classes, positive class and task are the params', else told by the reference's predictions and labels. Without a usable reference nothing is estimated and the windows
 * are taken each by itself. A window without rows, labels or predictions is no error: its figures say why. Throws bad_input where a reference or its labels can't be read.
 */
export const performance: JobTable['performance'] = async (params, watch) => {
  const notes: string[] = [];
  const labels = await openLabels(params.log.labels, { ...params, signal: watch.signal });
  notes.push(...labels.unreadable.map(({ file, why }) => `${file} was left out: ${why}`));
  watch.progress('reading the reference', 0, 0);
  await using reference = await openReference(params, labels, watch);
  if (reference.why !== '') notes.push(reference.why);
  const looked: Looked[] = [];
  const made: { estimator: Estimator | null; why: string } = { estimator: null, why: reference.why };
  const left = new Map<string, string>();
  for (const group of groupsOf(params.windows)) {
    looked.push(...await lookAtGroup(group, { params, watch, labels, reference, made, notes, left, done: () => watch.progress('looking at windows', looked.length, params.windows.length) }));
  }
  if (made.why !== '') notes.push(made.why);
  for (const [name, why] of left) notes.push(`slice ${name} was left out: ${why}`);
  for (const [name, why] of reference.left) if (!left.has(name)) notes.push(`slice ${name} has nothing to be held against in the reference: ${why}`);
  const { learnt } = reference;
  const windows = windowsOf(looked, (scope, rows) => (learnt ? usualBands(learnt, rows, scope === '' ? undefined : scope) : new Map()));
  const frame = learnt?.frame ?? reference.seen;
  return {
    task: frame?.task ?? params.task ?? 'binary', classes: [...(frame?.classes ?? params.classes ?? [])], method: made.estimator?.method ?? null, fit: made.estimator?.fit ?? {},
    referenceRows: learnt?.ready.rows.length ?? 0, windows, outcome: outcomeOf(windows), notes: [...new Set([...notes, ...(made.estimator?.notes ?? [])])],
  } satisfies PerformanceDoc;
};

/** `seen`: what the first window with labels told, where the reference didn't. `left`: slices that can't be told there, and why. */
interface OpenReference extends AsyncDisposable { data: Data | null; columns: LogColumns; label: string | null; side: Side | null; learnt: Reference | null; seen: Side['frame'] | null; left: ReadonlyMap<string, string>; why: string }

async function openReference(params: Params, labels: Labels, watch: Watch): Promise<OpenReference> {
  const { reference: wanted, log, slices, seed, metrics } = params;
  const none = (why: string): OpenReference => ({ data: null, columns: log.columns, label: null, side: null, learnt: null, seen: null, left: new Map(), why, [Symbol.asyncDispose]: () => Promise.resolve() });
  const opened = await openLog('data' in wanted ? wanted.data : wanted.window, params, watch.signal);
  if (!opened.data) return none(`the reference has no rows: nothing can be estimated (${opened.why})`);
  const { data } = opened;
  try {
    const columns = opened.columns ?? columnsIn(log, data.columns.map(({ name }) => name));
    const label = 'data' in wanted ? (wanted.label ?? columns.label) : columns.label;
    const values = 'data' in wanted ? await labelValues(data, label, wanted, watch.signal) : labelColumn(await labelsOf(data, columns, labels, watch.signal));
    const raw = values && rawLabels(values, data.rows);
    const closing = { data, columns, label, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose]() };
    if (!raw || raw.names.length === 0) return { ...none('the reference has no labels: nothing can be estimated'), ...closing };
    const told = await toldOf(data, askingOf(params, { columns, label, watch }));
    if (!told) return { ...none('the reference holds no predictions, and no model was named that can be asked: nothing can be estimated'), ...closing };
    const side = framedSide(raw, told, { label: label ?? 'label', task: params.task, classes: params.classes, positive: params.positive });
    const { members, left } = await slicesIn(data, slices, { ...params, signal: watch.signal });
    const learnt = referenceOf(side, metricsOf(metrics, side.frame), { slices: members, seed });
    const rows = learnt.ready.rows.length;
    return { ...none(rows < LEAST_ROWS ? `the reference has ${rows} ${rows === 1 ? 'row' : 'rows'} with label and prediction: ${LEAST_ROWS} are needed for estimates` : ''), ...closing, side, learnt, seen: side.frame, left };
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
}

async function labelValues(data: Data, label: string | null, wanted: { data: DataSpec }, signal: AbortSignal): Promise<Values | null> {
  if (label === null) return null;
  if (!data.columns.some(({ name }) => name === label)) throw new RunyardError('not_found', `the reference ${wanted.data.files.join(', ')} has no column ${label} for the label`, `it has ${data.columns.map(({ name }) => name).slice(0, 30).join(', ')}`);
  return data.column(label, signal);
}

const askingOf = ({ task, classes, model, workspace, temp, python }: Params, { columns, label, watch }: { columns: LogColumns; label: string | null; watch: Watch }): Asking => ({
  columns, label, task, classes, model, workspace, temp, python, signal: watch.signal, progress: (done, total) => watch.progress('asking the model', done, total),
});

/** Files, or a window of the log. `data` null: no rows, and why. */
async function openLog(of: DataSpec | TimeWindow, { log, workspace, temp, memory }: Params, signal: AbortSignal): Promise<{ data: Data | null; columns: LogColumns | null; unreadable: { file: string; why: string }[]; why: string }> {
  const options: OpenOptions = { workspace, temp, signal, ...(memory !== undefined && { memory }) };
  const resolved = 'files' in of ? null : await resolveLog(log, of, options);
  const none = { data: null, columns: null, unreadable: resolved?.unreadable ?? [] };
  if (!resolved && !('files' in of)) return { ...none, why: 'the log has no file of this window' };
  try {
    const data = await openData(resolved ? resolved.data : (of as DataSpec), options);
    return { ...none, data, columns: resolved ? columnsIn(log, data.columns.map(({ name }) => name)) : null, why: '' };
  } catch (error) {
    if (hasNoRows(error)) return { ...none, why: NO_ROWS };
    throw error;
  }
}

interface Run { params: Params; watch: Watch; labels: Labels; reference: OpenReference; made: { estimator: Estimator | null; why: string }; notes: string[]; left: Map<string, string>; done(): void }

/** Windows side by side, read together; where they are too many rows for that, or their times can't be told apart, in parts. */
async function lookAtGroup(group: readonly TimeWindow[], run: Run): Promise<Looked[]> {
  const { params, watch, notes } = run;
  refuseStopped(watch.signal);
  run.done();
  const { data: opened, columns, unreadable, why } = await openLog(reachOf(group), params, watch.signal);
  notes.push(...unreadable.map(({ file, why: reason }) => `${file} was left out: ${reason}`));
  if (!opened || !columns) return group.map((window) => nothingIn(window, why, lookingOf(run)));
  const looked = await readTogether(opened, columns, { group, run });
  if (looked) return looked;
  const half = Math.ceil(group.length / 2);
  return [...await lookAtGroup(group.slice(0, half), run), ...await lookAtGroup(group.slice(half), run)];
}

/** Null where they have to be read in parts. */
async function readTogether(opened: Data, columns: LogColumns, { group, run }: { group: readonly TimeWindow[]; run: Run }): Promise<Looked[] | null> {
  await using data = opened;
  const [only] = group;
  if (only && group.length === 1) return await lookAtRows([{ window: only, places: null }], { data, columns }, run);
  if (data.rows > MOST_ROWS) return null;
  const places = rowsByWindow(await data.column(columns.time, run.watch.signal), group);
  return places && await lookAtRows(group.map((window, at) => ({ window, places: places[at] ?? null })), { data, columns }, run);
}

function lookingOf({ params, reference: { learnt, seen } }: Run): Looking {
  const frame = seen ?? { task: params.task ?? 'binary', classes: params.classes ?? [], positive: null };
  return { metrics: learnt?.metrics ?? metricsOf(params.metrics, frame), reference: learnt, slices: params.slices, seed: params.seed };
}

/** `places`: the window's rows; null: all. */
async function lookAtRows(parts: readonly { window: TimeWindow; places: Int32Array | null }[], { data, columns }: { data: Data; columns: LogColumns }, run: Run): Promise<Looked[]> {
  const { params, watch, labels, reference, notes, left } = run;
  const { learnt } = reference;
  const truth = await labelsOf(data, columns, labels, watch.signal);
  const told = await toldOf(data, askingOf(params, { columns, label: columns.label, watch }));
  const side = learnt ? windowSide(truth, told, learnt.frame) : framedWindow(truth, told, params);
  if (typeof side === 'string') return parts.map(({ window, places }) => ({ ...nothingIn(window, side, lookingOf(run)), rows: places?.length ?? data.rows }));
  reference.seen ??= side.frame;
  notes.push(...side.notes);
  const slices = await slicesIn(data, params.slices, { ...params, signal: watch.signal });
  for (const [name, reason] of slices.left) left.set(name, reason);
  const names = inputColumns(params.log, columns, data).filter((name) => name !== reference.label);
  const estimator = await estimatorOf(names, run);
  const inputs = estimator?.method === 'dle' && side.model.numbers ? await inputsOf(data, side.model.numbers, { names, signal: watch.signal }) : null;
  const looked: Looked[] = [];
  for (const { window, places } of parts) {
    await pause(watch.signal);
    if (places?.length === 0) {
      looked.push(nothingIn(window, NO_ROWS, lookingOf(run)));
      continue;
    }
    const own = places ? sideAt(side, places) : side;
    const asked = inputs && places ? { numbers: own.model.numbers ?? inputs.numbers, columns: new Map([...inputs.columns].map(([name, column]) => [name, valuesAt(column, places)])) } : inputs;
    const members = new Map([...slices.members].map(([name, mask]) => [name, places ? Uint8Array.from(places, (row) => mask[row] ?? 0) : mask]));
    looked.push(lookAt(window, { side: own, members, left: slices.left, estimate: estimator?.of(own, asked) ?? null, why: run.made.why }, { ...lookingOf(run), metrics: learnt?.metrics ?? metricsOf(params.metrics, side.frame) }));
  }
  return looked;
}

/** Without a reference: what the window's own labels tell; else why nothing can be said. */
function framedWindow(texts: readonly (string | null)[], told: Told | null, params: Params): Side | string {
  if (!told) return 'the log holds no predictions';
  if (texts.every((text) => text === null)) return 'no row has a label yet';
  try {
    return framedSide(rawLabels(labelColumn(texts), texts.length), told, { label: 'label', task: params.task, classes: params.classes, positive: params.positive });
  } catch (error) {
    if (error instanceof RunyardError && error.code === 'bad_input') return error.message;
    throw error;
  }
}

/** Made when the first window is there, as only then it is known which columns both have. */
async function estimatorOf(names: readonly string[], { reference, made, params, watch }: Run): Promise<Estimator | null> {
  const { learnt, side, data } = reference;
  if (made.estimator || made.why !== '' || !learnt || !side || !data) return made.estimator;
  watch.progress('learning from the reference', 0, 0);
  const there = names.filter((name) => data.columns.some((column) => column.name === name));
  const found = learnt.frame.task === 'regression'
    ? await dleOf(learnt, { side, inputs: await inputsOf(data, side.model.numbers ?? new Float64Array(), { names: there, signal: watch.signal }) }, { seed: params.seed, signal: watch.signal })
    : cbpeOf(learnt, params.seed);
  if ('why' in found) {
    made.why = found.why;
    return null;
  }
  made.estimator = found;
  return found;
}

async function inputsOf(data: Data, numbers: Float64Array, { names, signal }: { names: readonly string[]; signal: AbortSignal }): Promise<Inputs> {
  const columns = new Map<string, Values>();
  for (const name of names) if (data.columns.find((column) => column.name === name)?.type !== 'other') columns.set(name, await data.column(name, signal));
  return { columns, numbers };
}
