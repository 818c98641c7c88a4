/**
 * SliceLine: the k slices of a table with the highest score, exactly (Sagadeeva & Boehm, "SliceLine: Fast, Linear-Algebra-based Slice
 * Finding for ML Model Debugging", SIGMOD 2021). The paper's score, bounds and level-wise pruning; the counting is ours: where the paper
 * multiplies matrices, the rows of each known slice are added up by the codes of one more column, so a pass over the rows
 * counts all slices of a set of columns at once.
 */
import { RunyardError } from '../../base/errors';
import { pause } from '../../base/stopping';
import { checkColumns, codesFor, type CodedColumn, type Codes } from './column';
import { wholeFrame } from './frame';
import { countLevel, type Search } from './level';
import { nodeKey, nodeOf, nothingFound } from './node';
import { sliceScore } from './score';
import { topOf, type Slice } from './top';

/**
 * `alpha` (0 to 1]: the weight of the loss against the size. `minSupport`: the fewest rows of a slice. `depth`: the most columns of one, 1 to 4.
 * `maxTies`: how many that tie with the k-th are returned besides. `maxStored`: how many slices may wait to be extended (28 bytes each).
 */
export interface SearchSettings { alpha: number; k: number; minSupport: number; depth: number; maxTies?: number; maxStored?: number }

/** `done` of `total` column sets of this depth; they differ in size. */
export interface SearchProgress { depth: number; done: number; total: number }

/** `slices`: best first. `counted`: how many slices were looked at; all others were ruled out by a bound. */
export interface SearchResult { slices: Slice[]; rows: number; meanLoss: number; counted: number; tiesLeftOut: number }

/**
 * Searches all conjunctions of up to `depth` columns for the k highest scores above 0 among those with at least `minSupport` rows.
 * `losses`: one per row, finite and not negative (0/1 for wrong, |error|, log loss ...). The order of the rows doesn't matter.
 *
 * Memory: about (codes' bytes × 2 + 12 × depth + 16) a row, 1 byte a code up to 255 values in use, plus 28 bytes a slice that waits to
 * be extended: 200,000 rows × 20 columns × 8 bins take some 50 MB. Time: rows × (column sets), less what the bounds cut off.
 *
 * Edge cases: all losses 0, or all the same, find nothing. A constant column finds each slice twice (leave it out first). A NaN,
 * infinite or negative loss, no rows, or settings out of range are refused by name. More than `maxStored` waiting slices are refused.
 */
export function searchSlices(columns: readonly CodedColumn[], losses: Float64Array, settings: SearchSettings): SearchResult {
  const steps = searchSteps(columns, losses, settings);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same without holding the thread: gives way to other work every 20 ms or after the step it is in (a pass over the rows by each column left: some 10 ms
 * for 200,000 rows and 20 columns), reports progress there, and ends as cancelled when told to.
 */
export async function searchSlicesSlowly(
  columns: readonly CodedColumn[], losses: Float64Array, settings: SearchSettings,
  { signal, progress }: { signal?: AbortSignal; progress?: (state: SearchProgress) => void },
): Promise<SearchResult> {
  const steps = searchSteps(columns, losses, settings);
  await pause(signal);
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < 20) continue;
    progress?.(step.value);
    await pause(signal);
    since = performance.now();
  }
}

/** The search in steps of some milliseconds each. */
export function* searchSteps(columns: readonly CodedColumn[], losses: Float64Array, settings: SearchSettings): Generator<SearchProgress, SearchResult> {
  checkSettings(settings);
  checkLosses(losses);
  checkColumns(columns, losses.length);
  const rows = losses.length;
  const meanLoss = losses.reduce((sum, loss) => sum + loss, 0) / rows;
  const search = yield* start(columns, losses, { settings, meanLoss });
  for (let depth = 2; depth <= settings.depth; depth++) {
    const total = [...search.nodes.values()].filter((node) => node.columns.length === depth - 1).length;
    let done = 0;
    for (const _ of countLevel(search, depth, depth < settings.depth)) yield { depth, done: ++done, total };
  }
  const { slices, tiesLeftOut } = search.top.best();
  return { slices: slices.map((slice) => named(slice, search.kept)), rows, meanLoss, counted: search.counted, tiesLeftOut };
}

/** `kept[c][code]`: the column's own code for the search's. */
interface Started extends Search { kept: number[][] }

