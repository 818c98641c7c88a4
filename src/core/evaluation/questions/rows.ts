/** A page of examples, sorted by what a person looks for. */
import { RunyardError } from '../../base/errors';
import type { ExampleRow } from '../../../protocol/evaluation/result';
import type { JobParams, JobTable } from '../process/jobs';
import { losses, scoreOf } from '../run/losses';
import type { Scored, ScoredModel } from '../run/scored';
import { openKept, type Opened } from './kept';
import { changes, labelAt, select } from './selection';

type Sort = 'worst' | 'best' | 'order' | 'flip';

/**
 * Rows of the selection, unscored ones at the end (in their place where the order is the data's). `worst`: by loss, then by how far the score was from the truth (the log loss of
 * probabilities); `flip`: by how much worse the model is than the baseline, either way, and of equal ones by how far the score moved. Features are read for the page's rows only.
 */
export const rows: JobTable['rows'] = async (params, { signal }) => {
  await using kept = await openKept(params, signal);
  const { doc, scored } = kept;
  const { offset, limit } = params;
  const order = await orderOf(kept, params, signal);
  const page = order.slice(offset, offset + limit);
  const columns = params.columns ?? doc.data.columns.map(({ name }) => name);
  const strange = columns.find((name) => !doc.data.columns.some((column) => column.name === name));
  if (strange !== undefined) throw new RunyardError('not_found', `the data have no column ${strange}`, `they have ${doc.data.columns.map(({ name }) => name).join(', ')}`);
  const cells = page.length > 0 && columns.length > 0 ? await (await kept.data()).cells([...page], columns) : [];
  const pinned = new Set(doc.request.pinned.map(({ id }) => id));
  const example = exampleOf(scored);
  return { columns, total: order.length, rows: Array.from(page, (row, at) => ({ ...example(row), values: cells[at] ?? [], pinned: pinned.has(scored.ids[row] ?? '') })) };
};

/** The order that was asked for last: the next page is one of it. */
const last = new WeakMap<Scored, { key: string; order: Int32Array }>();

async function orderOf(kept: Opened, { selection, sort }: Pick<JobParams<'rows'>, 'selection' | 'sort'>, signal: AbortSignal): Promise<Int32Array> {
  const key = JSON.stringify([selection, sort]);
  const known = last.get(kept.scored);
  if (known?.key === key) return known.order;
  const { rows: chosen } = await select(kept, selection, { signal });
  const order = sorted(chosen, sort, kept.scored);
  last.set(kept.scored, { key, order });
  return order;
}

/** What is known of one row, but for its features. */
export function exampleOf(scored: Scored): (row: number) => Omit<ExampleRow, 'values' | 'pinned'> {
  const { classes, truth, truthNumbers, model, baseline } = scored;
  const [loss, score, other] = [losses(scored, model), scoreOf(scored, model), baseline && scoreOf(scored, baseline)];
  const number = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value);
  const predictedBy = (one: ScoredModel | null, row: number): string | number | null =>
    one === null ? null : one.numbers ? number(one.numbers[row]) : labelAt(classes, one.predicted?.[row] ?? -1);
  return (row) => {
    const lost = number(loss[row]);
    const unscored = scored.unlabelled.get(row) ?? model.unscored.get(row) ?? null;
    return {
      row, id: scored.ids[row] ?? String(row), truth: truthNumbers ? number(truthNumbers[row]) : labelAt(classes, truth?.[row] ?? -1),
      predicted: predictedBy(model, row), baseline: predictedBy(baseline, row), score: number(score?.[row]), baselineScore: number(other?.[row]),
      loss: lost, right: lost === null || truthNumbers ? null : lost === 0, unscored,
    };
  };
}

function sorted(rows: Int32Array, sort: Sort, scored: Scored): Int32Array {
  if (sort === 'order') return rows;
  const [first, second] = sort === 'flip' ? flipKeys(scored) : [losses(scored, scored.model), surprise(scored, scored.model)];
  const sign = sort === 'best' ? -1 : 1;
  const last = sort === 'best' ? Infinity : -Infinity;
  const key = (values: Float64Array, row: number): number => { const value = values[row] ?? NaN; return Number.isNaN(value) ? last : value; };
  return rows.slice().sort((a, b) => sign * compare(key(first, b), key(first, a)) || sign * compare(key(second, b), key(second, a)) || a - b);
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function flipKeys(scored: Scored): [Float64Array, Float64Array] {
  const change = changes(scored);
  if (!change) throw new RunyardError('bad_input', 'this evaluation has no baseline, so nothing flipped', 'evaluate with a baseline to compare with');
  const [own, other] = [scoreOf(scored, scored.model), scored.baseline && scoreOf(scored, scored.baseline)];
  const moved = own && other ? own.map((score, row) => Math.abs(score - (other[row] ?? NaN))) : new Float64Array(scored.rows);
  return [change.map(Math.abs), moved];
}

/** How far off the scores are: -ln p of the true class, or the score itself against a ranking's truth. A label that the model gave without scores says nothing. */
function surprise({ rows, classes, truth, positive }: Scored, { probabilities, scores }: ScoredModel): Float64Array {
  const k = classes.length;
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = truth?.[row] ?? -1;
    if (label < 0) continue;
    if (probabilities) out[row] = -Math.log(probabilities[row * k + label] ?? NaN);
    else if (scores) out[row] = (label === positive ? -1 : 1) * (scores[row] ?? NaN);
  }
  return out;
}
