/** One more column: counts the slices of a length within those of one column less. */
import { RunyardError } from '../../base/errors';
import type { Codes } from './column';
import { divide, renumber, tallySlice, type Frame, type Room, type Tally } from './frame';
import { findSlice, nodeKey, nodeOf, nothingFound, reaches, type Found, type Node } from './node';
import { sliceScore, tie, type Scale } from './score';
import type { Top } from './top';

/**
 * What a search knows while it runs. `nodes` by their columns; `rooms[i]` is for conjunctions of i + 1. `counted`: slices with rows
 * that were looked at; `stored`: those kept because better ones may lie within. */
export interface Search {
  scale: Scale; top: Top; base: Frame; codes: readonly Codes[]; values: readonly number[]; nodes: Map<string, Node>;
  rooms: readonly Room[]; tally: Tally; counted: number; stored: number; maxStored: number;
}

/** Walks the nodes of `length - 1` columns in order and counts each one's extensions; yields after each. With `keep`, stores what may be extended again. */
export function* countLevel(search: Search, length: number, keep: boolean): Generator<void, void> {
  const kept: { node: Node; parents: number }[] = [];
  const walk = function* (frame: Frame, path: readonly Node[]): Generator<void, void> {
    const node = path.at(-1);
    if (path.length === length - 1 && node) {
      for (const { columns, found } of extend(search, frame, path)) {
        const made = keep ? nodeOf(columns, found, node.size.length, { scale: search.scale, threshold: search.top.threshold() }) : undefined;
        if (made) kept.push({ node: made, parents: node.size.length });
        makeRoom(search, made?.size.length ?? 0);
      }
      yield;
      return;
    }
    const columns = node?.columns ?? [];
    for (let column = (columns.at(-1) ?? -1) + 1; column < search.codes.length; column++) {
      const child = search.nodes.get(nodeKey([...columns, column]));
      const room = search.rooms[path.length];
      if (!child || !room) continue;
      const divided = divide(frame, child, room);
      // Moving the codes pays where each is read again and again: from the third column on.
      yield* walk(path.length === 0 && length > 2 ? renumber(divided, column, room) : divided, [...path, child]);
    }
  };
  yield* walk(search.base, []);
  // Once more by the threshold as it is at the end of the level: the sharpest.
  for (const { node, parents } of kept) {
    const made = nodeOf(node.columns, node, parents, { scale: search.scale, threshold: search.top.threshold() });
    if (made) search.nodes.set(nodeKey(node.columns), made);
    search.stored -= node.size.length - (made?.size.length ?? 0);
  }
}

function makeRoom(search: Search, slices: number): void {
  search.stored += slices;
  if (search.stored <= search.maxStored) return;
  throw new RunyardError('refused', `more than ${search.maxStored} slices could still hold better ones, which is more than memory is kept for`, 'raise the minimum support, search fewer columns or bins, or lower the depth');
}

/** The extensions of one node by every later column. */
function* extend(search: Search, frame: Frame, path: readonly Node[]): Generator<{ columns: number[]; found: Found }, void> {
  const node = path.at(-1);
  if (!node) return;
  const others = otherPrefixes(search, path);
  const limit = { scale: search.scale, threshold: 0 };
  for (let column = (node.columns.at(-1) ?? 0) + 1; column < search.codes.length; column++) {
    const parents = parentsWith(search, path, column, others);
    if (!parents) continue;
    const found = nothingFound();
    for (let g = 0; g < node.size.length; g++) {
      limit.threshold = search.top.threshold();
      if (mayHold(node, g, parents, limit)) countSlice(search, { frame, path, g, column, found });
    }
    if (found.code.length > 0) yield { columns: [...node.columns, column], found };
  }
}

/** For each way to leave out one column of the path but the last: where each slice then is, in the node of the rest. */
interface Other { columns: number[]; place: Int32Array }

function otherPrefixes(search: Search, path: readonly Node[]): Other[] {
  const node = path.at(-1);
  if (!node) return [];
  return node.columns.slice(0, -1).map((_, out) => {
    const columns = node.columns.filter((__, i) => i !== out);
    const place = Int32Array.from(node.size, (__, g) => {
      const codes = codesOf(path, g).filter((___, i) => i !== out);
      let at = 0;
      codes.forEach((code, i) => {
        const step = search.nodes.get(nodeKey(columns.slice(0, i + 1)));
        at = step ? findSlice(step, at, code) : -1;
      });
      return at;
    });
    return { columns, place };
  });
}

