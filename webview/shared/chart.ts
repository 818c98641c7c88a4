/** The only importer of chart.js: line charts and scatter plots as a panel needs them, in the theme's colours. */
import {
  BarController, BarElement, Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip,
  type ChartConfiguration, type ChartDataset, type Plugin, type ScaleOptions,
} from 'chart.js';
import { faded, readTheme, type Theme } from './colors';
import type { Axis, Line, Point } from './curve';
import { el } from './dom';
import { pngOf } from './png';

Chart.register(BarController, BarElement, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController, Tooltip);

export type { Axis, Line, Point } from './curve';
/** For the pictures that stand in files of their own; nothing else imports chart.js. */
export { Chart };
export type { ChartConfiguration, ChartDataset, Plugin };
export interface Dot { id: string; label: string; x: number; y: number; color: string }

export interface Picture {
  node: HTMLElement;
  highlight(id: string | null): void;
  /** The picture on the theme's background, as a PNG in base64 (no data: prefix). */
  png(): string;
  dispose(): void;
}
export interface LineChart extends Picture {
  update(data: { lines: Line[]; x: Axis; y: Axis; summary: string }): void;
  /** Width of the plot in CSS pixels; what a query for points is to fill. */
  plotWidth(): number;
  /** The plot's edges in CSS pixels within `node`; null while nothing is drawn. */
  plotArea(): { left: number; right: number; top: number; bottom: number } | null;
}
export interface ScatterChart extends Picture {
  update(data: { dots: Dot[]; x: Axis; y: Axis; summary: string }): void;
}

type Kind = 'line' | 'scatter';
interface Tagged { id?: string; base?: { color: string; width: number }; bandOf?: string; backdrop?: boolean }
type Set = ChartDataset<Kind, Point[]> & Tagged;

/** Small crosses at the foot of the plot where a curve's value is NaN or infinite. */
const gapMarks: Plugin<Kind> = {
  id: 'gapMarks',
  afterDatasetsDraw(chart) {
    const { ctx, chartArea, scales } = chart;
    const x = scales['x'];
    if (!x) return;
    for (const set of chart.data.datasets as Set[]) {
      if (!set.id || set.bandOf || !set.base) continue;
      ctx.save();
      ctx.strokeStyle = set.base.color;
      ctx.lineWidth = 1.5;
      ctx.beginPath();
      for (const point of set.data) {
        if (Number.isFinite(point.y)) continue;
        const at = x.getPixelForValue(point.x);
        if (at < chartArea.left || at > chartArea.right) continue;
        const foot = chartArea.bottom - 5;
        ctx.moveTo(at - 3, foot - 3);
        ctx.lineTo(at + 3, foot + 3);
        ctx.moveTo(at + 3, foot - 3);
        ctx.lineTo(at - 3, foot + 3);
      }
      ctx.stroke();
      ctx.restore();
    }
  },
};

function scale(axis: Axis, theme: Theme, position: 'bottom' | 'left'): ScaleOptions<'linear'> {
  const font = { family: theme.font, size: Math.max(10, theme.size - 2) };
  const ticks = { color: theme.muted, font, maxRotation: 0, autoSkipPadding: 16, maxTicksLimit: position === 'left' ? 6 : 8, callback: (value: string | number) => axis.format(Number(value)), ...(axis.step === undefined ? {} : { stepSize: axis.step }) };
  const options = {
    type: axis.log ? 'logarithmic' : 'linear', position, grace: axis.room ? '4%' : 0, min: axis.min, max: axis.max, border: { color: theme.border }, ticks,
    grid: { color: faded(theme.grid, theme.contrast ? 0.35 : 0.3), tickLength: 4, drawOnChartArea: position === 'left' },
    title: { display: axis.title !== '', text: axis.title, color: theme.muted, font, padding: 2 },
  };
  // The two kinds share everything set here; chart.js types them apart.
  return options as unknown as ScaleOptions<'linear'>;
}

interface Frame { node: HTMLElement; canvas: HTMLCanvasElement; chart: Chart<Kind, Point[]> }

function frame(kind: Kind, onHover: (id: string | null) => void): Frame {
  const canvas = el('canvas', { role: 'img' });
  const node = el('div', { class: 'chart' }, canvas);
  const config: ChartConfiguration<Kind, Point[]> = {
    type: kind,
    data: { datasets: [] },
    plugins: [gapMarks],
    options: {
      animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, spanGaps: false,
      layout: { padding: { top: 4, right: 10, bottom: 0, left: 0 } },
      interaction: { mode: kind === 'line' ? 'nearest' : 'point', axis: kind === 'line' ? 'xy' : 'xy', intersect: false },
      onHover: (_event, elements, chart) => {
        const found = elements[0] ? (chart.data.datasets[elements[0].datasetIndex] as Set | undefined) : undefined;
        onHover(kind === 'line' ? (found?.id ?? null) : ((found?.data[elements[0]?.index ?? -1] as (Point & { id?: string }) | undefined)?.id ?? null));
      },
    },
  };
  const chart = new Chart<Kind, Point[]>(canvas, config);
  canvas.addEventListener('mouseleave', () => onHover(null));
  return { node, canvas, chart };
}

