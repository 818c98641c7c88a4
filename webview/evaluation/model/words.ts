/** Outcomes and verdicts in words and signs. Pure. */
import type { Outcome, PairVerdict, Word } from '../../../src/protocol/evaluation/result';
import { methodTitle } from './figures';
import { aboutRows, figureFormat, formatP, type Format } from './digits';
import { formatSigned } from '../../shared/format';

export const outcomeSigns: Record<Outcome, string> = { pass: '\u2713', fail: '\u2715', 'cannot tell': '\u25cb' };
export const outcomeTones: Record<Outcome, string> = { pass: 'pass', fail: 'fail', 'cannot tell': 'calm' };
export const wordSigns: Record<Word, string> = { better: '\u25b2', worse: '\u25bc', same: '=', 'cannot tell': '\u25cb' };
export const wordTones: Record<Word, string> = { better: 'better', worse: 'worse', same: 'calm', 'cannot tell': 'calm' };

/** '+0.0375 (+0.0348 to +0.0402)'; without an interval the figure alone. */
export function gapText(gap: { value: number; low: number | null; high: number | null }, format: Format = figureFormat([gap])): string {
  const signed = (value: number): string => formatSigned(value, (one) => format(one));
  return gap.low === null || gap.high === null ? signed(gap.value) : `${signed(gap.value)} (${signed(gap.low)} to ${signed(gap.high)})`;
}

/** 'better', or 'cannot tell: about 1,200 more rows would tell'. */
export function verdictWords(verdict: Pick<PairVerdict, 'word' | 'rowsToTell'>): string {
  if (verdict.word !== 'cannot tell') return verdict.word;
  return verdict.rowsToTell === null ? 'cannot tell' : `cannot tell: ${aboutRows(verdict.rowsToTell)} more rows would tell`;
}

/** The figures behind a verdict: difference, interval, method, p. */
export function verdictFigures(verdict: PairVerdict): string {
  if (verdict.difference === null) return '';
  const gap = { value: verdict.difference, low: verdict.interval?.[0] ?? null, high: verdict.interval?.[1] ?? null };
  return [gapText(gap), [methodTitle(verdict.method), formatP(verdict.p)].filter(Boolean).join(', ')].filter(Boolean).join(', ');
}
