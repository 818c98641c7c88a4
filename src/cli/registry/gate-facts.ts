/** What people read of a gate report, whether in a terminal or on a pull request. */
import type { Outcome } from '../../protocol/evaluation/result';
import type { GateEvidence, GateReport, GateResult } from '../../protocol/registry';
import { figure, signed } from '../format';
import { span } from '../evaluation/headline';

const ORDER: Readonly<Record<Outcome, number>> = { fail: 0, 'cannot tell': 1, pass: 2 };

/** What stops the move first, then what fails or can't be told without stopping it; else as configured. */
export const worstFirst = (gates: readonly GateResult[]): GateResult[] => [...gates].sort((a, b) => Number(b.blocks) - Number(a.blocks) || ORDER[a.outcome] - ORDER[b.outcome]);

export const blocking = ({ gates }: GateReport): GateResult[] => worstFirst(gates).filter(({ blocks }) => blocks);

export type SliceEvidence = GateEvidence & { slice: string };
/** Slices that gates looked at, those that fail first. The same comparison, or the same figure, stands once, with its worst outcome. */
export function slicesOf({ gates }: Pick<GateReport, 'gates'>): SliceEvidence[] {
  const found = gates.flatMap(({ evidence }) => evidence).filter((one): one is SliceEvidence => one.slice !== undefined && one.slice !== '');
  const sorted = found.sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
  return sorted.filter((one, at) => sorted.findIndex(({ slice, metric, difference }) => slice === one.slice && metric === one.metric && (difference === undefined) === (one.difference === undefined)) === at);
}

export interface SliceTable { columns: { title: string; right?: boolean }[]; rows: string[][] }
/** Slice, rows, the figure of what is live and of the version, the difference with its interval. The result is the last cell, as the word it is. */
export function sliceTable(slices: readonly SliceEvidence[], { live, version }: Pick<GateReport, 'live' | 'version'>): SliceTable {
  const metrics = new Set(slices.map(({ metric }) => metric ?? ''));
  const [only] = metrics;
  const single = metrics.size === 1 && only !== undefined && only !== '' ? `${only}, ` : '';
  const right = true;
  return {
    columns: [
      { title: 'slice' }, ...(single === '' ? [{ title: 'metric' }] : []), { title: 'rows', right },
      ...(live === null ? [] : [{ title: `${single}version ${live} (live)`, right }]), { title: `${single}version ${version}`, right },
      ...(live === null ? [] : [{ title: 'difference', right }, { title: '95 % interval', right }]), { title: 'result' },
    ],
    rows: slices.map((one) => [
      one.slice, ...(single === '' ? [one.metric ?? ''] : []), one.n === undefined ? '' : String(one.n),
      ...(live === null ? [] : [figure(one.live, 4)]), figureOf(one),
      ...(live === null ? [] : [brief(one.difference ?? null), one.interval && one.difference !== undefined ? `${brief(one.interval[0])} to ${brief(one.interval[1])}` : '']), one.outcome,
    ]),
  };
}

/** A difference to three digits: more would be noise to whoever reads it. */
const brief = (value: number | null): string => signed(value === null ? null : Number(value.toPrecision(3)));

/** A figure with its own interval where it has one: '0.922 (0.884 to 0.948)'; '' where there is none. */
export function figureOf({ value, interval, difference }: GateEvidence): string {
  if (value === undefined || value === null) return '';
  // An interval beside a difference is the difference's.
  return `${figure(value, 4)}${interval && difference === undefined ? ` (${span(interval[0], interval[1])})` : ''}`;
}

/** Ids of the evaluations that a report rests on, each once. */
export const evidenceIds = ({ evaluations, gates }: GateReport): string[] =>
  [...new Set([...evaluations, ...gates.flatMap(({ evidence }) => evidence.flatMap(({ evaluation }) => evaluation ?? []))])];
