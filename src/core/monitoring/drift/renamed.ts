/** Columns that came under another name: told by what they hold, where their names don't tell. */
import type { Data } from '../../evaluation/data/types';
import type { SchemaChange } from '../../../protocol/drift';
import { columnOf, kindOf } from './compare';
import { psiNoise } from './noise';
import { measured } from './sources';
import { FEWEST } from './tests';

/** Pairs beyond these are not tried. */
const MOST = 12;
/** PSI above what chance makes in 95 of 100 up to which two columns hold the same. */
const ALIKE = 0.01;

/** A gone and a new column whose values are distributed alike, each the other's best match, become one that was renamed. Two that hold one value only say nothing. */
export async function renamedByValues({ reference, current }: { reference: Data; current: Data }, schema: readonly SchemaChange[], signal: AbortSignal): Promise<SchemaChange[]> {
  const gone = schema.filter(({ change }) => change === 'gone').slice(0, MOST);
  const fresh = schema.filter(({ change }) => change === 'new').slice(0, MOST);
  const pairs: { from: string; to: string; apart: number }[] = [];
  for (const { column: from } of gone) {
    for (const { column: to } of fresh) {
      const apart = await distance({ reference, current }, { from, to }, signal);
      if (apart !== null && apart <= ALIKE) pairs.push({ from, to, apart });
    }
  }
  const best = (pair: (typeof pairs)[number]): boolean => pairs.every((other) => other === pair || (other.from !== pair.from && other.to !== pair.to) || other.apart > pair.apart);
  const renamed = new Map(pairs.filter(best).map(({ from, to }) => [from, to]));
  const taken = new Set(renamed.values());
  return schema.filter(({ column, change }) => change !== 'new' || !taken.has(column)).map((one): SchemaChange => {
    const to = one.change === 'gone' ? renamed.get(one.column) : undefined;
    return to === undefined ? one : { column: one.column, change: 'renamed', text: `${one.column} is gone, and ${to} is new with values like it: renamed?`, to };
  });
}

/** PSI above noise, or below it; null where they can't be compared. */
async function distance({ reference, current }: { reference: Data; current: Data }, { from, to }: { from: string; to: string }, signal: AbortSignal): Promise<number | null> {
  const kind = kindOf([columnOf(reference, from), columnOf(current, to)], false);
  if (typeof kind !== 'string') return null;
  const own = await measured({ data: reference, column: from }, { data: current, column: to }, kind, signal);
  const value = own?.figures['psi'];
  if (!own || typeof value !== 'number' || Math.min(own.n.reference, own.n.current) < FEWEST || [...own.bins.reference].filter((count) => count > 0).length < 2) return null;
  return value - (psiNoise(own.bins.reference, { n: own.n.reference, m: own.n.current, seed: 0 })?.psi_95 ?? 0);
}
