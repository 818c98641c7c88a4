import type { Values } from '../../evaluation/data/types';
import type { Expression } from './types';

export type Evaluate = (columns: Readonly<Record<string, Values>>, row: number) => boolean | null;
export function reader(_: Expression): Evaluate {
  return () => null;
}
