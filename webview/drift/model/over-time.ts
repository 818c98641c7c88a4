/** Lines over a monitor's windows: a measure with its limit and the reference's own noise, quantiles, shares of categories. Pure; the colours are given. */
import type { ColumnDrift } from '../../../src/protocol/drift';
import { figureOf, type Measure } from '../../../src/protocol/drift-measures';
import type { HistoryPoint } from '../../../src/protocol/monitoring';
import type { Axis, Line, Point, SeriesStyle } from '../../shared/curve';
import { count, formatNumber, NONE } from '../../shared/format';
import { longLabel, markText, type Mark, type WindowScale } from './windows';

export interface Styles { current: SeriesStyle; reference: SeriesStyle; limit: SeriesStyle; noise: SeriesStyle; mark: SeriesStyle; more: SeriesStyle[] }
export interface Key { label: string; style: SeriesStyle; title?: string }
/** A picture of lines, with what it says in words. */
export interface Spec { lines: Line[]; x: Axis; y: Axis; keys: Key[]; summary: string; note: string }
export interface Frame { scale: WindowScale; marks: readonly Mark[]; styles: Styles }

/** Values at windows; null is a gap. */
export interface Track { id: string; label: string; style: SeriesStyle; values: { x: number; y: number | null; label?: string }[]; band?: { low: (number | null)[]; high: (number | null)[] }; radii?: number[]; backdrop?: boolean; faint?: boolean; /** not in the legend */ unnamed?: boolean; title?: string }

const finite = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);

/** Puts tracks, marks and axes together; `zero`: the axis begins at zero where nothing is below it. */
export function pictureOf(tracks: readonly Track[], { scale, marks, styles }: Frame, options: { title: string; zero: boolean; format?: (value: number) => string; summary: string; note?: string; /** no value of these measures is beyond */ top?: number }): Spec {
  const values = tracks.flatMap(({ values: own, band }) => [...own.map(({ y }) => y), ...(band ? [...band.low, ...band.high] : [])]).filter(finite);
  const [least, largest] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const { low, high, step } = niceRange(options.zero ? Math.min(0, least) : least, largest, options.top);
  const lines = tracks.map((track): Line => ({
    id: track.id, label: track.label, style: track.style, points: pointsOf(track),
    ...(track.radii ? { radii: track.values.flatMap(({ x }, at) => (Number.isFinite(x) ? [track.radii?.[at] ?? 2] : [])) } : {}), ...(track.backdrop ? { backdrop: true } : {}), ...(track.faint ? { faint: true } : {}),
    ...(track.band ? { band: bandOf(track, track.band) } : {}),
  }));
  const seen = marks.filter(({ t }) => scale.inside(t));
  const stripes = seen.map((mark, at): Line => ({ id: `mark ${at}`, label: mark.text, style: styles.mark, points: [{ x: scale.at(mark.t), y: low }, { x: scale.at(mark.t), y: high }], backdrop: true }));
  return {
    lines: [...lines, ...stripes], note: options.note ?? '', x: { title: '', format: scale.format, min: scale.low, max: scale.high, step: scale.step }, y: { title: options.title, format: options.format ?? ((value) => formatNumber(value, 3)), min: low, max: high, step },
    keys: tracks.filter(({ unnamed }) => !unnamed).map(({ label, style, title }) => ({ label, style, ...(title === undefined ? {} : { title }) })),
    summary: `${options.summary}${seen.length > 0 ? `; ${seen.map(markText).join(', ')}` : ''}`,
  };
}

/** What is no number is a gap in a line that is read, and left away of one that others are read against. */
const pointsOf = ({ values, backdrop }: Track): Point[] => values.flatMap(({ x, y, label }): Point[] => (Number.isFinite(x) && (finite(y) || !backdrop) ? [{ x, y: y ?? NaN, ...(label === undefined ? {} : { label }) }] : []));

/** Ends that are whole steps, so that ticks stand at the ends: some five steps of 1, 2 or 5 times a power of ten. */
export function niceRange(least: number, largest: number, top?: number): { low: number; high: number; step: number } {
  const reach = largest - least || Math.abs(largest) || 1;
  const unit = 10 ** Math.floor(Math.log10(reach / 4));
  const step = ([1, 2, 5, 10].find((times) => reach / (times * unit) <= 5) ?? 10) * unit;
  const tidy = (value: number): number => Number(value.toPrecision(14));
  const low = tidy(Math.floor(least / step + 1e-9) * step);
  const high = tidy(Math.max(low + step, Math.ceil(largest / step - 1e-9) * step));
  return { low, high: top !== undefined && largest <= top ? Math.min(top, high) : high, step };
}

function bandOf({ values }: Track, { low, high }: { low: (number | null)[]; high: (number | null)[] }): { low: Point[]; high: Point[] } {
  const edge = (own: (number | null)[]): Point[] => values.flatMap(({ x }, at) => (finite(low[at]) && finite(high[at]) && Number.isFinite(x) ? [{ x, y: own[at] ?? 0 }] : []));
  return { low: edge(low), high: edge(high) };
}

