/** A model's raw output, gathered over batches, and what it says once classes and threshold are known. */
import { RunyardError } from '../../base/errors';
import type { BatchScores } from '../models/types';
import type { Warning } from '../../../protocol/evaluation/result';
import { classFinder } from './labels';
import type { Truth } from './truth';
import type { ScoredModel } from './scored';

export interface RawOutput { codes: Int32Array | null; names: string[]; scores: Float64Array | null; width: number; failed: Map<number, string> }

/** Puts batches together: labels as codes, scores side by side. */
export function collectOutput(rows: number): { take(from: number, count: number, batch: BatchScores): void; done(): RawOutput } {
  const out: RawOutput = { codes: null, names: [], scores: null, width: 0, failed: new Map() };
  const byName = new Map<string, number>();
  return {
    take(from, count, { labels, scores, width, failed }) {
      for (const [row, why] of failed) out.failed.set(from + row, why);
      if (labels) {
        out.codes ??= new Int32Array(rows).fill(-1);
        for (let at = 0; at < count; at++) {
          const name = labels[at];
          if (name === null || name === undefined) continue;
          let code = byName.get(name);
          if (code === undefined) {
            code = out.names.push(name) - 1;
            byName.set(name, code);
          }
          out.codes[from + at] = code;
        }
      }
      if (!scores || width === 0) return;
      if (!out.scores) {
        out.width = width;
        out.scores = new Float64Array(rows * width).fill(NaN);
      }
      if (width !== out.width) throw new RunyardError('bad_input', `the model gave ${width} scores for row ${from} and ${out.width} before`, 'give every row as many scores as there are classes');
      out.scores.set(scores.subarray(0, count * width), from * width);
    },
    done: () => out,
  };
}

/** Whether all scores that are there are in [0, 1], but for rounding. */
export function inUnit({ scores }: RawOutput): boolean {
  if (!scores) return false;
  for (let at = 0; at < scores.length; at++) {
    const value = scores[at] ?? NaN;
    if (value < -1e-6 || value > 1 + 1e-6) return false;
  }
  return true;
}

export interface Saying { classes: readonly string[] | null; threshold: number | null; who: string }

/**
 * Predictions by the classes of `truth`. `classes`: of the model's own columns, in their order (null: those of `truth`). With a threshold a row is
 * positive whose score is at or above it; without one the model's label counts, or else the class of the largest probability (the first of equal ones).
 * A score alone is the positive class's: a probability where all are in [0, 1] and the task is not ranking. Rows without a usable output are unscored.
 */
export function sayOf(raw: RawOutput, truth: Truth, { classes, threshold, who }: Saying): { model: ScoredModel; warnings: Warning[] } {
  const unscored = new Map(raw.failed);
  if (truth.task === 'regression') return { model: regression(raw, unscored, who), warnings: [] };
  const warnings: Warning[] = [];
  const k = truth.classes.length;
  const columns = raw.scores && arranged(raw, truth, classes);
  if (raw.scores && !columns) warnings.push({ code: 'scores_not_used', message: `${who} gives ${raw.width} scores a row for ${k} classes: only its labels are judged`, hint: 'name the classes in the order of the scores (classes)' });
  if (!columns && !raw.codes) throw new RunyardError('bad_input', `${who} gives ${raw.scores ? `${raw.width} scores a row and no label` : 'neither labels nor scores'} for ${k} classes`, 'name the classes in the order of the scores (classes), or the output that holds the label (mapping)');
  const unit = inUnit(raw);
  const probabilities = columns && unit && truth.task !== 'ranking' ? widened(columns, raw.width, truth) : null;
  const scores = columns && !probabilities && truth.positive !== null ? positiveOf(columns, raw.width, truth.positive) : null;
  if (columns && !unit && truth.task !== 'ranking') warnings.push({ code: 'not_probabilities', message: `${who}'s scores are no probabilities (some are outside 0 to 1): log loss, Brier score and calibration are left out`, hint: 'call the task ranking, or give probabilities' });
  const rows = truth.codes?.length ?? 0;
  const score = scores ?? (probabilities && truth.positive !== null ? positiveOf(probabilities, k, truth.positive) : null);
  let predicted: Int32Array | null = null;
  if (threshold !== null && score && truth.positive !== null) predicted = byThreshold(score, threshold, truth.positive);
  else if (raw.codes) predicted = byLabel(raw.codes, raw.names, { truth, classes });
  else if (probabilities) predicted = largest(probabilities, k);
  else if (columns && truth.task === 'multiclass') predicted = largest(columns, k);
  for (let row = 0; row < rows; row++) {
    if (unscored.has(row)) continue;
    const noScore = columns !== null && hasNone(columns, raw.width, row);
    const noLabel = predicted !== null && (predicted[row] ?? -1) < 0;
    if (noScore || noLabel) unscored.set(row, noScore ? 'its score is no number' : 'no prediction');
  }
  for (const row of unscored.keys()) if (predicted) predicted[row] = -1;
  return { model: { predicted, numbers: null, probabilities, scores, unscored }, warnings };
}

