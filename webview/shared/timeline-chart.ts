/** Lanes over time: bars for what lasted, points for what happened. */
import { Chart, type ChartConfiguration, type ChartDataset, type Picture, type Plugin } from './chart';
import { faded, readTheme, type Theme } from './colors';
import { el } from './dom';
import { pngOf } from './png';

/** Times in ms since the epoch; lanes are numbered from the top, from 0. */
export interface TimelineBar { id: string; lane: number; from: number; to: number; /** stands on the bar where it fits */ label: string; title: string; color: string; /** drawn with a strong edge */ marked: boolean }
export interface TimelinePoint { id: string; lane: number; t: number; title: string; shape: TimelineShape; tone: 'plain' | 'strong' | 'bad' }
/** Each has a sign that looks like it, to name it in a legend. */
export const shapeSigns = { disc: '\u25cf', square: '\u25a0', diamond: '\u25c6', up: '\u25b2', right: '\u25b6', left: '\u25c0', cross: '\u2715', plus: '\u271a', star: '\u2731', dash: '\u2013', ring: '\u25cb' } as const;
export type TimelineShape = keyof typeof shapeSigns;

const styles: Record<TimelineShape, readonly [style: string, rotation: number]> = {
  disc: ['circle', 0], square: ['rect', 0], diamond: ['rectRot', 0], up: ['triangle', 0], right: ['triangle', 90], left: ['triangle', -90], cross: ['crossRot', 0], plus: ['cross', 0], star: ['star', 0], dash: ['line', 0], ring: ['circle', 0],
};
/** Drawn as lines alone: they have no inside to fill. */
const lined = new Set<TimelineShape>(['cross', 'plus', 'star', 'dash']);

export interface TimelineData { lanes: string[]; bars: TimelineBar[]; points: TimelinePoint[]; axis: { low: number; high: number; ticks: number[]; format(t: number): string }; summary: string; /** of the ink: the theme's colour for what is bad */ bad: string }
export interface TimelineChart extends Picture { update(data: TimelineData): void; /** of the plot, in CSS pixels */ width(): number }

interface BarRow { x: [number, number]; y: number; id: string; label: string; title: string; marked: boolean }
interface PointRow { x: number; y: number; id: string; title: string }
type Kind = 'bar' | 'scatter';
type Row = BarRow | PointRow;

const BAR = 16;
/** Bars stand a little above the middle of their lane, points under them. */
const ABOVE = 0.12;
const BELOW = 0.3;

/** What each bar is called, where it has room for it. */
const barLabels: Plugin<Kind> = {
  id: 'barLabels',
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    const theme = readTheme();
    ctx.save();
    ctx.font = `${Math.max(10, theme.size - 2)}px ${theme.font}`;
    ctx.fillStyle = theme.foreground;
    ctx.textBaseline = 'middle';
    const rows = chart.data.datasets[0]?.data as unknown as BarRow[] | undefined;
    chart.getDatasetMeta(0).data.forEach((element, at) => {
      const { base, x, y } = element.getProps(['base', 'x', 'y'], true) as unknown as { base: number; x: number; y: number };
      const [left, right] = [Math.max(Math.min(base, x), chartArea.left), Math.min(Math.max(base, x), chartArea.right)];
      const label = rows?.[at]?.label ?? '';
      if (ctx.measureText(label).width + 8 <= right - left) ctx.fillText(label, left + 4, y);
    });
    ctx.restore();
  },
};

function scales({ lanes, axis }: TimelineData, theme: Theme): NonNullable<NonNullable<ChartConfiguration<Kind>['options']>['scales']> {
  const font = { family: theme.font, size: Math.max(10, theme.size - 2) };
  const short = (name: string): string => (name.length > 18 ? `${name.slice(0, 17)}\u2026` : name);
  const grid = { color: faded(theme.grid, theme.contrast ? 0.35 : 0.3), tickLength: 4 };
  return {
    x: {
      type: 'linear', position: 'bottom', min: axis.low, max: axis.high, border: { color: theme.border }, grid,
      ticks: { color: theme.muted, font, maxRotation: 0, autoSkip: true, autoSkipPadding: 12, callback: (value) => axis.format(Number(value)) },
      afterBuildTicks: (scale) => { scale.ticks = axis.ticks.map((value) => ({ value })); },
    },
    y: {
      type: 'linear', position: 'left', reverse: true, min: -0.5, max: lanes.length - 0.5, border: { color: theme.border }, grid: { ...grid, drawOnChartArea: false },
      ticks: { color: theme.foreground, font, autoSkip: false, callback: (value) => short(lanes[Number(value)] ?? '') },
      afterBuildTicks: (scale) => { scale.ticks = lanes.map((_, value) => ({ value })); },
    },
  };
}

