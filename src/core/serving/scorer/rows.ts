/** Rows of several requests as one batch, and its answers taken apart again. Pure. */
import type { Values } from '../../evaluation/data/types';
import type { Rows, Scored } from '../types';

/** All have the same columns of the same types. One alone is given as it is. */
export function joined(parts: readonly Rows[]): Rows {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  const count = parts.reduce((sum, one) => sum + one.count, 0);
  const columns = Object.fromEntries(Object.keys(first?.columns ?? {}).map((name) => [name, joinedValues(parts.map((one) => ({ values: one.columns[name] as Values, count: one.count })), count)]));
  return { count, columns };
}

function joinedValues(parts: readonly { values: Values; count: number }[], count: number): Values {
  const type = (parts[0]?.values as Values).type;
  let missing: Uint8Array | null = null;
  let big: BigInt64Array | undefined;
  const values = type === 'bool' ? new Uint8Array(count) : type === 'float' || type === 'int' ? new Float64Array(count) : new Array<string>(count);
  let at = 0;
  for (const { values: one, count: own } of parts) {
    if (Array.isArray(values)) for (let row = 0; row < own; row++) values[at + row] = one.values[row] as string;
    else values.set(one.values as Float64Array, at);
    if (one.missing) (missing ??= new Uint8Array(count)).set(one.missing, at);
    if (one.type === 'int' && one.big) big ??= new BigInt64Array(count);
    at += own;
  }
  if (big) fillBig(big, parts);
  return { type, values, missing, ...(big && { big }) } as Values;
}

function fillBig(big: BigInt64Array, parts: readonly { values: Values; count: number }[]): void {
  let at = 0;
  for (const { values, count } of parts) {
    for (let row = 0; row < count; row++) big[at + row] = (values.type === 'int' ? values.big?.[row] : undefined) ?? BigInt(Number.isFinite(values.values[row]) ? (values.values[row] as number) : 0);
    at += count;
  }
}

/** Answers of rows [from, from + count). */
export function part({ labels, scores, width, failed }: Scored, from: number, count: number): Scored {
  const own = new Map<number, string>();
  if (failed.size > 0) for (const [row, why] of failed) if (row >= from && row < from + count) own.set(row - from, why);
  return { labels: labels?.slice(from, from + count) ?? null, scores: scores?.slice(from * width, (from + count) * width) ?? null, width, failed: own };
}