/** Puts the theme and the axes on a chart; to be done at each update, for the theme may have changed. */
function dress({ chart, canvas }: Frame, x: Axis, y: Axis, summary: string): Theme {
  const theme = readTheme();
  canvas.setAttribute('aria-label', summary);
  const options = chart.options;
  options.scales = { x: scale(x, theme, 'bottom'), y: scale(y, theme, 'left') };
  options.plugins = {
    ...options.plugins,
    tooltip: {
      filter: (item, index) => index < 6 && !(chart.data.datasets[item.datasetIndex] as Set).bandOf && !(chart.data.datasets[item.datasetIndex] as Set).backdrop,
      backgroundColor: theme.background, titleColor: theme.foreground, bodyColor: theme.foreground, borderColor: theme.border, borderWidth: 1, cornerRadius: 2,
      titleFont: { family: theme.font, size: theme.size - 1 }, bodyFont: { family: theme.font, size: theme.size - 1 }, animation: false, caretSize: 0, padding: 6, boxWidth: 8, boxHeight: 8,
      callbacks: {
        title: (items) => (items[0] ? `${x.title} ${x.format(items[0].parsed.x ?? Number.NaN)}` : ''),
        label: (item) => {
          const raw = item.raw as Point & { label?: string };
          return ` ${raw.label ?? item.dataset.label ?? ''}: ${y.format(item.parsed.y ?? Number.NaN)}`;
        },
      },
    },
  };
  return theme;
}

const lineSet = (line: Line, points: Point[], more: Partial<Set>): Set => ({
  type: 'line', id: line.id, label: line.label, data: points, base: { color: line.style.color, width: line.faint ? 1 : 1.6 },
  borderColor: line.faint ? faded(line.style.color, 0.3) : line.style.color, borderWidth: line.faint ? 1 : 1.6, borderDash: line.style.dash, backgroundColor: line.style.color,
  pointRadius: line.radii ?? (points.length === 1 ? 3 : 0), pointHoverRadius: line.radii ?? (line.faint ? 0 : 3), borderJoinStyle: 'round',
  stepped: line.stepped ? 'before' : false, fill: line.filled === undefined ? false : { target: 'origin', above: faded(line.style.color, line.filled), below: faded(line.style.color, line.filled) },
  ...(line.radii ? { pointBackgroundColor: line.style.color, pointBorderWidth: 0, clip: 8 } : {}), ...(line.backdrop ? { backdrop: true, pointHoverRadius: 0, pointHitRadius: 0 } : {}), ...more,
} as Set);

/** A chart of curves. Hovering one names its id; `highlight` draws one strong and the others faint. */
export function createLineChart(options: { onHover(id: string | null): void }): LineChart {
  const made = frame('line', options.onHover);
  let lit: string | null = null;
  const { chart } = made;
  const emphasize = (): void => {
    for (const set of chart.data.datasets as Set[]) {
      if (!set.base || set.bandOf || set.backdrop) continue;
      const other = lit !== null && set.id !== lit;
      set.borderColor = other ? faded(set.base.color, 0.2) : set.base.width === 1 ? faded(set.base.color, 0.3) : set.base.color;
      set.borderWidth = lit === set.id && set.base.width > 1 ? 3 : set.base.width;
      set.order = lit === set.id ? 0 : 1;
    }
  };
  return {
    node: made.node,
    update({ lines, x, y, summary }) {
      dress(made, x, y, summary);
      chart.data.datasets = lines.flatMap((line): Set[] => {
        const own = lineSet(line, line.points, {});
        if (!line.band) return [own];
        const edge: Partial<Set> = { bandOf: line.id, borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, order: 2 };
        const fill = { target: '+1', above: faded(line.style.color, 0.18), below: faded(line.style.color, 0.18) };
        return [lineSet(line, line.band.low, { ...edge, fill } as Partial<Set>), lineSet(line, line.band.high, edge), own];
      });
      emphasize();
      chart.update('none');
    },
    highlight(id) {
      if (id === lit) return;
      lit = id;
      emphasize();
      chart.update('none');
    },
    plotWidth: () => Math.round(chart.chartArea?.width ?? made.node.clientWidth),
    plotArea: () => (chart.chartArea ? { left: chart.chartArea.left, right: chart.chartArea.right, top: chart.chartArea.top, bottom: chart.chartArea.bottom } : null),
    png: () => pngOf(made.canvas),
    dispose: () => chart.destroy(),
  };
}

/** A scatter plot of one dot a run. */
export function createScatterChart(options: { onHover(id: string | null): void; onPick(id: string): void }): ScatterChart {
  const made = frame('scatter', options.onHover);
  const { chart, canvas } = made;
  let lit: string | null = null;
  let dots: Dot[] = [];
  const emphasize = (theme: Theme): void => {
    const set = chart.data.datasets[0] as (Set & { pointBackgroundColor?: unknown; pointRadius?: unknown; pointBorderColor?: unknown; pointBorderWidth?: unknown }) | undefined;
    if (!set) return;
    set.pointBackgroundColor = dots.map((dot) => (lit === null || dot.id === lit ? faded(dot.color, 0.85) : faded(dot.color, 0.3)));
    set.pointRadius = dots.map((dot) => (dot.id === lit ? 7 : 4));
    set.pointBorderColor = dots.map((dot) => (dot.id === lit ? theme.foreground : theme.background));
    set.pointBorderWidth = dots.map((dot) => (dot.id === lit ? 2 : 0.5));
  };
  canvas.addEventListener('click', (event) => {
    const found = chart.getElementsAtEventForMode(event, 'point', { intersect: true }, false)[0];
    const dot = found ? dots[found.index] : undefined;
    if (dot) options.onPick(dot.id);
  });
  return {
    node: made.node,
    update({ dots: next, x, y, summary }) {
      const theme = dress(made, x, y, summary);
      dots = next;
      chart.data.datasets = [{ type: 'scatter', data: dots, pointHoverRadius: 7, clip: 8 } as unknown as Set];
      emphasize(theme);
      chart.update('none');
    },
    highlight(id) {
      if (id === lit) return;
      lit = id;
      emphasize(readTheme());
      chart.update('none');
    },
    png: () => pngOf(made.canvas),
    dispose: () => chart.destroy(),
  };
}