/** Hovering a point or a bar names its id, a click picks it. */
export function createTimelineChart(options: { onHover(id: string | null): void; onPick(id: string): void }): TimelineChart {
  const canvas = el('canvas', { role: 'img' });
  const node = el('div', { class: 'chart' }, canvas);
  let lit: string | null = null;
  let data: TimelineData | null = null;
  const rowAt = (element: { datasetIndex: number; index: number } | undefined): Row | undefined => (element ? (chart.data.datasets[element.datasetIndex]?.data[element.index] as unknown as Row | undefined) : undefined);
  const chart = new Chart<Kind>(canvas, {
    type: 'scatter', data: { datasets: [] }, plugins: [barLabels],
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, layout: { padding: { top: 4, right: 10 } },
      // A point lies on a bar at times: it goes first.
      interaction: { mode: 'point', intersect: true },
      onHover: (_event, elements) => options.onHover(rowAt(elements.at(-1))?.id ?? null),
    },
  } as ChartConfiguration<Kind>);
  canvas.addEventListener('mouseleave', () => options.onHover(null));
  canvas.addEventListener('click', (event) => {
    const found = rowAt(chart.getElementsAtEventForMode(event, 'point', { intersect: true }, false).at(-1));
    if (found) options.onPick(found.id);
  });
  const dressed = ({ bars, points, bad }: TimelineData, theme: Theme): ChartDataset<Kind>[] => {
    const tones = { plain: theme.muted, strong: theme.foreground, bad };
    const barRows = bars.map((one): BarRow => ({ x: [one.from, one.to], y: one.lane - ABOVE, id: one.id, label: one.label, title: one.title, marked: one.marked }));
    const barSet = {
      type: 'bar', indexAxis: 'y', grouped: false, barThickness: BAR, minBarLength: 3, data: barRows, order: 2,
      backgroundColor: bars.map((one) => faded(one.color, one.id === lit ? 0.6 : 0.32)), hoverBackgroundColor: bars.map((one) => faded(one.color, 0.5)), hoverBorderColor: bars.map((one) => (one.marked ? bad : one.color)), borderColor: bars.map((one) => (one.marked ? bad : one.color)), borderWidth: bars.map((one) => (one.marked || one.id === lit ? 2 : 1)), borderSkipped: false,
    };
    // Points that look alike share a set: thousands of looks, one a point, would be slow to resolve.
    const groups = new Map<string, TimelinePoint[]>();
    for (const one of points) {
      const key = one.id === lit ? 'lit' : `${one.shape} ${one.tone}`;
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
    const pointSets = [...groups].map(([key, group]) => {
      const { shape, tone } = group[0] ?? { shape: 'ring', tone: 'plain' };
      const chosen = key === 'lit';
      return {
        type: 'scatter', order: chosen ? 0 : 1, clip: 8, pointHitRadius: 4, data: group.map((one): PointRow => ({ x: one.t, y: one.lane + (one.lane === 0 ? 0 : BELOW), id: one.id, title: one.title })),
        pointStyle: styles[shape][0], pointRotation: styles[shape][1], pointRadius: chosen ? 8 : tone === 'plain' ? 3.5 : 4.5, pointHoverRadius: 7, pointBackgroundColor: shape === 'ring' ? theme.background : tones[tone],
        pointBorderColor: chosen && !lined.has(shape) ? theme.focus : tones[tone], pointBorderWidth: lined.has(shape) || chosen ? 2 : shape === 'ring' ? 1.5 : 0.5,
      };
    });
    return [barSet, ...pointSets] as unknown as ChartDataset<Kind>[];
  };
  const draw = (): void => {
    if (!data) return;
    const theme = readTheme();
    canvas.setAttribute('aria-label', data.summary);
    const font = { family: theme.font, size: theme.size - 1 };
    chart.options.scales = scales(data, theme);
    chart.options.plugins = {
      ...chart.options.plugins,
      tooltip: {
        filter: (_item, index) => index < 4, displayColors: false, animation: false, caretSize: 0, padding: 6, cornerRadius: 2, borderWidth: 1,
        backgroundColor: theme.background, titleColor: theme.foreground, bodyColor: theme.foreground, borderColor: theme.border, titleFont: font, bodyFont: font,
        callbacks: { title: () => '', label: (item) => (item.raw as Row).title.split('\n') },
      },
    };
    chart.data.datasets = dressed(data, theme);
    chart.update('none');
  };
  return {
    node,
    update(next) {
      data = next;
      draw();
    },
    highlight(id) {
      if (id === lit) return;
      lit = id;
      draw();
    },
    width: () => Math.round(chart.chartArea?.width ?? node.clientWidth),
    png: () => pngOf(canvas),
    dispose: () => chart.destroy(),
  };
}
