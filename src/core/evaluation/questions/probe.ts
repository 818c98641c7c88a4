/** A model asked for a few rows: to record what it says, to see that it says it still, and how long a row takes on this machine. */
import type { Golden, ProbeParams, ProbeResult } from '../process/probe';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import { openData } from '../data/open';
import { openModel } from '../models/open';
import type { Predictor } from '../models/types';
import type { JobTable, Place, Watch } from '../process/jobs';
import { madeUp } from './probe-made-up';
import { columnsOf, columnsOnly, differing, predict, type Rows } from './probe-rows';

type Params = Place & ProbeParams;
/** Calls before the clock counts: the first ones allocate. */
const WARM = 10;

/**
 * The model is opened once for all that is asked. `replay` needs no data: its rows are in it. Rows are taken evenly over the data, or made up where none are known.
 * `golden` and `latency` are null where they weren't asked for, or no row can be made up. Throws what opening data and model throws.
 */
export const probe: JobTable['probe'] = async (params, watch) => {
  const { replay } = params;
  watch.progress('loading the model', 0, 0);
  if (replay) {
    await using predictor = await open(params, { rows: replay, mapping: replay.mapping, signal: watch.signal });
    const said = await predict(predictor, replay, watch.signal);
    return { golden: null, differing: differing(replay.predictions, said), latency: await timed(predictor, replay, { params, watch }) };
  }
  const wanted = Math.max(params.record ?? 0, params.latency ?? 0, 1);
  const asking = params.data ? await fromData(params, wanted, watch) : await fromNothing(params, wanted, watch);
  if (!asking) return { golden: null, differing: null, latency: null };
  await using predictor = asking.predictor;
  return { golden: await recorded(predictor, asking, { params, watch }), differing: null, latency: await timed(predictor, asking.rows, { params, watch }) };
};

interface Asking { predictor: Predictor; rows: Rows; synthetic: boolean }
interface Asked { params: Params; watch: Watch }

function open({ file, workspace, temp, python }: Params, { rows, mapping, signal }: { rows: Rows; mapping: ModelSpec['mapping']; signal: AbortSignal }): Promise<Predictor> {
  return openModel({ file, mapping }, { workspace, temp, python, data: columnsOnly(rows), id: undefined, label: '', exclude: [], signal });
}

/** The model is opened on the data's columns, which says what feeds it; the rows are fed as they will be from the record. */
async function fromData(params: Params, wanted: number, watch: Watch): Promise<Asking | null> {
  const { workspace, temp, memory, python, file, data: asked } = params;
  if (!asked) return null;
  await using data = await openData(asked.spec, { workspace, temp, signal: watch.signal, ...(memory !== undefined && { memory }) });
  if (data.rows === 0) return fromNothing(params, wanted, watch);
  const predictor = await openModel({ file, ...(asked.mapping && { mapping: asked.mapping }) }, { workspace, temp, python, data, id: asked.id, label: asked.label, exclude: [], signal: watch.signal });
  try {
    const columns = [...predictor.columns];
    const count = Math.min(wanted, data.rows);
    const rows = await data.cells(Array.from({ length: count }, (_, at) => Math.floor((at * data.rows) / count)), columns);
    const types = Object.fromEntries(data.columns.flatMap(({ name, type }) => (columns.includes(name) ? [[name, type]] : [])));
    return { predictor, rows: { columns, rows, types }, synthetic: false };
  } catch (error) {
    await predictor[Symbol.asyncDispose]();
    throw error;
  }
}

async function fromNothing(params: Params, count: number, { signal }: Watch): Promise<Asking | null> {
  const made = await madeUp(params.file, { workspace: params.workspace, count });
  return made && { predictor: await open(params, { rows: made.rows, mapping: made.mapping, signal }), rows: made.rows, synthetic: true };
}

async function recorded(predictor: Predictor, { rows, synthetic }: Asking, { params, watch }: Asked): Promise<Golden | null> {
  const { record, data } = params;
  if (record === undefined) return null;
  const all = rows.rows.length;
  const count = Math.min(record, all);
  const kept: Rows = { ...rows, rows: Array.from({ length: count }, (_, at) => rows.rows[Math.floor((at * all) / count)] ?? []) };
  watch.progress('recording predictions', 0, count);
  const predictions = await predict(predictor, kept, watch.signal);
  return { format: 1, ...kept, mapping: predictor.facts.mapping, label: data?.label ?? null, predictions, synthetic, recorded: Date.now() };
}

/** Rows one a call, again from the first where there are fewer than asked for. Feeding counts as it does in a service. */
async function timed(predictor: Predictor, rows: Rows, { params: { latency }, watch: { signal, progress } }: Asked): Promise<ProbeResult['latency']> {
  const there = rows.rows.length;
  if (latency === undefined || there === 0) return null;
  const taken = new Float64Array(latency);
  for (let call = -WARM; call < latency; call++) {
    const row = (call + WARM) % there;
    const started = performance.now();
    await predictor.score({ from: row, count: 1, columns: columnsOf(rows, row, row + 1) }, signal);
    if (call >= 0) taken[call] = performance.now() - started;
    progress('timing', Math.max(0, call + 1), latency);
  }
  const sorted = taken.sort();
  const at = (share: number): number => sorted[Math.min(latency - 1, Math.ceil(share * latency) - 1)] ?? NaN;
  return { rows: latency, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
