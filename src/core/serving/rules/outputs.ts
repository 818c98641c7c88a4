/** What rules on the output see beside the inputs: `prediction`, `score`, and the probabilities by the names that the log gives them. */
import type { Values } from '../../evaluation/data/types';
import { classColumn } from '../../monitoring/log/place';
import { byClass, scoreOf } from '../http/answer';
import type { Rows, Scalar, Scored, ServedColumn, ServedSchema } from '../types';

export function outputColumns(schema: ServedSchema): ServedColumn[] {
  const text = schema.gives === 'label' && schema.labels !== 'float';
  return [
    { name: 'prediction', type: text ? 'string' : 'float', nullable: true }, { name: 'score', type: 'float', nullable: true },
    ...(byClass(schema) ? (schema.classes ?? []).map((name): ServedColumn => ({ name: classColumn(name), type: 'float', nullable: true })) : []),
  ];
}

/** Inputs and outputs together. An input that is called as an output is keeps its name; the output is then not seen. */
export function withOutputs(rows: Rows, { scored, predictions }: { scored: Scored; predictions: readonly Scalar[] }, schema: ServedSchema): Rows {
  const columns: Record<string, Values> = {};
  outputColumns(schema).forEach(({ name, type }, at) => {
    const cells = Array.from({ length: rows.count }, (_, row) => (at === 0 ? predictions[row] ?? null : at === 1 ? scoreOf(scored, schema, row) : scored.scores?.[row * scored.width + at - 2] ?? null));
    const missing = Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0));
    columns[name] = type === 'string' ? { type, values: cells.map((cell) => (typeof cell === 'boolean' ? (cell ? 'True' : 'False') : String(cell ?? ''))), missing } : { type: 'float', values: Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell))), missing };
  });
  return { count: rows.count, columns: { ...columns, ...rows.columns } };
}