/** Where a point is drawn strong: it drifted; faint: nobody can tell. */
const radiusOf = (drift: ColumnDrift | null): number => (drift?.outcome === 'fail' ? 4 : drift?.outcome === 'pass' ? 2.5 : 1.5);
const OUTCOMES = { pass: 'not drifted', fail: 'drifted', 'cannot tell': 'nobody can tell' } as const;

/** Measures that are never above 1. */
const BOUNDED = new Set(['ks', 'tv', 'linf', 'js', 'hellinger', 'unseen', 'range']);

/** A measure of one column, its limit and, of PSI, what the reference itself comes to by chance. */
export function measureSpec(points: readonly HistoryPoint[], measure: Measure, frame: Frame): Spec {
  const { scale, styles } = frame;
  const xs = points.map(({ window }) => scale.of(window));
  // A window of a handful of rows would dwarf all others: nobody can tell anything of it.
  const values = points.map(({ drift }) => (drift && drift.outcome !== 'cannot tell' ? figureOf(drift.figures, measure.path) : null));
  const unsure = points.filter(({ drift }) => drift?.outcome === 'cannot tell').length;
  const track: Track = {
    id: 'value', label: measure.title, style: styles.current, title: measure.about, radii: points.map(({ drift }) => radiusOf(drift)),
    values: points.map(({ window, drift }, at) => ({ x: xs[at] ?? NaN, y: values[at] ?? null, label: `${longLabel(window)}, ${drift ? OUTCOMES[drift.outcome] : 'not compared'}, ${measure.title}` })),
  };
  const psi = measure.id === 'psi';
  const noise: Track = { id: 'noise', label: 'noise of the reference', title: '95 % of what PSI comes to between two samples of these sizes from the reference itself', style: styles.noise, backdrop: true, values: points.map(({ drift }, at) => ({ x: xs[at] ?? NaN, y: noiseOf(drift) })), band: { low: points.map(({ drift }) => (noiseOf(drift) === null ? null : 0)), high: points.map(({ drift }) => noiseOf(drift)) } };
  const limits = limitTracks(points, measure, frame);
  const tracks = [...(psi && noise.values.some(({ y }) => y !== null) ? [noise] : []), ...limits, track];
  const known = values.filter(finite);
  const last = points.findLastIndex((_, at) => finite(values[at]));
  return pictureOf(tracks, frame, {
    title: '', zero: true, ...(BOUNDED.has(measure.id) ? { top: 1 } : {}),
    note: [measure.test === null ? 'No limit of its own: the verdict is by PSI above noise, and by significance.' : '', unsure > 0 ? `\u00d7 too few rows to tell, in ${count(unsure, 'window')}.` : ''].filter(Boolean).join(' '),
    summary: `${measure.title} over ${points.length} windows: ${known.length === 0 ? 'undefined in all of them' : `${formatNumber(Math.min(...known), 3)} to ${formatNumber(Math.max(...known), 3)}, last ${formatNumber(values[last] ?? NaN, 3)}`}`,
  });
}

/** Of PSI the limit stands above the mean of the noise, for the effect does. A change has a limit to both sides. */
function limitTracks(points: readonly HistoryPoint[], { test, id }: Measure, { scale, styles }: Frame): Track[] {
  if (test === null) return [];
  const limits = points.map(({ window, drift }) => ({ x: scale.of(window), y: limitOf(drift, test) }));
  if (limits.every(({ y }) => y === null)) return [];
  const stretched = stretch(limits, scale);
  const own: Track = { id: 'limit', label: id === 'psi' ? 'limit above noise' : 'limit', style: styles.limit, values: stretched, backdrop: true };
  const both = test === 'missing' && points.some(({ drift }) => (drift ? (figureOf(drift.figures, 'missing.rate_change') ?? 0) : 0) < 0);
  return both ? [own, { ...own, id: 'lower limit', unnamed: true, values: stretched.map(({ x, y }) => ({ x, y: y === null ? null : -y })) }] : [own];
}
const noiseOf = (drift: ColumnDrift | null): number | null => (drift?.outcome === 'cannot tell' ? null : (drift?.noise?.psi_95 ?? null));
function limitOf(drift: ColumnDrift | null, what: NonNullable<Measure['test']>): number | null {
  if (drift?.outcome === 'cannot tell') return null;
  const test = drift?.tests.find((one) => one.what === what);
  if (!test) return null;
  return test.limit + (what === 'distribution' ? (drift?.noise?.psi_mean ?? 0) : 0);
}
/** To both ends of the axis: a limit doesn't end in the middle of a window. */
export function stretch(values: { x: number; y: number | null }[], { low, high }: Pick<WindowScale, 'low' | 'high'>): { x: number; y: number | null }[] {
  const known = values.filter(({ y }) => y !== null);
  const [first, last] = [known[0], known.at(-1)];
  return first && last ? [{ x: low, y: first.y }, ...values, { x: high, y: last.y }] : values;
}