function regression(raw: RawOutput, unscored: Map<number, string>, who: string): ScoredModel {
  let numbers = raw.scores;
  if (raw.scores && raw.width !== 1) throw new RunyardError('bad_input', `${who} gives ${raw.width} numbers a row, and a regression has one`, 'name the output that holds the number (mapping.scores), or another task');
  if (!numbers && raw.codes) {
    const values = raw.names.map(Number);
    numbers = Float64Array.from(raw.codes, (code) => (code < 0 ? NaN : (values[code] ?? NaN)));
  }
  if (!numbers) throw new RunyardError('bad_input', `${who} gives no number`, 'name the output or the column that holds it');
  for (let row = 0; row < numbers.length; row++) {
    if (Number.isFinite(numbers[row])) continue;
    if (!unscored.has(row)) unscored.set(row, 'its prediction is no number');
    numbers[row] = NaN;
  }
  return { predicted: null, numbers, probabilities: null, scores: null, unscored };
}

/** The scores with their columns in the order of the classes; null where they can't be told apart. One column is the positive class's. */
function arranged({ scores, width }: RawOutput, truth: Truth, own: readonly string[] | null): Float64Array | null {
  const k = truth.classes.length;
  if (!scores || (width === 1 && truth.positive !== null)) return scores;
  if (width !== k) return null;
  if (!own) return scores;
  const find = classFinder(truth.classes);
  const places = own.map(find);
  // Names that aren't the classes' are in their order: the request says what they are called.
  if (places.every((place) => place < 0) || places.every((place, at) => place === at)) return scores;
  if (own.length !== k || new Set(places).size !== k || places.includes(-1)) return null;
  const out = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += k) for (let c = 0; c < k; c++) out[start + (places[c] ?? 0)] = scores[start + c] ?? NaN;
  return out;
}

/** One probability a row as two: the other class's is 1 - p. */
function widened(columns: Float64Array, width: number, { positive, classes }: Truth): Float64Array {
  if (width !== 1 || positive === null) return columns;
  const k = classes.length;
  const out = new Float64Array(columns.length * k);
  for (let row = 0; row < columns.length; row++) {
    const p = columns[row] ?? NaN;
    out[row * k + positive] = p;
    out[row * k + (1 - positive)] = 1 - p;
  }
  return out;
}

function positiveOf(columns: Float64Array, width: number, positive: number): Float64Array {
  if (width === 1) return columns;
  const out = new Float64Array(columns.length / width);
  for (let row = 0; row < out.length; row++) out[row] = columns[row * width + positive] ?? NaN;
  return out;
}

function byThreshold(score: Float64Array, threshold: number, positive: number): Int32Array {
  const out = new Int32Array(score.length);
  for (let row = 0; row < out.length; row++) out[row] = Number.isNaN(score[row]) ? -1 : (score[row] ?? NaN) >= threshold ? positive : 1 - positive;
  return out;
}

function byLabel(codes: Int32Array, names: readonly string[], { truth, classes }: { truth: Truth; classes: readonly string[] | null }): Int32Array {
  const find = classFinder(truth.classes);
  const own = classes && classes.length === truth.classes.length && classes.every((name) => find(name) < 0) ? classFinder(classes) : null;
  const places = Int32Array.from(names, (name) => {
    const found = find(name);
    const renamed = found < 0 && own ? own(name) : found;
    return renamed < 0 ? truth.classes.length : renamed;
  });
  const out = new Int32Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = (codes[row] ?? -1) < 0 ? -1 : (places[codes[row] ?? 0] ?? -1);
  return out;
}

function largest(columns: Float64Array, k: number): Int32Array {
  const out = new Int32Array(columns.length / k);
  for (let row = 0; row < out.length; row++) {
    let best = 0;
    for (let c = 1; c < k; c++) if ((columns[row * k + c] ?? NaN) > (columns[row * k + best] ?? NaN)) best = c;
    out[row] = Number.isNaN(columns[row * k]) ? -1 : best;
  }
  return out;
}

function hasNone(columns: Float64Array, width: number, row: number): boolean {
  for (let c = 0; c < width; c++) if (!Number.isFinite(columns[row * width + c])) return true;
  return false;
}