/** The codes of slice g of the path's last node, column by column. */
function codesOf(path: readonly Node[], g: number): number[] {
  const codes: number[] = [];
  let at = g;
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i];
    codes.unshift(node?.code[at] ?? 0);
    at = node?.parent[at] ?? 0;
  }
  return codes;
}

/** The nodes whose slices a slice over the path and one more column must be within. Nothing where one of them is empty: then none can be good. */
interface Parents { siblings: Node; others: readonly { node: Node; place: Int32Array }[] }

function parentsWith(search: Search, path: readonly Node[], column: number, others: readonly Other[]): Parents | undefined {
  const before = path.at(-1)?.columns.slice(0, -1) ?? [];
  const siblings = search.nodes.get(nodeKey([...before, column]));
  const found = others.flatMap(({ columns, place }) => {
    const node = search.nodes.get(nodeKey([...columns, column]));
    return node ? [{ node, place }] : [];
  });
  return siblings && found.length === others.length ? { siblings, others: found } : undefined;
}

/** Whether some slice of slice g and one more code lies within known slices only, and by the least of each may reach the threshold. */
function mayHold(node: Node, g: number, { siblings, others }: Parents, limit: { scale: Scale; threshold: number }): boolean {
  const p = node.parent[g] ?? 0;
  const to = siblings.first[p + 1] ?? 0;
  for (let i = siblings.first[p] ?? 0; i < to; i++) {
    let size = Math.min(node.size[g] ?? 0, siblings.size[i] ?? 0);
    let sum = Math.min(node.sum[g] ?? 0, siblings.sum[i] ?? 0);
    let largest = Math.min(node.largest[g] ?? 0, siblings.largest[i] ?? 0);
    if (!reaches(size, sum, largest, limit)) continue;
    let whole = true;
    for (const other of others) {
      const at = findSlice(other.node, other.place[g] ?? 0, siblings.code[i] ?? 0);
      whole = at >= 0;
      if (!whole) break;
      size = Math.min(size, other.node.size[at] ?? 0);
      sum = Math.min(sum, other.node.sum[at] ?? 0);
      largest = Math.min(largest, other.node.largest[at] ?? 0);
    }
    if (whole && (others.length === 0 || reaches(size, sum, largest, limit))) return true;
  }
  return false;
}

/** Counts slice g by the codes of the column, offers each to the top, notes those that may hold better ones, and leaves the tally at zero. */
function countSlice(search: Search, { frame, path, g, column, found }: { frame: Frame; path: readonly Node[]; g: number; column: number; found: Found }): void {
  const { tally, scale, top } = search;
  const codes = frame.codes[column] ?? new Uint8Array(0);
  tallySlice(frame, g, codes, tally);
  const values = search.values[column] ?? 0;
  const from = frame.starts[g] ?? 0;
  const to = frame.starts[g + 1] ?? 0;
  // With more codes than rows it is the rows that say which codes there are.
  const seen = values > 2 * (to - from) ? [...new Set(Array.from(frame.order.subarray(from, to), (row) => codes[row] ?? 0))].sort((a, b) => a - b) : undefined;
  for (let i = 1; i <= (seen?.length ?? values); i++) {
    const code = seen ? (seen[i - 1] ?? 0) : i;
    const size = tally.size[code] ?? 0;
    if (size === 0 || code === 0) continue;
    const sum = tally.sum[code] ?? 0;
    const largest = tally.largest[code] ?? 0;
    tally.size[code] = 0;
    tally.sum[code] = 0;
    tally.largest[code] = 0;
    search.counted++;
    if (size < scale.minSupport || !(sum > 0)) continue;
    const score = sliceScore(size, sum, scale);
    const threshold = top.threshold();
    if (score > tie && score >= threshold) {
      top.add({ columns: [...(path.at(-1)?.columns ?? []), column], codes: [...codesOf(path, g), code], size, sum, largest, score });
    }
    if (!reaches(size, sum, largest, { scale, threshold })) continue;
    found.parent.push(g);
    found.code.push(code);
    found.size.push(size);
    found.sum.push(sum);
    found.largest.push(largest);
  }
  tally.size[0] = 0;
  tally.sum[0] = 0;
  tally.largest[0] = 0;
}
