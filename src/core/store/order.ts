/** What one term of an order makes of the runs: groups of equals in its direction. What a run lacks isn't in any group, so it comes last. */
import type { OrderTerm } from '../domain/filter/ast';
import { isAttribute } from '../domain/filter/keys';
import { COLUMN, isUser, USER } from './conditions';
import type { Context } from './context';
import type { Cell } from './driver';
import type { Groups } from './ranking';

function joined(context: Context, sql: string, params: Cell[]): Groups {
  return context.db.prepare(`SELECT group_concat(g, ';') AS groups FROM (${sql})`).get<{ groups: string | null }>(...params)?.groups ?? '';
}

export function groupsOf(context: Context, { key: asked, descending }: OrderTerm): Groups {
  const key = isUser(asked) ? USER : asked;
  const way = descending ? 'DESC' : 'ASC';
  if (key.entity === 'attribute') {
    if (!isAttribute(key.name) || key.name === 'user_id') return '';
    const column = COLUMN[key.name];
    return joined(context, `SELECT group_concat(r.id) AS g FROM runs r WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY ${column} ${way}`, []);
  }
  if (key.entity === 'metric') return metricGroups(context, context.findKey('metric', key.name), way);
  return key.entity === 'param' ? paramGroups(context, context.findKey('param', key.name), descending)
    : joined(context, `SELECT group_concat(run) AS g FROM tags WHERE key = ? GROUP BY value ORDER BY value ${way}`, [context.findKey('tag', key.name)]);
}

/** Numbers in the order's direction, then the NaNs (kept as text, which isn't less than ''). */
function metricGroups(context: Context, key: number, way: 'ASC' | 'DESC'): Groups {
  const numbers = joined(context, `SELECT group_concat(run) AS g FROM metrics WHERE key = ? AND value < '' GROUP BY value ORDER BY value ${way}`, [key]);
  const rest = joined(context, "SELECT group_concat(run) AS g FROM metrics WHERE key = ? AND value >= '' GROUP BY value", [key]);
  return [numbers, rest].filter((groups) => groups !== '').join(';');
}

/** Params are text; those that are numbers are ordered as numbers, before all others. */
function paramGroups(context: Context, key: number, descending: boolean): Groups {
  const values = context.db.prepare('SELECT value, group_concat(run) AS runs FROM params WHERE key = ? GROUP BY value').all<{ value: string; runs: string }>(key)
    .map(({ value, runs }) => ({ value, runs, number: value.trim() === '' ? NaN : Number(value) }));
  const sign = descending ? -1 : 1;
  values.sort((a, b) => {
    const [aText, bText] = [Number.isNaN(a.number), Number.isNaN(b.number)];
    if (aText !== bText) return aText ? 1 : -1;
    const difference = aText ? 0 : a.number - b.number;
    return sign * (difference || (a.value < b.value ? -1 : 1));
  });
  let groups = '';
  for (const [i, { runs, number }] of values.entries()) {
    // '0.10' and '0.1' are one number.
    const same = number === values[i - 1]?.number;
    groups += `${i === 0 ? '' : same ? ',' : ';'}${runs}`;
  }
  return groups;
}
