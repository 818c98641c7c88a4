/** Columns of a batch as the tensors that a model takes. Rows whose values an input can't take are left to be reported, with the column's name. */
import type { Batch, Values } from '../data/types';
import { described, type InputFeed } from './mapping';
import type { Tensor, TensorData } from './session';

type Numbers = Exclude<TensorData, string[]>;
const ARRAYS: Readonly<Record<string, new (length: number) => Numbers>> = {
  float32: Float32Array, float64: Float64Array, int64: BigInt64Array, uint64: BigUint64Array, int32: Int32Array, uint32: Uint32Array,
  int16: Int16Array, uint16: Uint16Array, int8: Int8Array, uint8: Uint8Array, bool: Uint8Array, float16: Uint16Array,
};
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int64: [-(2 ** 63), 2 ** 63 - 1024], uint64: [0, 2 ** 64 - 2048], int32: [-(2 ** 31), 2 ** 31 - 1], uint32: [0, 2 ** 32 - 1], int16: [-32768, 32767], uint16: [0, 65535], int8: [-128, 127], uint8: [0, 255], bool: [0, 1],
};

export interface Fed { tensors: Record<string, Tensor>; /** row within the batch → what is wrong with it; what is fed in its place is a default */ failed: Map<number, string> }

/** All rows of the batch, one tensor an input: [rows], [rows,1], or [rows, ...] as the input's shape says. */
export function feedBatch(feeds: readonly InputFeed[], { columns, count }: Batch): Fed {
  const failed = new Map<number, string>();
  const tensors: Record<string, Tensor> = {};
  for (const feed of feeds) {
    const { input } = feed;
    const across = feed.columns.length;
    const inner = input.shape.slice(1);
    const dims = [count, ...(inner.length === 1 ? [across] : inner.map((size) => size ?? 1))];
    const values = feed.columns.map(({ name }) => columns[name] as Values);
    const data = input.type === 'string' ? texts(feed, values, count) : numbers(feed, values, { count, failed });
    tensors[input.name] = { type: input.type, data, dims };
  }
  return { tensors, failed };
}

/** Rows [from, to) of what was fed, without copying; with `pad`, filled up with the last row to so many. */
export function rowsOf(tensors: Readonly<Record<string, Tensor>>, from: number, to: number, pad?: number): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { type, data, dims }]) => {
    const across = dims.slice(1).reduce((product, size) => product * size, 1);
    const part = Array.isArray(data) ? (from === 0 && to === dims[0] ? data : data.slice(from * across, to * across)) : data.subarray(from * across, to * across) as TensorData;
    const rows = pad ?? to - from;
    return [name, { type, data: rows > to - from ? padded(part, rows * across, across) : part, dims: [rows, ...dims.slice(1)] }];
  }));
}

function padded(data: TensorData, length: number, across: number): TensorData {
  if (Array.isArray(data)) return Array.from({ length }, (_, at) => data[at < data.length ? at : data.length - across + (at % across)] as string);
  const full = new (data.constructor as new (length: number) => Numbers)(length);
  full.set(data as never);
  for (let at = data.length; at < length; at += across) full.copyWithin(at, data.length - across, data.length);
  return full;
}

function texts({ columns, missing }: InputFeed, values: readonly Values[], count: number): string[] {
  const [only] = values;
  if (values.length === 1 && only) return textsOf(only, missing);
  const all = values.map((one) => textsOf(one, missing));
  const data = new Array<string>(count * columns.length);
  for (let row = 0, at = 0; row < count; row++) for (const one of all) data[at++] = one[row] as string;
  return data;
}

/** A boolean is 'True' or 'False', an integer its decimal digits. A column of texts without missing values is given as it is, not copied. */
function textsOf(values: Values, missing: string | number | undefined): string[] {
  const stand = missing === undefined ? '' : String(missing);
  const gone = values.missing;
  if (values.type === 'bool') {
    const named = new Array<string>(values.values.length);
    for (let row = 0; row < named.length; row++) named[row] = gone?.[row] ? stand : values.values[row] ? 'True' : 'False';
    return named;
  }
  if (values.type === 'int') {
    const { big } = values;
    return Array.from(values.values, (one, row) => (gone?.[row] ? stand : big ? String(big[row]) : String(one)));
  }
  if (values.type === 'float') return Array.from(values.values, (one, row) => (gone?.[row] ? stand : String(one)));
  return gone && stand !== '' ? values.values.map((one, row) => (gone[row] ? stand : one)) : values.values;
}

