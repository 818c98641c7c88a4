/** What is told of an evaluation beside its figures: of the data, of rows without a prediction, and what to be careful about. */
import { RunyardError } from '../../base/errors';
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { ColumnFacts, DataFacts, Unscored, Warning } from '../../../protocol/evaluation/result';
import type { Data } from '../data/types';
import path from 'node:path';

export interface Roles { label: string; id: string | undefined; split: string | undefined; inputs: ReadonlySet<string>; predictions: ReadonlySet<string> }

export async function dataFacts(data: Data, roles: Roles, { request, looks }: { request: EvaluationRequest; looks: number }): Promise<DataFacts> {
  const missing = await data.missing();
  const roleOf = (name: string): ColumnFacts['role'] =>
    name === roles.label ? 'label' : name === roles.id ? 'id' : name === roles.split ? 'split' : roles.predictions.has(name) ? 'prediction' : roles.inputs.has(name) ? 'input' : 'other';
  const [first = ''] = data.files;
  return {
    name: data.files.length > 1 ? `${path.basename(first)} and ${data.files.length - 1} more` : path.basename(first), digest: data.digest, files: [...data.files], bytes: data.bytes, rows: data.rows,
    columns: data.columns.map(({ name, type, stored }) => ({ name, type, stored, missing: missing[name] ?? 0, role: roleOf(name) })),
    collected: collectedAt(request, data), looks,
  };
}

function collectedAt({ collected }: EvaluationRequest, { changed }: Data): number {
  if (collected === undefined) return changed;
  const at = Date.parse(collected);
  if (Number.isNaN(at)) throw new RunyardError('bad_input', `collected is '${collected}', which is no date`, 'write it as 2026-08-01');
  return at;
}

const DAY = 24 * 3600 * 1000;
/** From so many looks on a set is worn: whoever chooses by it again fits it. */
const manyLooks = 20;

export function ageWarnings({ collected, looks, name }: DataFacts, { maxAgeDays }: EvaluationRequest, now: number): Warning[] {
  const days = Math.floor((now - collected) / DAY);
  const old: Warning[] = maxAgeDays !== undefined && now - collected > maxAgeDays * DAY ? [{ code: 'too_old', message: `${name} is ${days} days old, and ${maxAgeDays} are allowed (maxAgeDays)`, hint: 'collect newer rows, or say when these were collected (collected)', count: days }] : [];
  if (looks < manyLooks) return old;
  return [...old, { code: 'looked_at_often', message: `${name} was looked at ${looks} times: a model that is chosen by it again and again comes to fit it`, hint: 'keep rows apart that are looked at once, at the end', count: looks }];
}

/** How many, why, and the first hundred. */
export function unscoredFacts(unscored: ReadonlyMap<number, string>, ids: readonly string[]): Unscored {
  const reasons: Record<string, number> = {};
  for (const reason of unscored.values()) {
    // Of reasons that name their row or value there may be as many as rows.
    const key = reason in reasons || Object.keys(reasons).length < 50 ? reason : 'for another reason';
    reasons[key] = (reasons[key] ?? 0) + 1;
  }
  const first = [...unscored].sort(([a], [b]) => a - b).slice(0, 100).map(([row, reason]) => ({ row, id: ids[row] ?? '', reason }));
  return { count: unscored.size, reasons, first };
}

export function unscoredWarning({ count, reasons, first }: Unscored, rows: number, who: string): Warning[] {
  if (count === 0) return [];
  const [most = ['', 0]] = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  return [{
    code: 'unscored', message: `${who} could not score ${count} of ${rows} rows (first: row ${first[0]?.row ?? 0}): ${most[0]}${count > most[1] ? ', and other reasons' : ''}`,
    hint: 'they are listed with their reasons and count in no figure', count, rows: first.slice(0, 20).map(({ row }) => row),
  }];
}

/** Values of the id column that occur more than once; the rows' ids are told apart by a running number. */
export async function duplicateIds(data: Data, id: string | undefined, signal: AbortSignal): Promise<Warning[]> {
  if (id === undefined) return [];
  const { values, missing } = await data.column(id, signal);
  const first = new Map<string | number, number>();
  const twice = new Map<string | number, number[]>();
  const rows: number[] = [];
  let without = 0;
  let firstWithout = 0;
  for (let row = 0; row < data.rows; row++) {
    if (missing?.[row]) {
      if (without++ === 0) firstWithout = row;
      continue;
    }
    const value = values[row] ?? '';
    if (!first.has(value)) first.set(value, row);
    else {
      const known = twice.get(value);
      if (known) known.push(row);
      else twice.set(value, [first.get(value) ?? 0, row]);
      if (rows.length < 20) rows.push(row);
    }
  }
  const found: Warning[] = [];
  if (twice.size > 0) {
    const extra = [...twice.values()].reduce((sum, { length }) => sum + length - 1, 0);
    const some = [...twice].slice(0, 5).map(([value, places]) => `${String(value)} (rows ${places.slice(0, 5).join(', ')}${places.length > 5 ? ` ... ${places.length} times` : ''})`).join(', ');
    found.push({ code: 'duplicate_id', message: `${twice.size === 1 ? `a value of ${id} occurs` : `${twice.size} values of ${id} occur`} more than once: ${some}${twice.size > 5 ? ' ...' : ''}`, hint: 'name a column whose values are unique; the rows are told apart by a running number', count: extra, rows });
  }
  if (without > 0) found.push({ code: 'missing_id', message: `${without === 1 ? '1 row has' : `${without} rows have`} no ${id} (first: row ${firstWithout})`, hint: 'give every row an id; one is made of what it says where there is none', count: without });
  return found;
}

/** A slice without rows passes whatever it is held against: somebody should know. */
export function emptySlices(slices: EvaluationRequest['slices'], { slices: members }: { slices: readonly Uint8Array[] }): Warning[] {
  return slices.flatMap(({ name }, at) => (members[at]?.includes(1) ? [] : [{ code: 'empty_slice', message: `the slice '${name}' has no rows here`, hint: 'look at its predicate, and at the values of its columns' }]));
}
