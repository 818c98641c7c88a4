/** MLflow's search grammar as data. Source: https://mlflow.org/docs/latest/search-runs */

export type Entity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';
export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'ILIKE' | 'IN' | 'NOT IN' | 'IS NULL' | 'IS NOT NULL';
export interface Key { entity: Entity; name: string }

/** One condition; a filter is all of them at once (there is no OR). IN has a list, IS has nothing. */
export interface Condition { key: Key; op: Operator; value: FilterValue }
export type FilterValue = { kind: 'text'; text: string } | { kind: 'number'; number: number } | { kind: 'list'; items: readonly (string | number)[] } | { kind: 'none' };
export type Filter = readonly Condition[];

export interface OrderTerm { key: Key; descending: boolean }
