/** A model's tensors as labels in text and scores in doubles. */
import type { Roles } from './outputs';
import { ofHalf } from './feeds';
import type { Tensor } from './session';

/** A batch's predictions being put together: rows come in parts, where a batch had to be split. */
export interface Gathered { labels: (string | null)[] | null; scores: Float64Array | null; width: number; failed: Map<number, string> }

export const gathering = (): Gathered => ({ labels: null, scores: null, width: 0, failed: new Map() });

export interface Part { /** of the batch */ rows: number; /** where these rows begin */ from: number; /** how many of the tensors' rows count */ count: number; classes: readonly string[] | null }

/** Puts a run's outputs where they belong. Throws where a tensor has not as many rows as it was fed. */
export function take(into: Gathered, outputs: Readonly<Record<string, Tensor>>, roles: Roles, part: Part): void {
  const { rows, from, count, classes } = part;
  const label = roles.label === null ? undefined : outputs[roles.label];
  if (label) {
    into.labels ??= new Array<string | null>(rows).fill(null);
    const fed = label.dims[0] ?? label.data.length;
    if (label.data.length < count || fed < count) throw new Error(`output '${roles.label ?? ''}' has ${label.data.length} values for ${count} rows`);
    labelsOf(label, { into: into.labels, from, count, classes });
  }
  const tensors = roles.scores.map((name) => outputs[name]).filter((tensor) => tensor !== undefined);
  if (tensors.length === 0) return;
  const widths = tensors.map((tensor, at) => widthOf(roles.scores[at] ?? '', tensor, count));
  const sum = widths.reduce((a, b) => a + b, 0);
  const width = roles.as === 'both' && sum === 1 ? 2 : sum;
  if (into.scores === null) { into.scores = new Float64Array(rows * width).fill(NaN); into.width = width; }
  if (into.width !== width) throw new Error(`output '${roles.scores[0] ?? ''}' has ${width} columns here and ${into.width} before`);
  let at = 0;
  tensors.forEach((tensor, index) => {
    const values = numbersOf(tensor);
    const own = widths[index] as number;
    if (width === own) into.scores?.set(values.length === count * own ? values : values.subarray(0, count * own), from * width);
    else for (let row = 0; row < count; row++) for (let column = 0; column < own; column++) (into.scores as Float64Array)[(from + row) * width + at + column + (width > sum ? 1 : 0)] = values[row * own + column] as number;
    at += own;
  });
  finish(into, roles.as, part);
}

function widthOf(name: string, { data, dims }: Tensor, count: number): number {
  const rows = dims.length === 0 ? 1 : (dims[0] as number);
  if (rows < count || data.length === 0) throw new Error(`output '${name}' is [${dims.join(',')}] for ${count} rows`);
  return data.length / rows;
}

type Narrow = Float32Array | Float64Array;
function numbersOf({ type, data }: Tensor): Narrow {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === 'float16') return Float64Array.from(data as Uint16Array, ofHalf);
  if (Array.isArray(data)) return Float64Array.from(data, Number);
  return data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data as unknown as bigint[], Number) : Float64Array.from(data);
}

/** Turns scores into what they are given as, and names rows whose scores are no numbers. */
function finish({ scores, width, failed, labels }: Gathered, as: Roles['as'], { from, count }: Part): void {
  if (!scores) return;
  for (let row = from; row < from + count; row++) {
    const start = row * width;
    if (as === 'both' && width === 2) scores[start] = 1 - (scores[start + 1] as number);
    else if (as === 'exp') for (let at = start; at < start + width; at++) scores[at] = Math.exp(scores[at] as number);
    else if (as === 'softmax') softmax(scores, start, start + width);
    let fine = true;
    for (let at = start; at < start + width; at++) if (!Number.isFinite(scores[at])) fine = false;
    if (fine) continue;
    failed.set(row, `the model gave ${scores.subarray(start, start + width).some(Number.isNaN) ? 'NaN, which is no number' : 'an infinite number'}`);
    scores.fill(NaN, start, start + width);
    if (labels) labels[row] = null;
  }
}

function softmax(scores: Float64Array, from: number, to: number): void {
  let most = -Infinity;
  for (let at = from; at < to; at++) most = Math.max(most, scores[at] as number);
  let sum = 0;
  for (let at = from; at < to; at++) sum += scores[at] = Math.exp((scores[at] as number) - most);
  for (let at = from; at < to; at++) scores[at] = (scores[at] as number) / sum;
}

interface Labels { into: (string | null)[]; from: number; count: number; classes: readonly string[] | null }

/** Labels as text: whole numbers in decimal digits, booleans as 'True' and 'False'. Where the classes are names and the label is a place among them, the name. */
function labelsOf({ type, data, dims }: Tensor, { into, from, count, classes }: Labels): void {
  const across = dims.length > 1 ? data.length / (dims[0] as number) : 1;
  if (across !== 1) throw new Error(`the label is [${dims.join(',')}], not one value a row`);
  if (Array.isArray(data)) {
    for (let row = 0; row < count; row++) into[from + row] = data[row] as string;
    return;
  }
  const names = new Map<number | bigint, string>();
  const words = data instanceof BigInt64Array ? new Int32Array(data.buffer, data.byteOffset, data.length * 2) : null;
  const byPlace = classes !== null && type !== 'bool' && !classes.some((name) => /^-?\d+(\.0*)?$/.test(name));
  for (let row = 0; row < count; row++) {
    // an int64 that fits into its lower half is read from there: a BigInt for each row takes several times longer
    const low = words ? words[row * 2] as number : 0;
    const value = words && words[row * 2 + 1] === low >> 31 ? low : data[row] as number | bigint;
    let name = names.get(value);
    if (name === undefined) {
      name = byPlace ? (classes[Number(value)] ?? nameOf(value, type)) : nameOf(value, type);
      names.set(value, name);
    }
    into[from + row] = name;
  }
}

function nameOf(value: number | bigint, type: string): string {
  if (type === 'bool') return value ? 'True' : 'False';
  if (type === 'float16') return String(ofHalf(Number(value)));
  return Object.is(value, -0) ? '0' : String(value);
}
