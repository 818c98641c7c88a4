/** Whether a window has as many rows as it should. An empty one fails unless `min` is 0. Pure. */
import { digits, finding, type CheckOf, type Finding, type Looked } from './types';

export function rows({ min, max }: CheckOf<'rows'>, { facts }: Pick<Looked, 'facts'>): Finding[] {
  const value = facts.rows;
  if (value < min) return [finding('fail', value === 0 ? 'the window is empty' : `${value} ${value === 1 ? 'row' : 'rows'}, fewer than ${min}`, { value, threshold: min })];
  if (max !== undefined && value > max) return [finding('fail', `${value} rows, more than ${digits(max)}`, { value, threshold: max })];
  return [finding('pass', '', { value, threshold: max ?? min })];
}
