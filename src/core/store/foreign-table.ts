/** A table of another program's SQLite file, page by page, with one type a column. */
import { RunyardError } from '../base/errors';
import type { Cell } from './driver';
import { openForeign } from './foreign';

/** `whole`: integers that a double holds; `big`: others, as text; `truth`: 0 and 1 in a column declared boolean; `text`: texts, or kinds mixed; `dated`: texts in a column declared as a date or time. */
export type ForeignKind = 'whole' | 'big' | 'real' | 'truth' | 'text' | 'dated';
export interface ForeignColumn { name: string; kind: ForeignKind; /** as the table declares it */ declared: string }
export interface ForeignTable extends Disposable {
  columns: ForeignColumn[];
  rows: number;
  /** Rows in the table's own order, up to `size` a page. */
  pages(size: number): Generator<Cell[][]>;
}

/** `table` may be left out where the file has one only. Throws not_found, bad_input naming the tables there are. */
export function openForeignTable(file: string, table: string | undefined): ForeignTable {
  const db = openForeign(file);
  try {
    const tables = db.all("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name").map(({ name }) => String(name));
    const chosen = choose(file, tables, table);
    const source = quote(chosen);
    const declared = db.all('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1', chosen).map((one) => ({ name: String(one['name']), declared: String(one['type'] ?? '') }));
    const facts = declared.map(({ name }, at) => `sum(typeof(${quote(name)}) = 'integer') AS i${at}, sum(typeof(${quote(name)}) = 'real') AS r${at}, count(${quote(name)}) AS n${at},
      min(CASE WHEN typeof(${quote(name)}) = 'integer' THEN ${quote(name)} END) BETWEEN -9007199254740991 AND 9007199254740991 AND max(CASE WHEN typeof(${quote(name)}) = 'integer' THEN ${quote(name)} END) BETWEEN -9007199254740991 AND 9007199254740991 AS safe${at},
      max(typeof(${quote(name)}) = 'integer' AND ${quote(name)} NOT IN (0, 1)) AS other${at}`);
    // Some columns a time: SQLite has a limit of 2000 results.
    const counted: Record<string, Cell> = Object.assign({}, ...inParts(facts, 200).map((part) => db.all(`SELECT ${part.join(', ')} FROM ${source}`)[0] ?? {}));
    const rows = Number(db.all(`SELECT count(*) AS n FROM ${source}`)[0]?.['n'] ?? 0);
    const columns = declared.map((one, at) => ({ ...one, kind: kindOf(one.declared, (fact) => Number(counted[`${fact}${at}`] ?? 0)) }));
    const select = columns.map(({ name, kind }, at) => `${kind === 'big' || kind === 'text' || kind === 'dated' ? textOf(quote(name)) : quote(name)} AS c${at}`).join(', ');
    const byRow = hasRowid(db.all, source);
    return {
      columns, rows,
      *pages(size) {
        let after: Cell = null;
        for (let offset = 0; ; offset += size) {
          const page: Record<string, Cell>[] = byRow
            ? db.all(`SELECT rowid AS at, ${select} FROM ${source} WHERE ? IS NULL OR rowid > ? ORDER BY rowid LIMIT ?`, after, after, size)
            : db.all(`SELECT ${select} FROM ${source} LIMIT ? OFFSET ?`, size, offset);
          if (page.length > 0) yield page.map((row) => columns.map((_, at) => row[`c${at}`] ?? null));
          if (page.length < size) return;
          after = page.at(-1)?.['at'] ?? null;
        }
      },
      [Symbol.dispose]: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const textOf = (column: string): string => `CASE typeof(${column}) WHEN 'blob' THEN hex(${column}) ELSE CAST(${column} AS TEXT) END`;

function choose(file: string, tables: readonly string[], wanted: string | undefined): string {
  const names = tables.length === 0 ? 'it has no table' : `its tables are ${tables.slice(0, 20).join(', ')}`;
  if (wanted === undefined) {
    if (tables.length === 1 && tables[0] !== undefined) return tables[0];
    throw new RunyardError('bad_input', `${file} has ${tables.length} tables`, tables.length === 0 ? 'name another file' : `name one of ${tables.slice(0, 20).join(', ')}`);
  }
  const found = tables.find((one) => one === wanted) ?? tables.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) throw new RunyardError('not_found', `${file} has no table ${wanted}`, names);
  return found;
}

function kindOf(declared: string, fact: (name: string) => number): ForeignKind {
  const [integers, reals, all] = [fact('i'), fact('r'), fact('n')];
  if (all > integers + reals) return /DATE|TIME/i.test(declared) ? 'dated' : 'text';
  if (all === 0) return /CHAR|TEXT|CLOB/i.test(declared) ? 'text' : 'real';
  if (reals > 0) return 'real';
  if (/BOOL/i.test(declared) && fact('other') === 0) return 'truth';
  if (/REAL|FLOA|DOUB|NUMERIC|DECIMAL/i.test(declared) && fact('safe') === 1) return 'real';
  return fact('safe') === 1 ? 'whole' : 'big';
}

/** Views and tables WITHOUT ROWID have none. */
function hasRowid(all: (sql: string) => unknown, source: string): boolean {
  try {
    all(`SELECT max(rowid) FROM ${source} WHERE rowid IS NOT NULL LIMIT 1`);
    return true;
  } catch (error) {
    if (error instanceof Error && /rowid/.test(error.message)) return false;
    throw error;
  }
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
