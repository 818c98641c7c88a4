/** A predictor over an ONNX session: feeds batches, finds the rows that make it fail, and gives labels and scores. */
import { RunyardError, describeError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { Batch } from '../data/types';
import { feedBatch, rowsOf } from './feeds';
import type { InputFeed } from './mapping';
import type { Roles } from './outputs';
import { gathering, take, type Gathered } from './scores';
import type { Session, Tensor } from './session';
import type { BatchScores } from './types';

export interface Scoring { session: Session; feeds: readonly InputFeed[]; roles: Roles; /** rows that the model takes at once, and no others; null: any number */ fixed: number | null; /** rows given to it at once at most */ most: number; /** texts that an encoder knows, by the input that feeds it and nothing else: what is none of them is named where a row fails */ known?: ReadonlyMap<string, ReadonlySet<string>> }

/** All rows of a batch. Throws cancelled between runs; a run itself can't be stopped. */
export async function scoreBatch(scoring: Scoring, batch: Batch, signal?: AbortSignal): Promise<BatchScores> {
  const { feeds, fixed, most } = scoring;
  const { tensors, failed } = feedBatch(feeds, batch);
  const gathered = gathering();
  const step = fixed ?? most;
  for (let from = 0; from < batch.count; from += step) {
    for (const [start, end] of fine(from, Math.min(from + step, batch.count), failed)) await run(scoring, { tensors, gathered, rows: batch.count, signal }, start, end);
  }
  for (const [row, reason] of failed) gathered.failed.set(row, reason);
  return { labels: gathered.labels, scores: gathered.scores, width: gathered.width, failed: gathered.failed };
}

/** Stretches of rows without those that failed already. */
function* fine(from: number, to: number, failed: ReadonlyMap<number, string>): Generator<[number, number]> {
  let start = from;
  if (failed.size > 0) {
    for (let row = from; row < to; row++) {
      if (!failed.has(row)) continue;
      if (row > start) yield [start, row];
      start = row + 1;
    }
  }
  if (to > start) yield [start, to];
}

interface Running { tensors: Record<string, Tensor>; gathered: Gathered; rows: number; signal: AbortSignal | undefined }

/** Rows [from, to); where they fail, each half by itself, down to the rows at fault. */
async function run(scoring: Scoring, running: Running, from: number, to: number): Promise<void> {
  const { session, roles, fixed } = scoring;
  const { tensors, gathered, rows, signal } = running;
  refuseStopped(signal, 'the evaluation was cancelled');
  try {
    const outputs = await session.run(rowsOf(tensors, from, to, fixed ?? undefined), [...(roles.label === null ? [] : [roles.label]), ...roles.scores]);
    take(gathered, outputs, roles, { rows, from, count: to - from, classes: roles.classes });
  } catch (error) {
    if (error instanceof RunyardError) throw error;
    if (to - from === 1) { gathered.failed.set(from, `${reasonOf(error)}${unknownOf(scoring, tensors, from)}`); return; }
    const middle = (from + to) >>> 1;
    await run(scoring, running, from, middle);
    await run(scoring, running, middle, to);
  }
}

function unknownOf({ known, feeds }: Scoring, tensors: Readonly<Record<string, Tensor>>, row: number): string {
  for (const { input, columns } of feeds) {
    const texts = known?.get(input.name);
    const data = tensors[input.name]?.data;
    const value = Array.isArray(data) && columns.length === 1 ? data[row] : undefined;
    if (texts && value !== undefined && !texts.has(value)) return ` (column ${columns[0]?.name ?? ''} is '${value.slice(0, 80)}', which the model doesn't know)`;
  }
  return '';
}

/** ONNX Runtime's words without what only its makers can use. */
export function reasonOf(error: unknown): string {
  const said = describeError(error).replace(/\s+/g, ' ').trim();
  const node = /while running (\w+) node/.exec(said)?.[1];
  const status = /Status Message: (.*)$/.exec(said)?.[1] ?? said.replace(/^.*?Exception: /, '');
  const plain = status.replace(/^\S*\.(cc|h):\d+ /, '').replace(/^(onnxruntime::)?\S*::\S*\(.*?\)( const)? /, '');
  return node ? `the model's ${node} failed: ${plain}` : plain;
}
