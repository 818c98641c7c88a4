/** Rules as they go from one process to another: checked by DuckDB, and a tree that TypeScript can walk. */
import type { ColumnKind } from '../types';

/** `double`: IEEE 754; `exact`: whole numbers and decimals, as a whole number of 10^-scale. */
export type ValueType = 'double' | 'exact' | 'text' | 'bool' | 'null';
export interface Expression {
  op: string; type: ValueType; /** of an exact one: digits behind the point */ scale: number;
  kids: Expression[];
  /** of a column: its name and kind; of a constant: its value, a whole number in digits */
  column?: string; kind?: ColumnKind; value?: string | number | boolean | null;
}
export interface RuleText { name: string; when: string; on: 'input' | 'output' }
export interface CompiledRule { name: string; on: 'input' | 'output'; tree: Expression; columns: string[] }
/** `from`, `to`: in its text, 0-based. */
export interface RuleProblem { name: string; message: string; from: number; to: number }