interface Filling { count: number; failed: Map<number, string> }

function numbers(feed: InputFeed, values: readonly Values[], filling: Filling): Numbers {
  const { input } = feed;
  const data = new (ARRAYS[input.type] ?? Float32Array)(filling.count * values.length);
  const float = input.type === 'float32' || input.type === 'float64';
  values.forEach((one, at) => {
    if (float) fillFloats(data as Float32Array | Float64Array, one, { at, across: values.length, stand: feed.missing === undefined ? NaN : Number(feed.missing) });
    else if (input.type === 'float16') fillHalves(data as Uint16Array, one, { at, across: values.length, stand: feed.missing === undefined ? NaN : Number(feed.missing) });
    else fillInts(data, { one, at, feed }, filling);
  });
  return data;
}

interface Place { at: number; across: number; stand: number }

function fillFloats(data: Float32Array | Float64Array, one: Values, { at, across, stand }: Place): void {
  const source = one.values as Float64Array | Uint8Array;
  if (across === 1) data.set(source);
  else for (let row = 0, to = at; row < source.length; row++, to += across) data[to] = source[row] as number;
  // a missing number is NaN in a float column already
  if (one.missing && (one.type !== 'float' || !Number.isNaN(stand))) for (let row = 0; row < source.length; row++) if (one.missing[row]) data[row * across + at] = stand;
}

function fillHalves(data: Uint16Array, one: Values, { at, across, stand }: Place): void {
  const source = one.values as Float64Array | Uint8Array;
  for (let row = 0; row < source.length; row++) data[row * across + at] = halfOf(one.missing?.[row] ? stand : source[row] as number);
}

function fillInts(data: Numbers, { one, at, feed }: { one: Values; at: number; feed: InputFeed }, { count, failed }: Filling): void {
  const { input, columns, missing } = feed;
  const across = columns.length;
  const name = columns[at]?.name ?? '';
  const source = one.values as Float64Array | Uint8Array;
  const big = one.type === 'int' ? one.big : undefined;
  const [low, high] = RANGES[input.type] ?? [-Infinity, Infinity];
  const words = data instanceof BigInt64Array || data instanceof BigUint64Array ? new Int32Array(data.buffer) : null;
  for (let row = 0; row < count; row++) {
    let value = source[row] as number;
    if (one.missing?.[row]) {
      value = missing === undefined ? NaN : Number(missing);
      if (missing === undefined) { report(failed, row, `column ${name} is missing, and input '${input.name}' (${described(input)}) takes no missing value`); continue; }
    } else if (big && words) { (data as BigInt64Array)[row * across + at] = big[row] as bigint; continue; }
    if (!Number.isInteger(value) || value < low || value > high) { report(failed, row, `column ${name} is ${value}, and input '${input.name}' (${described(input)}) takes ${words ? 'whole numbers' : `whole numbers from ${low} to ${high}`}`); continue; }
    if (words) {
      // two halves of 64 bits: many times faster than a BigInt for each
      const to = (row * across + at) * 2;
      words[to] = value | 0;
      words[to + 1] = Math.floor(value / 4294967296) | 0;
    } else (data as Int32Array)[row * across + at] = value;
  }
}

function report(failed: Map<number, string>, row: number, reason: string): void {
  if (!failed.has(row)) failed.set(row, reason);
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The nearest half-precision number's bits, ties to even (IEEE 754 binary16). */
export function halfOf(value: number): number {
  single[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  if (size >= 0x477ff000) return sign | 0x7c00;
  // below the smallest normal number: added to a half, the float's own rounding leaves the bits
  if (size < 0x38800000) {
    single[0] = Math.abs(value) + 0.5;
    return sign | ((bits[0] as number) - 0x3f000000);
  }
  return sign | ((size - 0x38000000 + 0x0fff + ((size >>> 13) & 1)) >>> 13);
}

/** The number that a half's bits stand for. */
export function ofHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? (fraction ? NaN : Infinity) : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -size : size;
}
