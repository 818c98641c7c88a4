/**
 * Rules of the scoring server, compiled: DuckDB parses and checks them as it checks predicates, and what it parsed becomes a tree that TypeScript walks for each request. What the tree
 * can't hold is a problem with its place, never a guess: dates, regular expressions, random and mathematical functions beyond rounding.
 */
import { RunyardError } from '../../base/errors';
import type { Bound, BoundColumn } from '../../evaluation/data/bind';
import { createDatabase, text } from '../../evaluation/data/duckdb';
import type { Session } from '../../evaluation/data/duckdb';
import { compile } from '../../evaluation/data/predicate';
import { asStatement, PredicateFault } from '../../evaluation/data/predicate-text';
import { sqlTypeOf } from '../../evaluation/data/vectors';
import type { Answers, ToScorer } from '../scorer/protocol';
import type { ServedColumn } from '../types';
import { expression, type Node } from './tree';
import type { RuleProblem, RuleText } from './types';

export async function compileRules({ rules, columns, outputs }: Pick<Extract<ToScorer, { kind: 'rules' }>, 'rules' | 'columns' | 'outputs'>): Promise<Answers['rules']> {
  const database = await createDatabase({ threads: 1 });
  try {
    return await database.use(async (session) => {
      const found: Answers['rules'] = { rules: [], problems: [] };
      const inputs = await table(session, columns);
      for (const rule of rules.filter(({ on }) => on === 'input')) await take(session, { rule, columns, bound: inputs }, found);
      const all = [...columns, ...outputs.filter(({ name }) => !columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))];
      const both = await table(session, all);
      for (const rule of rules.filter(({ on }) => on === 'output')) await take(session, { rule, columns: all, bound: both }, found);
      return found;
    });
  } finally {
    database.close();
  }
}

/** An empty table with the columns, as predicates are checked against one. */
async function table(session: Session, columns: readonly ServedColumn[]): Promise<Bound> {
  const bound = columns.map(({ name, type }, at): BoundColumn => ({ name, type, stored: sqlTypeOf(type), id: `c${at}`, bound: sqlTypeOf(type), zoned: false }));
  await session.run(`CREATE OR REPLACE TABLE data (${bound.map(({ id, bound: type }) => `${id} ${type}`).join(', ') || 'none INTEGER'})`);
  return { columns: bound, rows: 0, row: 'rowid' };
}

interface Taking { rule: RuleText; columns: readonly ServedColumn[]; bound: Bound }

async function take(session: Session, { rule, columns, bound }: Taking, into: Answers['rules']): Promise<void> {
  const { name, when, on } = rule;
  try {
    const checked = await compile(session, bound, when);
    const [row] = await session.rows(`SELECT json_serialize_sql(${text(asStatement(when))}) AS tree`);
    const parsed = JSON.parse(String(row?.['tree'])) as { statements: { node: { select_list: Node[] } }[] };
    const tree = expression(parsed.statements[0]?.node.select_list[0] ?? {}, { where: when, columns });
    if (tree.type !== 'bool' && tree.type !== 'null') throw new PredicateFault('this is not true or false', 0, when.length);
    into.rules.push({ name, on, tree, columns: checked.columns });
  } catch (error) {
    into.problems.push(problemOf(rule, error));
  }
}

function problemOf({ name, when }: RuleText, error: unknown): RuleProblem {
  const fault = error instanceof RunyardError ? error.cause : error;
  if (fault instanceof PredicateFault) return { name, message: fault.message, from: fault.from, to: fault.to };
  if (error instanceof RunyardError) return { name, message: error.message, from: 0, to: when.length };
  throw error;
}
