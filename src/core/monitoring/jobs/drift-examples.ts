/** Rows of the current side that the reference has nothing like, for the evaluator's process. */
import { refuseStopped } from '../../base/stopping';
import type { Batch, Data, Values } from '../../evaluation/data/types';
import type { JobTable } from '../../evaluation/process/jobs';
import type { NewRow } from '../../../protocol/drift';
import { columnOf, kindOf, mustHave } from '../drift/compare';
import { familiarNumbers, familiarTexts, unlikeness, type Familiar } from '../drift/novelty';
import { openSides } from '../drift/open-window';
import { sampleFrom, groupsFrom } from '../drift/sources';
import { textsOfValues } from '../drift/values';
import { MOST_CATEGORIES } from '../measures/categories';

/** Looks at a value of a batch. */
type Reader = (batch: Batch) => (row: number) => { chance: number; fresh: ReturnType<Familiar<number>['fresh']> };
interface Found { row: number; logs: number; why: string[] }

/**
 * Rows with something new (a category, a value beyond the range, a gap where there was none) in turn by what is new, so that one new category doesn't hide another; then those
 * that are most unlike the reference in all columns together. Throws not_found for a column that a side hasn't; bad_input for a side without rows.
 */
export const driftExamples: JobTable['driftExamples'] = async (params, { signal, progress }) => {
  await using sides = await openSides(params.sides, params, signal);
  const { reference, current } = sides;
  for (const name of params.columns ?? []) for (const data of [reference, current]) mustHave(data, name);
  const names = params.columns ?? reference.columns.map(({ name }) => name).filter((name) => !sides.aside(name) && columnOf(current, name));
  const readers = new Map<string, Reader>();
  for (const [at, name] of names.entries()) {
    const reader = await readerOf(sides, name, signal);
    if (reader) readers.set(name, reader);
    progress('reading the reference', at + 1, names.length);
  }
  const found = await searched(current, readers, { limit: params.limit, signal, progress });
  const columns = [...sides.keys, ...names.filter((name) => !sides.keys.includes(name))];
  const cells = await current.cells(found.map(({ row }) => row), columns);
  return {
    columns,
    rows: found.map(({ row, why, logs }, at): NewRow => ({ row, why, score: unlikeness(logs, readers.size), cells: Object.fromEntries(columns.map((name, k) => [name, cells[at]?.[k] ?? null])) })),
  };
};

/** Null for a column that says nothing: its type isn't compared, or it names things. */
async function readerOf({ reference, current }: { reference: Data; current: Data }, name: string, signal: AbortSignal): Promise<Reader | null> {
  const kind = kindOf([columnOf(reference, name), columnOf(current, name)], false);
  if (typeof kind !== 'string') return null;
  if (kind === 'numeric') {
    const known = familiarNumbers(name, await sampleFrom({ data: reference, column: name }, signal));
    return ({ columns }) => {
      const { values, missing } = columns[name] as Extract<Values, { type: 'float' | 'int' }>;
      return (row) => {
        const value = missing?.[row] ? NaN : (values[row] ?? NaN);
        return { chance: known.chance(value), fresh: known.fresh(value) };
      };
    };
  }
  const counts = new Map<string, number>();
  let gaps = 0;
  for await (const [text, count] of groupsFrom({ data: reference, column: name }, signal)) {
    if (text === null) gaps = count;
    else counts.set(text, count);
    if (counts.size > MOST_CATEGORIES) return null;
  }
  const known = familiarTexts(name, counts, gaps);
  return ({ columns }) => {
    const texts = [...textsOfValues(columns[name] as Values)];
    return (row) => ({ chance: known.chance(texts[row] ?? null), fresh: known.fresh(texts[row] ?? null) });
  };
}

interface Searching { limit: number; signal: AbortSignal; progress(phase: string, done: number, total: number): void }
const UNLIKE = '';

async function searched(data: Data, readers: ReadonlyMap<string, Reader>, { limit, signal, progress }: Searching): Promise<Found[]> {
  const kept = new Map<string, Found[]>();
  const names = [...readers.keys()];
  for await (const batch of data.read({ columns: names, signal })) {
    refuseStopped(signal);
    const looking = [...readers.values()].map((reader) => reader(batch));
    for (let row = 0; row < batch.count; row++) {
      let logs = 0;
      const odd: [log: number, name: string][] = [];
      const why: string[] = [];
      let key = UNLIKE;
      for (const [at, look] of looking.entries()) {
        const { chance, fresh } = look(row);
        const log = Math.log(chance);
        logs += log;
        if (fresh) {
          if (key === UNLIKE) ({ key } = fresh);
          why.push(fresh.text);
        } else if (chance < 0.05) odd.push([log, names[at] ?? '']);
      }
      if (key === UNLIKE && odd.length === 0) continue;
      keep(kept, key, limit, { row: batch.from + row, logs, why: why.length > 0 ? why : [`unusual in ${odd.sort(([a], [b]) => a - b).slice(0, 3).map(([, name]) => name).join(', ')}`] });
    }
    progress('looking for what is new', batch.from + batch.count, data.rows);
  }
  return inTurn(kept, limit);
}

/** So many kinds of what is new are followed. */
const MOST_KINDS = 1000;

/** The most unlike of each kind: a list is cut when it has grown to twice its size. */
function keep(kept: Map<string, Found[]>, key: string, limit: number, found: Found): void {
  const own = kept.get(key);
  if (!own && kept.size >= MOST_KINDS) return;
  if (!own) kept.set(key, [found]);
  else if (own.push(found) >= 2 * limit) own.sort(unlikest).length = limit;
}

const unlikest = (a: Found, b: Found): number => a.logs - b.logs || a.row - b.row;

function inTurn(kept: ReadonlyMap<string, Found[]>, limit: number): Found[] {
  const fresh = [...kept].filter(([key]) => key !== UNLIKE).map(([, own]) => own.sort(unlikest)).sort((a, b) => unlikest(a[0] as Found, b[0] as Found));
  const chosen: Found[] = [];
  for (let turn = 0; chosen.length < limit && fresh.some((own) => own.length > turn); turn++) {
    for (const own of fresh) if (own[turn] && chosen.length < limit) chosen.push(own[turn] as Found);
  }
  return [...chosen, ...(kept.get(UNLIKE) ?? []).sort(unlikest)].slice(0, limit);
}
