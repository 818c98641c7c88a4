/** One tree of a boosting round, grown leaf by leaf: the leaf whose best split gains most is split next (Shi 2007, as LightGBM, Ke et al. 2017). */
import { bestSplit, addHistogram, subtract, type Layout, type Split } from './histogram';

/** A tree as columns. Inner node: `feature` >= 0, `(code - shift) & 255 > limit` goes to `right`; a missing value's code is 0, so that `shift` says where it goes. Leaf: `feature` -1 and `value`. */
export interface Tree { feature: Int16Array; limit: Uint8Array; shift: Uint8Array; left: Int16Array; right: Int16Array; value: Float64Array }

export interface Growing { layout: Layout; codes: Uint8Array[]; gradient: Float64Array; hessian: Float64Array; leaves: number; minLeaf: number; least: number; rate: number }
interface Leaf { node: number; from: number; to: number; histogram: Float64Array; split: Split | null }

/** Memory that the trees of one boosting share. */
export interface Room { order: Uint32Array; spare: Uint32Array; gathered: Float64Array; histograms: Float64Array[] }
export const roomFor = (rows: number): Room => ({ order: new Uint32Array(rows), spare: new Uint32Array(rows), gathered: new Float64Array(2 * rows), histograms: [] });

/** Grows a tree, adds what its splits gained to `gains` by column and its leaves' values to `raw` by row. Null where nothing can be split. */
export function growTree(growing: Growing, room: Room, gains: Float64Array, raw: Float64Array): Tree | null {
  const { layout, leaves: most } = growing;
  const { order } = room;
  for (let row = 0; row < order.length; row++) order[row] = row;
  const tree = emptyTree(most);
  const root: Leaf = { node: 0, from: 0, to: order.length, histogram: filled(growing, room, 0, order.length), split: null };
  root.split = bestSplit(layout, root.histogram, growing);
  const leaves = [root];
  let nodes = 1;
  while (leaves.length < most) {
    const next = leaves.reduce<Leaf | null>((best, leaf) => (leaf.split && (best?.split?.gain ?? 0) < leaf.split.gain ? leaf : best), null);
    if (!next?.split) break;
    gains[next.split.feature] = (gains[next.split.feature] ?? 0) + next.split.gain;
    const right = splitLeaf(growing, room, next, { tree, nodes });
    nodes += 2;
    leaves.push(right);
  }
  const { gradient, hessian, rate } = growing;
  for (const { node, from, to, histogram } of leaves) {
    room.histograms.push(histogram);
    let [sum, weight] = [0, 0];
    for (let at = from; at < to; at++) {
      sum += gradient[order[at] ?? 0] ?? 0;
      weight += hessian[order[at] ?? 0] ?? 0;
    }
    const value = weight > 0 ? (-rate * sum) / weight : 0;
    tree.value[node] = value;
    if (nodes > 1) for (let at = from; at < to; at++) raw[order[at] ?? 0] = (raw[order[at] ?? 0] ?? 0) + value;
  }
  return nodes === 1 ? null : tree;
}

function emptyTree(leaves: number): Tree {
  const size = 2 * leaves - 1;
  return { feature: new Int16Array(size).fill(-1), limit: new Uint8Array(size), shift: new Uint8Array(size), left: new Int16Array(size), right: new Int16Array(size), value: new Float64Array(size) };
}

/** The leaf becomes its left child; the right one is given back. Only the smaller one's histogram is counted: the other is what it leaves. */
function splitLeaf(growing: Growing, room: Room, leaf: Leaf, { tree, nodes }: { tree: Tree; nodes: number }): Leaf {
  const { feature, limit, shift } = leaf.split ?? { feature: 0, limit: 0, shift: 0 };
  const middle = partition(room, growing.codes[feature] ?? new Uint8Array(), leaf, { limit, shift });
  tree.feature[leaf.node] = feature;
  tree.limit[leaf.node] = limit;
  tree.shift[leaf.node] = shift;
  tree.left[leaf.node] = nodes;
  tree.right[leaf.node] = nodes + 1;
  const right: Leaf = { node: nodes + 1, from: middle, to: leaf.to, histogram: leaf.histogram, split: null };
  const whole = leaf.histogram;
  [leaf.node, leaf.to] = [nodes, middle];
  const [small, large] = middle - leaf.from < right.to - middle ? [leaf, right] : [right, leaf];
  small.histogram = filled(growing, room, small.from, small.to);
  subtract(whole, small.histogram);
  large.histogram = whole;
  for (const one of [leaf, right]) one.split = bestSplit(growing.layout, one.histogram, growing);
  return right;
}

function filled(growing: Growing, room: Room, from: number, to: number): Float64Array {
  const histogram = room.histograms.pop() ?? new Float64Array(growing.layout.size);
  histogram.fill(0);
  addHistogram(growing, room, histogram, { from, to });
  return histogram;
}

/** Rows of the leaf, those that go left first, each side in the order they had: where the right ones begin. */
function partition({ order, spare }: Room, codes: Uint8Array, { from, to }: Leaf, { limit, shift }: { limit: number; shift: number }): number {
  let [left, right] = [from, 0];
  for (let at = from; at < to; at++) {
    const row = order[at] ?? 0;
    if ((((codes[row] ?? 0) - shift) & 255) > limit) spare[right++] = row;
    else order[left++] = row;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}
