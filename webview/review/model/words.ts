/** Words and figures of rows. Pure. */
import type { ReviewItem, ReviewSource } from '../../../src/protocol/monitoring';

export const sourceWords: Record<ReviewSource, string> = { flagged: 'Flagged by a rule', shadow: 'The shadow differs', uncertain: 'Uncertain', drifted: 'Unlike the reference', random: 'By chance' };

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;

/** The likeliest first; a lone score as it is. */
export const ranked = ({ probabilities }: Pick<ReviewItem, 'probabilities'>): { name: string; p: number }[] => Object.entries(probabilities).map(([name, p]) => ({ name, p })).sort((a, b) => b.p - a.p);

/** The cells that the reference doesn't have first, then the others in their order. */
export function cellRows({ cells, odd }: Pick<ReviewItem, 'cells' | 'odd'>): { name: string; value: ReviewItem['cells'][string]; odd: string | null }[] {
  const rows = Object.entries(cells).map(([name, value]) => ({ name, value, odd: odd[name] ?? null }));
  return [...rows.filter((row) => row.odd !== null), ...rows.filter((row) => row.odd === null)];
}

export function cellText(value: ReviewItem['cells'][string]): string {
  if (value === null) return 'missing';
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(7)));
}

export const judgementWords = { right: 'right', wrong: 'wrong', unsure: 'unsure' } as const;
