/** One column of both sides, overlaid: histogram, cumulative share, bars of categories. Pure; the colours are given. */
import type { ColumnPicture } from '../../../src/protocol/drift';
import { outline } from '../../evaluation/model/histogram';
import { formatCount, formatShare } from '../../evaluation/model/digits';
import type { Line, Point } from '../../shared/curve';
import { formatNumber } from '../../shared/format';
import type { Key, Spec, Styles } from './over-time';

const missing = (picture: ColumnPicture): string => {
  const share = (side: 'reference' | 'current'): string => formatShare(picture.rows[side] > 0 ? picture.missing[side] / picture.rows[side] : 0);
  return picture.missing.reference + picture.missing.current === 0 ? '' : `missing: ${share('reference')} of the reference, ${share('current')} of the current rows`;
};
export const sides = ({ rows }: ColumnPicture, styles: Styles): Key[] => [{ label: `reference, ${formatCount(rows.reference)} rows`, style: { ...styles.reference, dash: [] } }, { label: `current, ${formatCount(rows.current)} rows`, style: styles.current }];
const spread = (picture: ColumnPicture): string => {
  const [before, after] = [picture.quantiles?.reference[3], picture.quantiles?.current[3]];
  return before === undefined || after === undefined ? '' : `median ${formatNumber(before, 3)} in the reference, ${formatNumber(after, 3)} now`;
};

/** Shares of each side's rows a bin, so that sides of other sizes can be compared. Null where there is none to draw. */
export function histogramSpec(picture: ColumnPicture, styles: Styles): Spec | null {
  const { histogram } = picture;
  if (!histogram || histogram.edges.length < 2 || histogram.reference.length + histogram.current.length === 0) return null;
  const { edges } = histogram;
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const line = (side: 'reference' | 'current', more: Partial<Line>): Line => ({ id: side, label: side, style: { ...styles[side], dash: [] }, points: outline(edges, histogram[side], { of: total(histogram[side]), name: side }), stepped: true, ...more });
  return {
    lines: [line('reference', { filled: 0.28 }), line('current', { filled: 0.1 })], x: { title: '', format: (value) => formatNumber(value, 3), min: edges[0] ?? 0, max: edges.at(-1) ?? 1 }, y: { title: '', format: (value) => `${formatNumber(value * 100, 3)} %`, min: 0 },
    keys: sides(picture, styles), note: [missing(picture)].filter(Boolean).join('; '), summary: `${picture.column}: ${spread(picture)}`,
  };
}

/** Share of the rows at or below a value. */
export function ecdfSpec(picture: ColumnPicture, styles: Styles): Spec | null {
  const { ecdf } = picture;
  if (!ecdf || ecdf.reference.length + ecdf.current.length === 0) return null;
  const points = (own: readonly (readonly [number, number])[], name: string): Point[] => own.map(([x, y]) => ({ x, y, label: `${name}, at or below ${formatNumber(x, 4)}` }));
  return {
    lines: (['reference', 'current'] as const).map((side): Line => ({ id: side, label: side, style: { ...styles[side], dash: [] }, points: points(ecdf[side], side) })),
    x: { title: '', format: (value) => formatNumber(value, 3) }, y: { title: '', format: (value) => `${formatNumber(value * 100, 3)} %`, min: 0, max: 1 },
    keys: sides(picture, styles), note: missing(picture), summary: `${picture.column}: ${spread(picture)}`,
  };
}

export interface CategoryBar { label: string; reference: number; current: number; title: string; fresh: boolean; gone: boolean }
/** Shares of each side's rows that have a value; the rest together at the end. */
export function categoryBars(picture: ColumnPicture, most = 24): CategoryBar[] {
  const all = picture.categories ?? [];
  const others = picture.others ?? { reference: 0, current: 0, values: 0 };
  const counted = (side: 'reference' | 'current'): number => picture.rows[side] - picture.missing[side];
  const share = (count: number, side: 'reference' | 'current'): number => (counted(side) > 0 ? count / counted(side) : 0);
  const bar = (label: string, reference: number, current: number): CategoryBar => ({
    label, reference: share(reference, 'reference'), current: share(current, 'current'), fresh: reference === 0 && current > 0, gone: current === 0 && reference > 0,
    title: `${label}: ${formatShare(share(reference, 'reference'))} (${formatCount(reference)} rows) of the reference, ${formatShare(share(current, 'current'))} (${formatCount(current)} rows) now`,
  });
  const [shown, rest] = [all.slice(0, most), all.slice(most)];
  const sum = (side: 'reference' | 'current'): number => rest.reduce((total, one) => total + one[side], others[side]);
  const values = rest.length + others.values;
  return [...shown.map(({ value, reference, current }) => bar(value === '' ? '(empty)' : value, reference, current)), ...(values > 0 ? [{ ...bar(`${formatCount(values)} more`, sum('reference'), sum('current')), fresh: false, gone: false }] : [])];
}
export const categorySummary = (picture: ColumnPicture, bars: readonly CategoryBar[]): string => `${picture.column}: ${bars.slice(0, 8).map(({ title }) => title).join('; ')}`;
export const categoryNote = (picture: ColumnPicture, bars: readonly CategoryBar[]): string => {
  const [fresh, gone] = [bars.filter((bar) => bar.fresh).length, bars.filter((bar) => bar.gone).length];
  return [fresh > 0 ? `${fresh} new (\u271a)` : '', gone > 0 ? `${gone} vanished (\u2715)` : '', missing(picture)].filter(Boolean).join('; ');
};
