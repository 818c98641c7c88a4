/** Rows of an eval set that the model may have seen in training. */
import type { Data, FingerprintColumn } from './types';

export interface Seen { count: number; /** the first of them */ rows: number[] }
/**
 * `exact`: all shared columns hold the same values. `near`: the same once numbers are rounded to 3 significant digits and texts are lower-cased and trimmed,
 * and not the same as they are; two numbers on different sides of where rounding changes are not found. By 64-bit hashes, so that a false one is to be
 * expected once in some 10^13 pairs. With few columns, or columns of few values, rows are alike by chance: `columns` says over which they were compared.
 */
export interface Overlap { columns: string[]; exact: Seen; near: Seen }

const SHOWN = 100;

/** Over those of `columns` that both have; null where there is none. One pass over the training data, which may be larger than memory; 34 bytes for each row of `data`. */
export async function overlap(data: Data, training: Data, { columns, signal }: { columns: readonly string[]; signal?: AbortSignal }): Promise<Overlap | null> {
  const types = new Map(training.columns.map(({ name, type }) => [name, type]));
  const numeric = (type: string | undefined): boolean => type === 'float' || type === 'int' || type === 'bool';
  const shared = data.columns.flatMap(({ name, type }): FingerprintColumn[] => (columns.includes(name) && types.has(name) ? [{ name, as: numeric(type) && numeric(types.get(name)) ? 'number' : 'text' }] : []));
  if (shared.length === 0) return null;
  const [exact, near] = [hashSet(data.rows), hashSet(data.rows)];
  for await (const { count, exact: same, near: alike } of data.fingerprints(shared, signal)) {
    exact.add(same, count);
    near.add(alike, count);
  }
  for await (const { count, exact: same, near: alike } of training.fingerprints(shared, signal)) {
    exact.meet(same, count);
    near.meet(alike, count);
  }
  const found: Overlap = { columns: shared.map(({ name }) => name), exact: { count: 0, rows: [] }, near: { count: 0, rows: [] } };
  for (let row = 0; row < data.rows; row++) {
    const seen = exact.met(row) ? found.exact : near.met(row) ? found.near : null;
    if (seen === null) continue;
    seen.count++;
    if (seen.rows.length < SHOWN) seen.rows.push(row);
  }
  return found;
}

interface HashSet {
  /** Hashes of the next `count` rows, as two halves each. */
  add(hashes: Uint32Array, count: number): void;
  /** Hashes of others: those of our rows among them are marked. */
  meet(hashes: Uint32Array, count: number): void;
  /** Whether the hash of our row was met. */
  met(row: number): boolean;
}

/** Open addressing with linear probing, at most half full: a place a row, 1-based. */
function hashSet(rows: number): HashSet {
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 2)));
  const mask = size - 1;
  const places = new Uint32Array(size);
  const keys = new Uint32Array(rows * 2);
  const first = new Uint32Array(rows);
  const marks = new Uint8Array(rows);
  let known = 0;
  /** The place of this key, or the empty one where it would go. */
  const find = (low: number, high: number): number => {
    let at = (low ^ high) & mask;
    for (;;) {
      const row = places[at] ?? 0;
      if (row === 0 || (keys[2 * row - 2] === low && keys[2 * row - 1] === high)) return at;
      at = (at + 1) & mask;
    }
  };
  return {
    add(hashes, count) {
      for (let i = 0; i < count; i++, known++) {
        const [low, high] = [hashes[2 * i] ?? 0, hashes[2 * i + 1] ?? 0];
        keys[2 * known] = low;
        keys[2 * known + 1] = high;
        const at = find(low, high);
        if (places[at] === 0) places[at] = known + 1;
        first[known] = (places[at] ?? 1) - 1;
      }
    },
    meet(hashes, count) {
      for (let i = 0; i < count; i++) {
        const row = places[find(hashes[2 * i] ?? 0, hashes[2 * i + 1] ?? 0)] ?? 0;
        if (row > 0) marks[row - 1] = 1;
      }
    },
    met: (row) => marks[first[row] ?? 0] === 1,
  };
}
