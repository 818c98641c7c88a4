/** Scored rows made by hand, or drawn. */
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import type { JudgeRequest } from '../../../../../src/core/evaluation/run/asked';
import type { Scored, ScoredModel } from '../../../../../src/core/evaluation/run/scored';
import { evaluationRequest, type SliceSpec } from '../../../../../src/protocol/evaluation/request';

export const noModel: ScoredModel = { predicted: null, numbers: null, probabilities: null, scores: null, unscored: new Map() };
const base = { ids: [], truth: null, truthNumbers: null, unlabelled: new Map<number, string>(), baseline: null, split: null, slices: [], model: noModel } satisfies Partial<Scored>;

/** `positive`: the probability of class 1 by row. */
export function binary(truth: readonly number[], positive: readonly number[], over: Partial<Scored> = {}): Scored {
  return { ...base, rows: truth.length, task: 'binary', classes: ['0', '1'], positive: 1, ids: truth.map((_, row) => `r${row}`), truth: Int32Array.from(truth), model: binaryModel(positive), ...over };
}

export const binaryModel = (positive: readonly number[], unscored: ReadonlyMap<number, string> = new Map()): ScoredModel =>
  ({ ...noModel, predicted: Int32Array.from(positive, (p) => (Number.isNaN(p) ? -1 : p > 0.5 ? 1 : 0)), probabilities: Float64Array.from(positive.flatMap((p) => [1 - p, p])), unscored });

export function regression(truth: readonly number[], predicted: readonly number[], over: Partial<Scored> = {}): Scored {
  return { ...base, rows: truth.length, task: 'regression', classes: [], positive: null, ids: truth.map((_, row) => `r${row}`), truthNumbers: Float64Array.from(truth), model: { ...noModel, numbers: Float64Array.from(predicted) }, ...over };
}

/** Rows whose probabilities mean what they say, of a model that errs by `noise`. Seeded. */
export function drawnRows(rows: number, seed: number, noise = 0.2): { truth: number[]; positive: number[]; other: number[] } {
  const next = random(seed);
  const truth: number[] = [];
  const positive: number[] = [];
  const other: number[] = [];
  const within = (p: number): number => Math.min(0.999, Math.max(0.001, p));
  for (let row = 0; row < rows; row++) {
    const p = unit(next);
    truth.push(unit(next) < p ? 1 : 0);
    positive.push(within(p + noise * (unit(next) - 0.5)));
    other.push(within(p + 3 * noise * (unit(next) - 0.5)));
  }
  return { truth, positive, other };
}

export const slice = (name: string, over: Partial<SliceSpec> = {}): SliceSpec => ({ name, where: 'x', minSupport: 0, thresholds: {}, ...over });
export const member = (rows: number, is: (row: number) => boolean): Uint8Array => Uint8Array.from({ length: rows }, (_, row) => (is(row) ? 1 : 0));

const defaults = evaluationRequest.parse({ model: { file: 'm' }, data: { files: ['d'] }, label: 'y', replicates: 100 });
export const asked = (over: Partial<JudgeRequest> = {}): JudgeRequest => ({ ...defaults, ...over });
