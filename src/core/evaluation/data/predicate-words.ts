/** What a predicate may use: functions of its row's values and of nothing else, neither clock nor chance nor system. */
const functions = `
  lower upper length len strlen char_length character_length trim ltrim rtrim concat contains starts_with ends_with prefix suffix substring substr left right
  position strpos instr replace reverse split_part levenshtein regexp_matches regexp_full_match regexp_extract like_escape not_like_escape ilike_escape not_ilike_escape
  abs sign round floor ceil ceiling trunc sqrt cbrt exp ln log log2 log10 pow power mod greatest least nullif isnan isinf isfinite even
  date_part datepart date_trunc datetrunc date_diff datediff year quarter month week day hour minute second dayofweek isodow dayofyear weekday weekofyear monthname dayname last_day make_date
  to_days to_hours to_minutes to_seconds to_weeks to_months to_years
`.trim().split(/\s+/);
export const FUNCTIONS: ReadonlySet<string> = new Set(functions);

/** Operators that the parser gives as functions, with how many operands each takes. */
export const OPERATORS: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ['+', [1, 2]], ['-', [1, 2]], ['*', [2]], ['/', [2]], ['//', [2]], ['%', [2]], ['**', [2]], ['^', [2]], ['||', [2]], ['^@', [2]],
  ['~~', [2]], ['!~~', [2]], ['~~*', [2]], ['!~~*', [2]], ['~~~', [2]],
]);

export const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['COMPARE_EQUAL', '='], ['COMPARE_NOTEQUAL', '<>'], ['COMPARE_LESSTHAN', '<'], ['COMPARE_GREATERTHAN', '>'], ['COMPARE_LESSTHANOREQUALTO', '<='],
  ['COMPARE_GREATERTHANOREQUALTO', '>='], ['COMPARE_DISTINCT_FROM', 'IS DISTINCT FROM'], ['COMPARE_NOT_DISTINCT_FROM', 'IS NOT DISTINCT FROM'],
]);

/** Types to which a value may be cast. */
export const CASTS: ReadonlySet<string> = new Set([
  'BOOLEAN', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL', 'VARCHAR',
  'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'INTERVAL',
]);

/** Why other kinds of expression are refused. */
export const REFUSED: Readonly<Record<string, string>> = {
  SUBQUERY: 'a predicate sees its own row only: no subquery',
  WINDOW: 'a predicate sees its own row only: no window function',
  STAR: '* stands for many columns: name one',
  LAMBDA: 'a lambda has no place in a predicate',
  PARAMETER: 'a placeholder stands for nothing here: write the value',
  COLLATE: 'a collation has no place in a predicate: compare lower(...) with lower(...)',
  DEFAULT: 'DEFAULT stands for nothing here',
  POSITIONAL_REFERENCE: 'name the column instead of its position',
};
