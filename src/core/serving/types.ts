/** What the parts of the scoring server tell each other. */
import type { Values } from '../evaluation/data/types';

export type ColumnKind = 'float' | 'int' | 'bool' | 'string';
/** A column that a request gives. `nullable`: the model takes a missing value in it. */
export interface ServedColumn { name: string; type: ColumnKind; nullable: boolean }
/** What a version takes and gives. */
export interface ServedSchema {
  columns: ServedColumn[];
  /** the model's own inputs and what feeds them */
  inputs: { name: string; columns: string[] }[];
  /** nobody knows what its columns are called: they are told by their place */
  positional: boolean;
  task: string | null; classes: string[] | null;
  /** `label`: it says a class; `number`: a regression's value; `score`: a lone score without a class */
  gives: 'label' | 'number' | 'score';
  /** how its labels are written in JSON */
  labels: 'text' | 'int' | 'float' | 'bool';
  /** of its scores; 0: it gives none */
  width: number;
  /** what the model was opened with that is worth saying */
  notes: string[];
}
export interface Rows { count: number; columns: Readonly<Record<string, Values>> }
/** `failed`: row within the rows asked → why there is no prediction. */
export interface Scored { labels: (string | null)[] | null; scores: Float64Array | null; width: number; failed: Map<number, string> }
export type Role = 'live' | 'canary' | 'shadow';
export type Scalar = string | number | boolean | null;
