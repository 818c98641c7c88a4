/** DuckDB's vectors into typed arrays and back, a vector at a time. */
import type { ColumnType } from '../../../protocol/evaluation/request';
import type { Chunk, Vector } from './duckdb';
import { createTexts, type Hashes, type Texts } from './texts';
import type { Values } from './types';

interface Validity { data: BigUint64Array | null }
interface Fixed<T> { items: T; validity: Validity }

/** Collects the values of one column; `take` copies rows of a vector to the places from `at` on. `hashes` of the same rows spare long texts. */
export interface Collector {
  take(vector: Vector, span: Span, hashes?: Vector): void;
  /** The values so far, `count` of them, whole. */
  done(count: number): Values;
}

/** For `capacity` rows. The vector has to come as `sqlOf` the type says: DOUBLE, BIGINT, UTINYINT or VARCHAR. `numbers`: where a column of numbers goes, as long as `capacity`. */
export function collector(type: ColumnType, capacity: number, numbers?: Float64Array): Collector {
  if (type === 'float') return floats(capacity, numbers);
  if (type === 'int') return ints(capacity, numbers);
  if (type === 'bool') return bools(capacity);
  return strings(type, capacity);
}

function floats(capacity: number, values: Float64Array = new Float64Array(capacity)): Collector {
  const gaps = missingMarks(capacity);
  return {
    take(vector, { from, to, at }) {
      const { items, validity } = vector as unknown as Fixed<Float64Array>;
      values.set(from === 0 && to === items.length ? items : items.subarray(from, to), at);
      gaps.take(validity, { from, to, at }, (place) => (values[place] = NaN));
      // Others' NaN too. One sum tells whether there can be any.
      let sum = 0;
      for (let i = at, end = at + to - from; i < end; i++) sum += values[i] as number;
      if (sum !== sum) for (let i = at; i < at + to - from; i++) if (Number.isNaN(values[i])) gaps.mark(i);
    },
    done: (count) => ({ type: 'float', values: count === capacity ? values : values.slice(0, count), missing: gaps.done(count) }),
  };
}

const SAFE_HIGH = 2 ** 21;

/** Two halves of 32 bits give the nearest double, without a bigint each. */
function ints(capacity: number, values: Float64Array = new Float64Array(capacity)): Collector {
  const gaps = missingMarks(capacity);
  let big: BigInt64Array | null = null;
  return {
    take(vector, { from, to, at }) {
      const { items, validity } = vector as unknown as Fixed<BigInt64Array>;
      const halves = new Int32Array(items.buffer, items.byteOffset, items.length * 2);
      let beyond = false;
      for (let i = from, place = at; i < to; i++, place++) {
        const high = halves[2 * i + 1] ?? 0;
        values[place] = high * 4_294_967_296 + ((halves[2 * i] ?? 0) >>> 0);
        if (high >= SAFE_HIGH || high < -SAFE_HIGH) beyond = true;
      }
      const gapped = gaps.take(validity, { from, to, at }, (place) => (values[place] = NaN));
      if (beyond && big === null && someBeyond(values, at, at + to - from)) big = exact(values, at);
      if (big === null) return;
      big.set(items.subarray(from, to), at);
      if (gapped) for (let place = at; place < at + to - from; place++) if (Number.isNaN(values[place])) big[place] = 0n;
    },
    done: (count) => ({ type: 'int', values: count === capacity ? values : values.slice(0, count), ...(big === null ? {} : { big: big.slice(0, count) }), missing: gaps.done(count) }),
  };
}

function someBeyond(values: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (Math.abs(values[i] ?? 0) > Number.MAX_SAFE_INTEGER) return true;
  return false;
}

function exact(values: Float64Array, to: number): BigInt64Array {
  const big = new BigInt64Array(values.length);
  for (let i = 0; i < to; i++) big[i] = Number.isNaN(values[i]) ? 0n : BigInt(values[i] ?? 0);
  return big;
}

function bools(capacity: number): Collector {
  const values = new Uint8Array(capacity);
  const gaps = missingMarks(capacity);
  return {
    take(vector, { from, to, at }) {
      const { items, validity } = vector as unknown as Fixed<Uint8Array>;
      values.set(items.subarray(from, to), at);
      gaps.take(validity, { from, to, at }, (place) => (values[place] = 0));
    },
    done: (count) => ({ type: 'bool', values: count === capacity ? values : values.slice(0, count), missing: gaps.done(count) }),
  };
}

function strings(type: 'string' | 'date' | 'time' | 'other', capacity: number): Collector {
  const values = new Array<string>(capacity).fill('');
  const gaps = missingMarks(capacity);
  const known = createTexts();
  return {
    take(vector, { from, to, at }, hashes) {
      const text = known.of(vector as unknown as Texts, hashes as unknown as Hashes | undefined);
      for (let i = from, place = at; i < to; i++, place++) {
        const value = text(i);
        if (value === null) gaps.mark(place);
        else values[place] = value;
      }
    },
    done: (count) => ({ type, values: count === capacity ? values : values.slice(0, count), missing: gaps.done(count) }),
  };
}

export interface Span { from: number; to: number; at: number }

function missingMarks(capacity: number): { take(validity: Validity, span: Span, each: (place: number) => void): boolean; mark(place: number): void; done(count: number): Uint8Array | null } {
  let marks: Uint8Array | null = null;
  const mark = (place: number): void => void ((marks ??= new Uint8Array(capacity))[place] = 1);
  return {
    mark,
    take({ data }, { from, to, at }, each) {
      if (data === null) return false;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      let some = false;
      for (let i = from; i < to; i++) {
        if ((i & 7) === 0 && bytes[i >> 3] === 255) {
          i += 7;
          continue;
        }
        if (((bytes[i >> 3] ?? 0) >> (i & 7)) & 1) continue;
        some = true;
        mark(at + i - from);
        each(at + i - from);
      }
      return some;
    },
    done: (count) => marks?.slice(0, count) ?? null,
  };
}

/** The SQL that brings a column's values as `collector` takes them. `zoned`: a moment that was given with its zone, kept in UTC. */
export function sqlOf(type: ColumnType, column: string, zoned = false): string {
  switch (type) {
    case 'float': case 'int': return column;
    case 'bool': return `CAST(${column} AS UTINYINT)`;
    case 'string': return column;
    case 'date': return `CAST(${column} AS VARCHAR)`;
    case 'time': return `replace(CAST(${column} AS VARCHAR), ' ', 'T')${zoned ? " || 'Z'" : ''}`;
    case 'other': return `CAST(${column} AS VARCHAR)`;
  }
}

/** The type of a column that holds these values in DuckDB. */
export function sqlTypeOf(type: ColumnType): 'DOUBLE' | 'BIGINT' | 'BOOLEAN' | 'VARCHAR' {
  return type === 'float' ? 'DOUBLE' : type === 'int' ? 'BIGINT' : type === 'bool' ? 'BOOLEAN' : 'VARCHAR';
}

/** Writes values from `from` on into a chunk's column of type `sqlTypeOf`. */
export function fillColumn(chunk: Chunk, column: number, values: Values, from: number): void {
  const count = chunk.rowCount;
  const { missing } = values;
  const cells: (number | bigint | boolean | string | null)[] = new Array(count).fill(null);
  for (let i = 0; i < count; i++) {
    const place = from + i;
    if (missing?.[place]) continue;
    const value = values.values[place];
    if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) continue;
    cells[i] = values.type === 'int' ? (values.big?.[place] ?? BigInt(value)) : values.type === 'bool' ? value !== 0 : value;
  }
  chunk.setColumnValues(column, cells);
}
