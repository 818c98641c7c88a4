/** The rows of a node's slices, slice by slice, ready to be counted. */
import type { Codes } from './column';
import type { Node } from './node';

/**
 * Slice g has the rows `order[starts[g]]` to `order[starts[g + 1] - 1]`; up to `splits[g]` those with a loss, `loss` beside them, then those of loss 0,
 * which only count. `codes` are read at the numbers in `order`.
 */
export interface Frame { starts: Int32Array; splits: Int32Array; order: Int32Array; loss: Float64Array; codes: readonly Codes[] }

/** All rows as one slice. The first `losses.length` are those with a loss. */
export function wholeFrame(rows: number, losses: Float64Array, codes: readonly Codes[]): Frame {
  const order = new Int32Array(rows);
  for (let i = 0; i < rows; i++) order[i] = i;
  return { starts: Int32Array.of(0, rows), splits: Int32Array.of(losses.length), order, loss: losses, codes };
}

/** Room that a frame is built in: one for each length of a conjunction, used over and over. */
export interface Room { order: Int32Array; loss: Float64Array; lookup: Int32Array; codes: Codes[] }

/** The frame of a node from that of the node without its last column: one pass over the rows; rows in none of its slices drop out. */
export function divide(frame: Frame, node: Node, room: Room): Frame {
  const slices = node.size.length;
  const starts = new Int32Array(slices + 1);
  for (let i = 0; i < slices; i++) starts[i + 1] = (starts[i] ?? 0) + (node.size[i] ?? 0);
  const next = starts.slice(0, slices);
  const splits = new Int32Array(slices);
  const codes = frame.codes[node.columns.at(-1) ?? 0] ?? new Uint8Array(0);
  for (let g = 0; g + 1 < frame.starts.length; g++) {
    const from = node.first[g] ?? 0;
    const to = node.first[g + 1] ?? 0;
    if (from === to) continue;
    for (let i = from; i < to; i++) room.lookup[node.code[i] ?? 0] = i + 1;
    scatter(frame, { codes, from: frame.starts[g] ?? 0, to: frame.splits[g] ?? 0 }, next, room);
    for (let i = from; i < to; i++) splits[i] = next[i] ?? 0;
    scatter(frame, { codes, from: frame.splits[g] ?? 0, to: frame.starts[g + 1] ?? 0 }, next, room);
    for (let i = from; i < to; i++) room.lookup[node.code[i] ?? 0] = 0;
  }
  return { starts, splits, order: room.order, loss: room.loss, codes: frame.codes };
}

function scatter(frame: Frame, { codes, from, to }: { codes: Codes; from: number; to: number }, next: Int32Array, room: Room): void {
  const { order, loss } = frame;
  const { lookup } = room;
  for (let i = from; i < to; i++) {
    const row = order[i] ?? 0;
    const slice = lookup[codes[row] ?? 0] ?? 0;
    if (slice === 0) continue;
    const at = next[slice - 1] ?? 0;
    next[slice - 1] = at + 1;
    room.order[at] = row;
    room.loss[at] = loss[i] ?? 0;
  }
}

/** The same frame with its rows numbered as they lie, and the codes of the later columns moved along: what follows reads memory in order. */
export function renumber(frame: Frame, after: number, room: Room): Frame {
  const rows = frame.starts.at(-1) ?? 0;
  const codes = frame.codes.map((source, column) => {
    if (column <= after) return source;
    const target = room.codes[column] ??= source.slice();
    for (let i = 0; i < rows; i++) target[i] = source[frame.order[i] ?? 0] ?? 0;
    return target;
  });
  for (let i = 0; i < rows; i++) frame.order[i] = i;
  return { ...frame, codes };
}

/** Sums by code, all zero between uses. */
export interface Tally { size: Int32Array; sum: Float64Array; largest: Float64Array }

/** Adds up slice g of the frame by the codes of a column. */
export function tallySlice({ starts, splits, order, loss }: Frame, g: number, codes: Codes, { size, sum, largest }: Tally): void {
  const split = splits[g] ?? 0;
  const to = starts[g + 1] ?? 0;
  for (let i = starts[g] ?? 0; i < split; i++) {
    const code = codes[order[i] ?? 0] ?? 0;
    const value = loss[i] ?? 0;
    size[code] = (size[code] ?? 0) + 1;
    sum[code] = (sum[code] ?? 0) + value;
    if (value > (largest[code] ?? 0)) largest[code] = value;
  }
  for (let i = split; i < to; i++) {
    const code = codes[order[i] ?? 0] ?? 0;
    size[code] = (size[code] ?? 0) + 1;
  }
}
