/** One pass over the data: labels and split are read, models score, a batch at a time while the next is being read. */
import { refuseStopped } from '../../base/stopping';
import type { Batch, Data } from '../data/types';
import type { Predictor } from '../models/types';
import { collectLabels, type RawLabels } from './labels';
import { collectOutput, type RawOutput } from './outputs';

export interface Pass {
  data: Data; label: string; split: string | null; models: readonly Predictor[];
  signal: AbortSignal; progress(done: number, total: number): void;
}
export interface Passed { labels: RawLabels; split: string[] | null; outputs: RawOutput[] }

const mostRows = 20_000;

/** Throws cancelled; and whatever reading or a model throws for all rows. */
export async function passOver({ data, label, split, models, signal, progress }: Pass): Promise<Passed> {
  const { rows } = data;
  const labels = collectLabels(rows);
  const splits: string[] | null = split === null ? null : new Array<string>(rows).fill('');
  const outputs = models.map(() => collectOutput(rows));
  const columns = [...new Set([label, ...(split === null ? [] : [split]), ...models.flatMap((model) => model.columns)])];
  const batch = Math.max(1, Math.min(mostRows, ...models.map((model) => model.batch)));
  progress(0, rows);
  for await (const part of ahead(data.read({ columns, batch, signal }))) {
    refuseStopped(signal);
    const own = part.columns[label];
    if (own) labels.take(own, part.from, part.count);
    if (splits && split !== null) textsInto(splits, part, split);
    for (const [at, model] of models.entries()) outputs[at]?.take(part.from, part.count, await model.score(part, signal));
    progress(part.from + part.count, rows);
  }
  return { labels: labels.done(), split: splits, outputs: outputs.map((one) => one.done()) };
}

function textsInto(out: string[], part: Batch, name: string): void {
  const column = part.columns[name];
  if (!column) return;
  for (let at = 0; at < part.count; at++) out[part.from + at] = column.missing?.[at] ? '(missing)' : column.type === 'bool' ? (column.values[at] ? 'True' : 'False') : String(column.values[at] ?? '');
}

/** The next one is asked for before this one is given out. */
async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const from = source[Symbol.asyncIterator]();
  let next = from.next();
  try {
    for (;;) {
      const one = await next;
      if (one.done) return;
      next = from.next();
      // Whoever stops here must not leave a failure that nobody hears of.
      next.catch(() => undefined);
      yield one.value;
    }
  } finally {
    await from.return?.(undefined);
  }
}
