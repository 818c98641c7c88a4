/** Rows that a person said must come out right. */
import type { PinnedExample } from '../../../protocol/evaluation/request';
import type { PinnedResult } from '../../../protocol/evaluation/result';
import { shown } from './checks';
import { classFinder, noClass } from './labels';
import type { Scored } from './scored';

/** By the row's id. Cannot tell where no row has it, or the model has no prediction of it. A number is right within `within` (0 unless given). */
export function pinnedResults(examples: readonly PinnedExample[], { ids, classes, model, task }: Scored): PinnedResult[] {
  if (examples.length === 0) return [];
  const wanted = new Set(examples.map(({ id }) => id));
  const rows = new Map<string, number>();
  ids.forEach((id, row) => {
    if (wanted.has(id) && !rows.has(id)) rows.set(id, row);
  });
  const find = classFinder(classes);
  return examples.map((example): PinnedResult => {
    const row = rows.get(example.id);
    if (row === undefined) return { example, outcome: 'cannot tell', row: null, predicted: null, reason: `no row has the id ${example.id}` };
    const why = model.unscored.get(row);
    if (why !== undefined) return { example, outcome: 'cannot tell', row, predicted: null, reason: `row ${row} has no prediction: ${why}` };
    if (task === 'regression') {
      const [value, expected] = [model.numbers?.[row] ?? NaN, Number(example.expected)];
      const off = Math.abs(value - expected);
      const right = off <= (example.within ?? 0);
      return { example, outcome: right ? 'pass' : 'fail', row, predicted: value, reason: `predicted ${shown(value)}, expected ${shown(expected)}${example.within === undefined ? '' : ` within ${shown(example.within)}`}` };
    }
    const code = model.predicted?.[row] ?? -1;
    if (code < 0) return { example, outcome: 'cannot tell', row, predicted: null, reason: 'the model gives a score and no label: set a threshold' };
    const predicted = classes[code] ?? noClass;
    const expected = find(String(example.expected));
    return { example, outcome: expected === code ? 'pass' : 'fail', row, predicted, reason: expected < 0 ? `"${String(example.expected)}" is none of the classes` : `predicted ${predicted}, expected ${classes[expected] ?? ''}` };
  });
}