/** The first level: what single values are worth; codes renumbered to those that may hold a good slice, 0 for all others. */
function* start(columns: readonly CodedColumn[], losses: Float64Array, { settings, meanLoss }: { settings: SearchSettings; meanLoss: number }): Generator<SearchProgress, Started> {
  const scale = { rows: losses.length, mean: meanLoss, alpha: settings.alpha, minSupport: settings.minSupport };
  const top = topOf(settings.k, settings.maxTies ?? 1000);
  const { order, lossy } = lossesFirst(losses);
  const counts: Search['tally'][] = [];
  for (const column of columns) {
    counts.push(countValues(column, losses));
    yield { depth: 1, done: counts.length, total: columns.length };
  }
  const found = counts.map(({ size, sum, largest }, c) => {
    const values = nothingFound();
    for (let code = 0; code < size.length; code++) {
      const [rows, total, most] = [size[code] ?? 0, sum[code] ?? 0, largest[code] ?? 0];
      if (rows < settings.minSupport || !(total > 0)) continue;
      values.parent.push(0);
      values.code.push(code);
      values.size.push(rows);
      values.sum.push(total);
      values.largest.push(most);
      top.add({ columns: [c], codes: [code], size: rows, sum: total, largest: most, score: sliceScore(rows, total, scale) });
    }
    return values;
  });
  const nodes: Search['nodes'] = new Map();
  const kept: number[][] = [];
  const codes: Codes[] = [];
  for (const [c, column] of columns.entries()) {
    const node = nodeOf([c], found[c] ?? nothingFound(), 1, { scale, threshold: top.threshold() });
    const own = [...(node?.code ?? [])];
    kept.push([-1, ...own]);
    if (node) nodes.set(nodeKey([c]), { ...node, code: node.code.map((_, i) => i + 1) });
    const renumbered = new Uint32Array(column.labels.length);
    own.forEach((code, i) => { renumbered[code] = i + 1; });
    codes.push(codesFor(node ? losses.length : 0, own.length));
    const target = codes[c];
    for (let i = 0; target && i < target.length; i++) target[i] = renumbered[column.codes[order[i] ?? 0] ?? 0] ?? 0;
    yield { depth: 1, done: columns.length, total: columns.length };
  }
  const values = kept.map((own) => own.length - 1);
  const most = values.reduce((a, b) => Math.max(a, b), 0) + 1;
  const room = (): Search['rooms'][number] => ({ order: new Int32Array(losses.length), loss: new Float64Array(losses.length), lookup: new Int32Array(most), codes: [] });
  return {
    scale, top, nodes, kept, codes, values, base: wholeFrame(losses.length, lossy, codes),
    rooms: Array.from({ length: settings.depth - 1 }, room), tally: { size: new Int32Array(most), sum: new Float64Array(most), largest: new Float64Array(most) },
    counted: counts.reduce((sum, { size }) => sum + size.reduce((n, rows) => n + (rows > 0 ? 1 : 0), 0), 0), stored: 0, maxStored: settings.maxStored ?? 1.6e7,
  };
}

/** The rows with a loss, then those without, which need no adding up; and the losses of the first, in that order. */
function lossesFirst(losses: Float64Array): { order: Uint32Array; lossy: Float64Array } {
  const order = new Uint32Array(losses.length);
  const lossy = losses.filter((loss) => loss > 0);
  let [next, rest] = [0, lossy.length];
  for (let row = 0; row < losses.length; row++) {
    if ((losses[row] ?? 0) > 0) order[next++] = row;
    else order[rest++] = row;
  }
  return { order, lossy };
}

function countValues({ codes, labels }: CodedColumn, losses: Float64Array): Search['tally'] {
  const tally = { size: new Int32Array(labels.length), sum: new Float64Array(labels.length), largest: new Float64Array(labels.length) };
  for (let i = 0; i < losses.length; i++) {
    const code = codes[i] ?? 0;
    const loss = losses[i] ?? 0;
    tally.size[code] = (tally.size[code] ?? 0) + 1;
    tally.sum[code] = (tally.sum[code] ?? 0) + loss;
    if (loss > (tally.largest[code] ?? 0)) tally.largest[code] = loss;
  }
  return tally;
}

/** A slice with the columns' own codes again. */
function named(slice: Slice, kept: readonly (readonly number[])[]): Slice {
  if (slice.columns.length === 1) return slice;
  return { ...slice, codes: slice.codes.map((code, i) => kept[slice.columns[i] ?? 0]?.[code] ?? 0) };
}

function checkLosses(losses: Float64Array): void {
  if (losses.length === 0) throw new RunyardError('bad_input', 'there are no rows to search for slices', 'give at least one row');
  const row = losses.findIndex((loss) => !(loss >= 0 && loss < Infinity));
  if (row >= 0) throw new RunyardError('bad_input', `row ${row}: a loss of ${losses[row] ?? ''} can't be searched`, 'losses are finite and not negative: leave rows that could not be scored out first');
}

function checkSettings({ alpha, k, minSupport, depth }: SearchSettings): void {
  if (!(alpha > 0 && alpha <= 1)) throw new RunyardError('bad_input', `alpha is ${alpha}`, 'give a number above 0 and up to 1, such as 0.95');
  for (const [name, value, most] of [['k', k, 1e6], ['minimum support', minSupport, Infinity], ['depth', depth, 4]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) throw new RunyardError('bad_input', `${name} is ${value}`, `give a whole number from 1${most < Infinity ? ` to ${most}` : ''}`);
  }
}
