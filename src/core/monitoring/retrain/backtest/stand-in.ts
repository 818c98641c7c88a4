/** A model in place of the experiment's own: boosted trees over the inputs of the log, fitted in moments, so that a policy can be tried on months at once. */
import { codedBy, codingOf, type Coding } from '../../performance/features';
import { fitTrees, type Trees } from '../../learn/trees';
import { inputsOf, type History, type Range, type Scorer } from './history';

const SETTINGS = { rounds: 60, leaves: 15 } as const;

interface Part { codings: Map<string, Coding>; trees: Trees }
export interface Fitting { seed: number; signal?: AbortSignal | undefined }

/** Two classes: the positive one's chance; more: each against all others, brought to a sum of 1; numbers: the expected one. Texts are ordered by the target's mean. Throws cancelled. */
export async function fitStandIn(history: History, range: Range, fitting: Fitting): Promise<Scorer> {
  const { truth } = history;
  const { classes, positive } = truth;
  const targets = truth.codes === null ? [numbers(truth.numbers, range)] : positive === null ? classes.map((_, code) => hits(truth.codes, range, code)) : [hits(truth.codes, range, positive)];
  const inputs = inputsOf(history, range);
  const parts: Part[] = [];
  for (const target of targets) {
    const codings = new Map([...inputs].map(([name, column]) => [name, codingOf(column, target)]));
    const features = [...inputs].map(([name, column]) => codedBy(codings.get(name) ?? { kind: 'number' }, column));
    parts.push({ codings, trees: await fitTrees({ features, target, loss: truth.codes === null ? 'squared' : 'logistic', ...SETTINGS, ...fitting }) });
  }
  return {
    async score(of) {
      const asked = inputsOf(history, of);
      const said = parts.map(({ codings, trees }) => trees.predict([...asked].map(([name, column]) => codedBy(codings.get(name) ?? { kind: 'number' }, column))));
      const rows = of.to - of.from;
      if (truth.codes === null) return { predicted: null, numbers: said[0] ?? new Float64Array(rows), probabilities: null, scores: null, unscored: new Map() };
      const probabilities = chances(said, { rows, classes: classes.length, positive });
      return { predicted: largest(probabilities, rows, classes.length), numbers: null, probabilities, scores: null, unscored: new Map() };
    },
  };
}

const hits = (codes: Int32Array | null, { from, to }: Range, code: number): Float64Array => Float64Array.from({ length: to - from }, (_, at) => (codes?.[from + at] === code ? 1 : 0));
const numbers = (values: Float64Array | null, { from, to }: Range): Float64Array => Float64Array.from({ length: to - from }, (_, at) => values?.[from + at] ?? 0);

function chances(said: readonly Float64Array[], { rows, classes, positive }: { rows: number; classes: number; positive: number | null }): Float64Array {
  const out = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    if (positive !== null) {
      const p = said[0]?.[row] ?? NaN;
      for (let c = 0; c < classes; c++) out[row * classes + c] = c === positive ? p : 1 - p;
      continue;
    }
    let sum = 0;
    for (const one of said) sum += one[row] ?? 0;
    for (let c = 0; c < classes; c++) out[row * classes + c] = sum > 0 ? (said[c]?.[row] ?? 0) / sum : 1 / classes;
  }
  return out;
}

function largest(probabilities: Float64Array, rows: number, classes: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if ((probabilities[row * classes + c] ?? 0) > (probabilities[row * classes + best] ?? 0)) best = c;
    return best;
  });
}
