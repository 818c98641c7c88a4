/** A case's predicates as the plain SQL that runyard.yaml takes. */
import { z } from 'zod';
import type { ColumnType } from '../../../src/protocol/evaluation/request';

const value = z.union([z.string(), z.number(), z.boolean()]);
type Value = z.output<typeof value>;
export type Predicate =
  | { op: 'eq'; col: string; value: Value } | { op: 'in'; col: string; values: Value[] }
  | { op: 'range'; col: string; min: number | null; max: number | null; min_inclusive: boolean; max_inclusive: boolean }
  | { op: 'missing' | 'not_missing'; col: string } | { op: 'and'; args: Predicate[] };

export const predicate: z.ZodType<Predicate> = z.lazy(() => z.discriminatedUnion('op', [
  z.object({ op: z.literal('eq'), col: z.string(), value }),
  z.object({ op: z.literal('in'), col: z.string(), values: z.array(value).min(1) }),
  z.object({ op: z.literal('range'), col: z.string(), min: z.number().nullable(), max: z.number().nullable(), min_inclusive: z.boolean(), max_inclusive: z.boolean() }),
  z.object({ op: z.enum(['missing', 'not_missing']), col: z.string() }),
  z.object({ op: z.literal('and'), args: z.array(predicate).min(1) }),
]));

/** Comparisons with a missing value are not true, as the cases have it. */
export function predicateSql(one: Predicate, types: Readonly<Record<string, ColumnType>>): string {
  if (one.op === 'and') return one.args.map((part) => `(${predicateSql(part, types)})`).join(' and ');
  const column = `"${one.col.replaceAll('"', '""')}"`;
  const literal = (text: Value): string => (typeof text === 'string' || types[one.col] === 'string' ? `'${String(text).replaceAll("'", "''")}'` : String(text));
  switch (one.op) {
    case 'eq': return `${column} = ${literal(one.value)}`;
    case 'in': return `${column} in (${one.values.map(literal).join(', ')})`;
    case 'missing': return `${column} is null`;
    case 'not_missing': return `${column} is not null`;
    case 'range': {
      const low = one.min === null ? [] : [`${column} ${one.min_inclusive ? '>=' : '>'} ${one.min}`];
      const high = one.max === null ? [] : [`${column} ${one.max_inclusive ? '<=' : '<'} ${one.max}`];
      return [...low, ...high].join(' and ') || `${column} is not null`;
    }
  }
}
