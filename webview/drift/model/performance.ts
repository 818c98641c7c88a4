/** Estimated against realised performance over windows, and all columns together. Pure. */
import type { MultivariateDrift } from '../../../src/protocol/drift';
import type { HistoryPoint } from '../../../src/protocol/monitoring';
import type { PerformanceFigure } from '../../../src/protocol/performance';
import { formatNumber } from '../../shared/format';
import { pictureOf, stretch, type Frame, type Spec, type Track } from './over-time';
import { longLabel, type ShownWindow } from './windows';

/** Every figure that any window has, the one that most windows have first. */
export function metricsOf(windows: readonly ShownWindow[]): string[] {
  const counts = new Map<string, number>();
  for (const { figures } of windows) for (const metric of Object.keys(figures)) counts.set(metric, (counts.get(metric) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([metric]) => metric);
}

/** What is known and what was estimated, each with its band, between what the reference's chunks span. */
export function performanceSpec(windows: readonly ShownWindow[], metric: string, frame: Frame): Spec {
  const { scale, styles } = frame;
  const figures = windows.map((window): PerformanceFigure | null => window.figures[metric] ?? null);
  const at = (read: (figure: PerformanceFigure) => number | null, name: string): Track['values'] => windows.map((window, i) => {
    const figure = figures[i];
    return { x: scale.of(window), y: figure ? read(figure) : null, label: `${longLabel(window)}, ${name}` };
  });
  const flat = (read: (figure: PerformanceFigure) => number | null): { x: number; y: number | null }[] => stretch(windows.map((window, i) => ({ x: scale.of(window), y: figures[i] ? read(figures[i] as PerformanceFigure) : null })), scale);
  const band = (read: (figure: PerformanceFigure) => readonly [number, number] | null): { low: (number | null)[]; high: (number | null)[] } => ({ low: figures.map((figure) => (figure ? (read(figure)?.[0] ?? null) : null)), high: figures.map((figure) => (figure ? (read(figure)?.[1] ?? null) : null)) });
  const bounds: Track[] = [
    { id: 'lower', label: 'mean \u00b1 3 standard deviations of the reference\u2019s chunks', style: styles.limit, values: flat(({ lower }) => lower), backdrop: true },
    { id: 'upper', label: 'upper', style: styles.limit, values: flat(({ upper }) => upper), backdrop: true, unnamed: true },
    { id: 'reference', label: 'reference', style: styles.reference, values: flat(({ reference }) => reference), backdrop: true },
  ];
  const has = (track: Track): boolean => track.values.some(({ y }) => y !== null);
  const [estimated = styles.current, realised = styles.current] = styles.more;
  const tracks: Track[] = [
    ...bounds.filter(has),
    { id: 'estimated', label: 'estimated, without labels', style: { ...estimated, dash: [5, 3] }, values: at((figure) => figure.estimated, 'estimated'), band: band((figure) => figure.estimatedInterval), radii: windows.map(() => 2.5) },
    { id: 'realised', label: 'realised', style: realised, values: at((figure) => figure.realised, 'realised'), band: band((figure) => figure.realisedInterval), radii: windows.map(() => 3) },
  ].filter((track) => track.backdrop || has(track));
  const told = figures.filter((figure) => figure !== null && figure.estimated !== null).length;
  const known = figures.filter((figure) => figure !== null && figure.realised !== null).length;
  const why = figures.findLast((figure) => figure !== null && figure.why !== '')?.why ?? '';
  return pictureOf(tracks, frame, { title: '', zero: false, note: why, summary: `${metric}: estimated in ${told} and realised in ${known} of ${windows.length} windows` });
}

export const MULTIVARIATE: Record<MultivariateDrift['measure'], { title: string; about: string }> = {
  pca_reconstruction: { title: 'Reconstruction error', about: 'Error of putting rows together again from the reference\u2019s principal components: it changes where columns no longer go together as they did.' },
  domain_auc: { title: 'Domain classifier', about: 'How well a classifier tells current rows from the reference\u2019s (AUC): 0.5 where they are alike, 1 where it always can.' },
};

/** A measure of all columns together, between what the reference's own resamples span. */
export function togetherSpec(points: readonly HistoryPoint[], measure: MultivariateDrift['measure'], frame: Frame): Spec {
  const { scale, styles } = frame;
  const own = points.map(({ multivariate }) => multivariate.find((one) => one.measure === measure) ?? null);
  const at = (read: (one: MultivariateDrift) => number | null): Track['values'] => points.map(({ window }, i) => ({ x: scale.of(window), y: own[i] ? read(own[i] as MultivariateDrift) : null, label: `${longLabel(window)}, ${MULTIVARIATE[measure].title}` }));
  const limits = (['lower', 'upper'] as const).map((edge, n): Track => ({ id: edge, label: 'what the reference itself spans', style: styles.limit, backdrop: true, unnamed: n > 0, values: stretch(at((one) => one[edge]).map(({ x, y }) => ({ x, y })), scale) })).filter(({ values }) => values.some(({ y }) => y !== null));
  const first = limits[0];
  if (first) first.unnamed = false;
  const tracks: Track[] = [...limits, { id: 'reference', label: 'reference', style: styles.reference, backdrop: true, values: stretch(at((one) => one.reference).map(({ x, y }) => ({ x, y })), scale) }, { id: 'value', label: MULTIVARIATE[measure].title, style: styles.current, values: at((one) => one.value), radii: own.map((one) => (one?.outcome === 'fail' ? 4 : one?.outcome === 'pass' ? 2.5 : 1.5)) }];
  const last = own.findLast((one) => one?.value !== null && one !== null);
  return pictureOf(tracks.filter(({ values }) => values.some(({ y }) => y !== null)), frame, { title: '', zero: false, summary: `${MULTIVARIATE[measure].title}: ${last ? `last ${formatNumber(last.value ?? NaN, 3)}, ${last.reason || last.outcome}` : 'not measured'}` });
}
