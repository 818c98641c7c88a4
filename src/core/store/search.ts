/** Runs that a query asks for, a page at a time. */
import type { RunRow } from '../../protocol/model';
import { parseFilter } from '../domain/filter/parser';
import { parseOrder } from '../domain/filter/order';
import { conditionSql, type Piece } from './conditions';
import type { Context } from './context';
import { groupsOf } from './order';
import { eachInGroups, rankRuns } from './ranking';
import { loadRows } from './rows';
import type { SearchQuery } from './store';

/** Answers kept: one for each table that may be open, until the next write. */
const KEPT = 8;

export interface Search { search(query: SearchQuery): { rows: RunRow[]; total: number } }

/**
 * A query's runs are found and ordered once, as row numbers; pages are cut from that, so that a far page costs what the first does
 * and the total is known. The answer is kept until something is written.
 */
export function createSearch(context: Context): Search {
  const kept = new Map<string, { version: number; ids: Float64Array }>();
  return {
    search(query) {
      const key = JSON.stringify([query.experiments, query.filter, query.orderBy, query.view, query.ids]);
      let answer = kept.get(key);
      if (answer?.version !== context.version()) {
        answer = { version: context.version(), ids: findRuns(context, query) };
        kept.delete(key);
        kept.set(key, answer);
        if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
      }
      const page = answer.ids.subarray(query.offset, query.limit < 0 ? undefined : query.offset + query.limit);
      return { rows: loadRows(context, [...page], query.columns), total: answer.ids.length };
    },
  };
}

type FindQuery = Pick<SearchQuery, 'experiments' | 'filter' | 'orderBy' | 'view' | 'ids'>;

/** Row numbers of all runs that the query asks for, in its order; runs that are equal in it: newest first, then by id. Throws bad_input. */
export function findRuns(context: Context, query: FindQuery): Float64Array {
  const order = parseOrder(query.orderBy);
  const where: Piece[] = [];
  if (query.view !== 'all') where.push({ sql: `r.trashed IS ${query.view === 'active' ? '' : 'NOT '}NULL`, params: [] });
  if (query.experiments) where.push({ sql: 'r.experiment IN (SELECT id FROM experiments WHERE name IN (SELECT value FROM json_each(?)))', params: [JSON.stringify(query.experiments)] });
  if (query.ids) where.push({ sql: 'r.uid IN (SELECT value FROM json_each(?))', params: [JSON.stringify(query.ids)] });
  for (const condition of parseFilter(query.filter)) where.push(conditionSql(context, condition));
  const conditions = where.length > 0 ? `WHERE ${where.map((piece) => piece.sql).join(' AND ')}` : '';
  const found = context.db.prepare(`SELECT group_concat(id) AS runs, count(*) AS total FROM (SELECT r.id AS id FROM runs r ${conditions} ORDER BY r.created DESC, r.uid)`)
    .get<{ runs: string | null; total: number }>(...where.flatMap((piece) => piece.params));
  const base = new Float64Array(found?.total ?? 0);
  let at = 0;
  eachInGroups(found?.runs ?? '', (run) => { base[at] = run; at += 1; });
  return rankRuns(base, order.map((term) => groupsOf(context, term)));
}
