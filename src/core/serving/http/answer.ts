/** Predictions as the protocol answers them: {"predictions": [...]}, a label or a number a row; with probabilities where they are asked for. */
import type { Scalar, Scored, ServedSchema } from '../types';

/** What is said of each row: the label in the model's own type, or the number. */
export function predictionsOf({ labels, scores, width }: Scored, schema: ServedSchema, count: number): Scalar[] {
  return Array.from({ length: count }, (_, row) => {
    if (schema.gives !== 'label') return scores ? finite(scores[row * width]) : typed(labels?.[row] ?? null, schema);
    return typed(labels ? labels[row] ?? null : largest(scores, { width, row, classes: schema.classes }), schema);
  });
}

function typed(label: string | null, { labels, gives }: ServedSchema): Scalar {
  if (label === null) return null;
  if (labels === 'bool') return label === 'True';
  return labels === 'text' && gives === 'label' ? label : Number(label);
}
const finite = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value);

function largest(scores: Float64Array | null, { width, row, classes }: { width: number; row: number; classes: readonly string[] | null }): string | null {
  if (!scores || !classes) return null;
  let best = 0;
  for (let at = 1; at < width; at++) if ((scores[row * width + at] ?? -Infinity) > (scores[row * width + best] ?? -Infinity)) best = at;
  return classes[best] ?? null;
}

/** Whether its scores are one a class, in the order of the classes. */
export const byClass = ({ classes, width, gives }: Pick<ServedSchema, 'classes' | 'width' | 'gives'>): boolean => gives === 'label' && classes !== null && classes.length === width && width > 1;

/** By class, or the lone score under `score`; null where the model gives none. */
export function probabilitiesOf({ scores, width }: Scored, schema: ServedSchema, count: number): (Record<string, number | null> | null)[] {
  const names = byClass(schema) ? (schema.classes ?? []) : ['score'];
  return Array.from({ length: count }, (_, row) => (scores && width >= names.length ? Object.fromEntries(names.map((name, at) => [name, finite(scores[row * width + at])])) : null));
}

/** What rules on the output call `score`: of two classes the second one's probability, of more the largest, else the number or score itself. */
export function scoreOf({ scores, width }: Scored, schema: ServedSchema, row: number): number | null {
  if (!scores || width === 0) return null;
  if (!byClass(schema)) return finite(scores[row * width]);
  if (width === 2) return finite(scores[row * 2 + 1]);
  return finite(scores.subarray(row * width, (row + 1) * width).reduce((a, b) => Math.max(a, b), -Infinity));
}
