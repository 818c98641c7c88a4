/** Gradient boosted trees over columns of numbers: a model that is fitted in a second, for losses (DLE), for telling two data sets apart, for a stand-in of a model. */
import { RunyardError } from '../../base/errors';
import { pause } from '../../base/stopping';
import { binEdges, codesOf, MOST_BINS } from './bins';
import { growTree, roomFor, type Growing, type Tree } from './grow';
import { layoutOf } from './histogram';

export interface TreeOptions {
  /** columns of the same length; NaN is missing and goes left or right as learnt, infinities are values */
  features: readonly Float64Array[];
  /** numbers; with the loss 'logistic' 0 or 1, or a chance between */
  target: Float64Array;
  loss: 'squared' | 'logistic';
  /** 100, 31, 0.1, 20 and 254 unless given: LightGBM's own but for the bins (254 at most) */
  rounds?: number; leaves?: number; rate?: number; minLeaf?: number; bins?: number;
  /** draws the values that bins are found from where there are more than 200,000 */
  seed?: number;
  signal?: AbortSignal | undefined;
}
export interface Trees {
  /** One number a row, of columns in the order they were fitted: the expected value, or the chance of 1. */
  predict(features: readonly Float64Array[]): Float64Array;
  /** share of all gain that splits of each column brought; all 0 where nothing was split */
  gains: Float64Array;
}

/** Rows that are predicted together: their codes fit into the processor's cache. */
const BLOCK = 4096;
/** Others get their turn at least this often, ms. */
const TURN = 50;

/**
 * Boosting by Newton's steps on histograms (Friedman 2001; Chen & Guestrin 2016; Ke et al. 2017), leaf-wise, without sampling of rows or columns: the same input
 * gives the same trees. Edge cases: a constant target or only constant columns: no split, all rows get the base value; fewer than 2 · minLeaf rows: the same; no rows: NaN.
 * Throws bad_input where columns differ in length or the target is no number (or outside [0, 1] for 'logistic'); cancelled.
 */
export async function fitTrees(options: TreeOptions): Promise<Trees> {
  const { features, target, loss, rounds = 100, leaves = 31, rate = 0.1, minLeaf = 20, bins = MOST_BINS, seed = 0, signal } = options;
  check(options);
  const rows = target.length;
  const edges = features.map((column) => binEdges(column, Math.max(2, Math.min(bins, MOST_BINS)), seed));
  const base = startOf(target, loss);
  const raw = new Float64Array(rows).fill(base);
  const codes = features.map((column, at) => codesOf(column, edges[at] ?? new Float64Array()));
  const growing: Growing = { layout: layoutOf(edges, codes), codes, gradient: new Float64Array(rows), hessian: new Float64Array(rows).fill(1), leaves: Math.max(2, leaves), minLeaf: Math.max(1, minLeaf), rate, least: leastGain(target, loss) };
  const room = roomFor(rows);
  const gains = new Float64Array(features.length);
  const trees: Tree[] = [];
  let turn = performance.now();
  for (let round = 0; round < rounds; round++) {
    differentiate(target, raw, growing, loss);
    const tree = growTree(growing, room, gains, raw);
    if (!tree) break;
    trees.push(tree);
    if (performance.now() - turn < TURN) continue;
    await pause(signal, 'fitting was cancelled');
    turn = performance.now();
  }
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return { gains: total > 0 ? gains.map((gain) => gain / total) : gains, predict: (columns) => predict(columns, { edges, trees, base, loss }) };
}

function check({ features, target, loss }: TreeOptions): void {
  const short = features.findIndex(({ length }) => length !== target.length);
  if (short >= 0) throw new RunyardError('bad_input', `column ${short} has ${features[short]?.length ?? 0} values, the target ${target.length}`, 'give columns of one length');
  const bad = target.findIndex((value) => !Number.isFinite(value) || (loss === 'logistic' && (value < 0 || value > 1)));
  if (bad >= 0) throw new RunyardError('bad_input', `the target of row ${bad} is ${target[bad]}`, loss === 'logistic' ? 'give numbers from 0 to 1' : 'give finite numbers: leave rows without one out');
}

const chance = (raw: number): number => 1 / (1 + Math.exp(-raw));

/** The mean, or its log-odds; half a row is added to either class so that one class alone has finite odds. */
function startOf(target: Float64Array, loss: TreeOptions['loss']): number {
  const sum = target.reduce((so, value) => so + value, 0);
  if (loss === 'squared') return sum / target.length;
  const single = sum <= 0 || sum >= target.length ? 0.5 : 0;
  return target.length === 0 ? NaN : Math.log((sum + single) / (target.length - sum + single));
}

/** Below it a gain is rounding. */
function leastGain(target: Float64Array, loss: TreeOptions['loss']): number {
  if (loss === 'logistic') return 1e-10 * target.length;
  const mean = startOf(target, loss);
  return target.reduce((sum, value) => sum + 1e-10 * (value - mean) ** 2 + 1e-24 * value * value, 0);
}

function differentiate(target: Float64Array, raw: Float64Array, { gradient, hessian }: Growing, loss: TreeOptions['loss']): void {
  if (loss === 'squared') {
    for (let row = 0; row < target.length; row++) gradient[row] = (raw[row] ?? 0) - (target[row] ?? 0);
    return;
  }
  for (let row = 0; row < target.length; row++) {
    const p = chance(raw[row] ?? 0);
    gradient[row] = p - (target[row] ?? 0);
    hessian[row] = Math.max(1e-16, p * (1 - p));
  }
}

interface Fitted { edges: Float64Array[]; trees: Tree[]; base: number; loss: TreeOptions['loss'] }

function predict(features: readonly Float64Array[], { edges, trees, base, loss }: Fitted): Float64Array {
  if (features.length !== edges.length) throw new RunyardError('bad_input', `${features.length} columns, but it was fitted on ${edges.length}`, 'give the same columns in the same order');
  const rows = features[0]?.length ?? 0;
  const found = new Float64Array(rows).fill(base);
  const used = new Set(trees.flatMap(({ feature }) => [...feature].filter((one) => one >= 0)));
  const none = new Uint8Array();
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    const codes = edges.map((one, at) => (used.has(at) ? codesOf(features[at] ?? new Float64Array(), one, from, to) : none));
    for (const tree of trees) addTree(tree, codes, found.subarray(from, to));
  }
  if (loss === 'logistic') for (let row = 0; row < rows; row++) found[row] = chance(found[row] ?? 0);
  return found;
}

function addTree({ feature, limit, shift, left, right, value }: Tree, codes: readonly Uint8Array[], into: Float64Array): void {
  for (let row = 0; row < into.length; row++) {
    let node = 0;
    for (let column = feature[0] ?? -1; column >= 0; column = feature[node] ?? -1) {
      node = ((((codes[column] as Uint8Array)[row] ?? 0) - (shift[node] ?? 0)) & 255) > (limit[node] ?? 0) ? (right[node] ?? 0) : (left[node] ?? 0);
    }
    into[row] = (into[row] ?? 0) + (value[node] ?? 0);
  }
}
