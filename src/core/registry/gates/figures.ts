/** Figures of an evaluation by what gates call them. Pure. */
import type { Figures } from '../../../protocol/evaluation/result';

/** Paths of everything that is one number, or would be were it defined: 'accuracy', 'per_class.1.recall'. Lists (curves, matrices) are none. */
export function figurePaths(figures: Figures): string[] {
  const walk = (value: unknown, path: string): string[] => {
    if (typeof value === 'number' || value === null) return [path];
    if (typeof value !== 'object' || Array.isArray(value) || value === undefined) return [];
    return Object.entries(value).flatMap(([name, inner]) => walk(inner, path === '' ? name : `${path}.${name}`));
  };
  return walk(figures, '').filter((path) => path !== 'n');
}

/** As many digits as tell it apart. */
export const shown = (value: number | null): string => (value === null ? 'undefined' : Number.isInteger(value) ? String(value) : Math.abs(value) >= 1000 ? value.toFixed(1) : String(Number(value.toPrecision(4))));
export const signed = (value: number): string => `${value > 0 ? '+' : ''}${shown(value)}`;
export const shownP = (p: number): string => (p < 1e-4 ? p.toExponential(0) : String(Number(p.toPrecision(2))));
/** 'one slice', '3 slices'. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
export const listed = (texts: readonly string[], most = 5): string => `${texts.slice(0, most).join('; ')}${texts.length > most ? `; and ${texts.length - most} more` : ''}`;
