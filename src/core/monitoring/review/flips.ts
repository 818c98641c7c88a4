/** Rows to which a shadow model gave another answer than the one that was given. */
import type { LogPlace, LogWindow } from '../../domain/log-place';
import type { OpenOptions, Values } from '../../evaluation/data/types';
import { rowKey, textAt } from '../feedback/keys';
import { openLogRows, type LogRows } from '../feedback/log-rows';
import { rowNames } from '../feedback/log-inputs';

/** By a row's key. `answered`: by key, what was answered. Numbers differ by their distance as a share of the answers' range; of nothing less than a thousandth of it is spoken. */
export async function flipsOf(log: LogPlace, window: LogWindow, answered: ReadonlyMap<string, string>, options: OpenOptions): Promise<Map<string, { text: string; value: number }>> {
  const found = new Map<string, { text: string; value: number }>();
  if (log.columns.role === null) return found;
  await using shadow = await openLogRows(log, { ...window, roles: ['shadow'] }, options);
  if (!shadow || shadow.columns.prediction === null) return found;
  const { columns, data, regression } = shadow;
  const { requests, rows } = await rowNames(data, columns, options.signal);
  const predictions = await data.column(columns.prediction ?? '', options.signal);
  const versions = columns.version === null ? null : await data.column(columns.version, options.signal);
  const range = regression ? rangeOf([...answered.values()].map(Number)) : 0;
  const sure = await chosen(shadow, predictions, options.signal);
  for (let at = 0; at < data.rows; at++) {
    const request = requests[at];
    const said = textAt(predictions, at);
    const key = request == null ? '' : rowKey(request, rows[at] ?? 0);
    const live = answered.get(key);
    if (live === undefined || said === null || said === live) continue;
    const value = regression ? Math.abs(Number(said) - Number(live)) / (range || 1) : sure(at);
    if (regression && !(value >= 0.001)) continue;
    const who = versions ? `version ${textAt(versions, at) ?? '?'} in the shadow` : 'the shadow';
    found.set(key, { text: `${who} says ${regression ? String(Number(Number(said).toPrecision(6))) : said}`, value: Math.min(1, value) });
  }
  return found;
}

function rangeOf(values: readonly number[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? high - low : 0;
}

/** How sure the shadow is of what it says: the surer, the more its flip is worth; 1 where that isn't told. */
async function chosen({ data, probabilities }: LogRows, predictions: Values, signal: AbortSignal | undefined): Promise<(at: number) => number> {
  const columns = new Map<string, Values>();
  for (const [name, column] of Object.entries(probabilities)) columns.set(name, await data.column(column, signal));
  return (at) => {
    const column = columns.get(textAt(predictions, at) ?? '');
    const p = column && !column.missing?.[at] ? Number(column.values[at]) : 1;
    return Number.isFinite(p) ? p : 1;
  };
}
