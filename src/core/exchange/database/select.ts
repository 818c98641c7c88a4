/** Questions to a database of MLflow's, whatever version made it: a table that it lacks is empty, a column that it lacks is null. */
import type { ForeignDatabase, ForeignRow } from '../../store/foreign';
import type { Tags } from '../model';

export type Value = string | number | null;
export interface Select { columns: readonly string[]; where?: string; params?: readonly Value[]; order?: string; limit?: number }

export function select(db: ForeignDatabase, table: string, { columns, where = '', params = [], order = '', limit }: Select): ForeignRow[] {
  const has = db.tables.get(table);
  if (!has) return [];
  const picked = columns.map((name) => (name === 'rowid' || has.has(name) ? `"${name}"` : `NULL AS "${name}"`)).join(', ');
  const sql = `SELECT ${picked} FROM "${table}"${where && ` WHERE ${where}`}${order && ` ORDER BY ${order}`}${limit === undefined ? '' : ` LIMIT ${limit}`}`;
  return db.all(sql, ...params);
}

/** Rows that belong to one thing, in pages of `size` by their place in the table. */
export function* paged(db: ForeignDatabase, table: string, { columns, where = '', params = [] }: Select, size = 2000): Generator<ForeignRow[]> {
  let after = -1;
  for (;;) {
    const rows = select(db, table, { columns: ['rowid', ...columns], where: `${where ? `${where} AND ` : ''}rowid > ?`, params: [...params, after], order: 'rowid', limit: size });
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    after = Number(rows.at(-1)?.['rowid'] ?? after);
  }
}

export const text = (row: ForeignRow, column: string): string => { const value = row[column]; return value === null || value === undefined ? '' : String(value); };
export const number = (row: ForeignRow, column: string): number | null => { const value = row[column]; return value === null || value === undefined ? null : Number(value); };
export const lifecycle = (row: ForeignRow): 'active' | 'deleted' => (row['lifecycle_stage'] === 'deleted' ? 'deleted' : 'active');

/** Two columns of the rows of one thing as tags; `where` is one condition with its parameters. */
export function pairs(db: ForeignDatabase, table: string, where: { [condition: string]: readonly Value[] }, names: readonly [string, string] = ['key', 'value']): Tags {
  const [[condition, params] = ['', []]] = Object.entries(where);
  return Object.fromEntries(select(db, table, { columns: names, where: condition, params }).map((row) => [text(row, names[0]), text(row, names[1])]));
}