type Quantile = 'min' | 'p25' | 'median' | 'p75' | 'max';
/** Least and largest value are left away where they would flatten the rest: beyond so many times the reach of the middle halves. */
const FAR = 8;

/** The middle half as a band, the median strong, the reference's in dashes. */
export function quantileSpec(points: readonly HistoryPoint[], frame: Frame): Spec {
  const { scale, styles } = frame;
  const of = (side: 'reference' | 'current', name: Quantile): (number | null)[] => points.map(({ drift }) => (drift ? figureOf(drift.figures, `${side}.${name}`) : null));
  const at = (values: readonly (number | null)[], name: string): Track['values'] => points.map(({ window }, i) => ({ x: scale.of(window), y: values[i] ?? null, label: `${longLabel(window)}, ${name}` }));
  const middle = [...of('current', 'p25'), ...of('current', 'p75'), ...of('reference', 'p25'), ...of('reference', 'p75')].filter(finite);
  const outer = [...of('current', 'min'), ...of('current', 'max')].filter(finite);
  const far = reach(outer) > FAR * reach(middle) && reach(middle) > 0;
  const tracks: Track[] = [
    ...(far ? [] : [{ id: 'least', label: 'least and largest', style: styles.current, faint: true, values: at(of('current', 'min'), 'least') }, { id: 'largest', label: 'largest', style: styles.current, faint: true, unnamed: true, values: at(of('current', 'max'), 'largest') }]),
    { id: 'reference p25', label: 'reference, quartiles and median', style: styles.reference, backdrop: true, values: at(of('reference', 'p25'), 'reference p25') },
    { id: 'reference median', label: 'reference median', style: { ...styles.reference, dash: [] }, unnamed: true, backdrop: true, values: at(of('reference', 'median'), 'reference median') },
    { id: 'reference p75', label: 'reference p75', style: styles.reference, unnamed: true, backdrop: true, values: at(of('reference', 'p75'), 'reference p75') },
    { id: 'median', label: 'median, middle half as a band', style: styles.current, values: at(of('current', 'median'), 'median'), band: { low: of('current', 'p25'), high: of('current', 'p75') }, radii: points.map(({ drift }) => radiusOf(drift)) },
  ];
  const medians = of('current', 'median').filter(finite);
  return pictureOf(tracks, frame, {
    title: '', zero: false, note: far ? 'Least and largest value lie far outside of this picture.' : '',
    summary: medians.length === 0 ? 'no values' : `medians from ${formatNumber(medians[0] ?? 0, 3)} to ${formatNumber(medians.at(-1) ?? 0, 3)} over ${points.length} windows`,
  });
}
const reach = (values: readonly number[]): number => (values.length === 0 ? 0 : Math.max(...values) - Math.min(...values));

const MOST_LINES = 6;
/** Shares of the most frequent categories. */
export function sharesSpec(points: readonly HistoryPoint[], frame: Frame): Spec {
  const shares = points.map(sharesOf);
  const totals = new Map<string, number>();
  for (const own of shares) for (const [name, share] of own) totals.set(name, (totals.get(name) ?? 0) + share);
  const names = [...totals].sort((a, b) => b[1] - a[1]).slice(0, MOST_LINES).map(([name]) => name);
  const tracks = names.map((name, n): Track => ({
    id: name, label: name === '' ? '(empty)' : name, style: frame.styles.more[n % frame.styles.more.length] ?? frame.styles.current, radii: points.map(() => 2),
    values: points.map(({ window }, at) => ({ x: frame.scale.of(window), y: (shares[at]?.size ?? 0) > 0 ? (shares[at]?.get(name) ?? 0) : null, label: `${longLabel(window)}, ${name}` })),
  }));
  return pictureOf(tracks, frame, { title: '', zero: true, format: (value) => `${formatNumber(value * 100, 3)} %`, note: totals.size > names.length ? `The ${names.length} most frequent categories.` : '', summary: names.length === 0 ? `${NONE}: no categories` : `shares of ${names.join(', ')}` });
}
/** The counts that are listed may be some of many: shares are of all rows that have a value. */
function sharesOf({ drift, window }: HistoryPoint): Map<string, number> {
  const counts = drift?.figures['counts'];
  if (!drift || typeof counts !== 'object' || counts === null) return new Map();
  const own = Object.entries(counts as Record<string, [number, number]>).map(([name, [, current]]): [string, number] => [name, current]);
  const total = Math.max(window.rows - (figureOf(drift.figures, 'missing.current_missing') ?? 0), own.reduce((sum, [, value]) => sum + value, 0));
  return new Map(total > 0 ? own.map(([name, value]) => [name, value / total]) : []);
}
