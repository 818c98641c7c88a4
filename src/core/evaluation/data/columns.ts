/** Columns of bound data by name. */
import { RunyardError } from '../../base/errors';
import { nearest } from '../../base/nearest';
import type { Bound, BoundColumn } from './bind';
import { sqlOf } from './vectors';

/** Throws not_found naming the nearest column. */
export function columnOf({ columns }: Bound, wanted: string): BoundColumn {
  const column = columns.find(({ name }) => name === wanted);
  if (column) return column;
  const meant = nearest(wanted, columns.map(({ name }) => name));
  throw new RunyardError('not_found', `the data have no column ${wanted}`, meant === null ? `they have ${columns.slice(0, 30).map(({ name }) => name).join(', ')}` : `did you mean ${meant}?`);
}

/** SQL that gives a column's values as they are collected. */
export const readable = ({ type, id, zoned }: BoundColumn): string => sqlOf(type, id, zoned);
