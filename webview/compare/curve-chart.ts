/** One metric's curves: asks for the points of what it shows, draws them, and says what couldn't be drawn. */
import type { Curve } from '../../src/protocol/model';
import { createLineChart, type Axis, type Line } from '../shared/chart';
import { el, fill } from '../shared/dom';
import { count, formatDuration, formatNumber, formatTime } from '../shared/format';
import { emptyState, errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { fileName } from './model/export';
import { groupRuns, linesOf, type Lines } from './model/lines';
import type { XAxis } from './model/state';
import type { Panel } from './panel';
import { zoomable } from './zoom';

export interface CurveChart { node: HTMLElement; metric: string; /** Asks again, if it is in view; else once it is. */ refresh(): void; /** Draws what is here anew. */ draw(): void; highlight(run: string | null): void; dispose(): void }

/** What stands under the axis, by the kind of x. */
const xTitle: Record<XAxis, string> = { step: 'step', relative: 'time since start', wall: 'time' };
const xFormat: Record<XAxis, (value: number) => string> = {
  step: (value) => (Number.isInteger(value) ? value.toLocaleString('en-US') : formatNumber(value)),
  relative: (value) => (value === 0 ? '0' : formatDuration(value)),
  wall: (value) => formatTime(value).slice(5, 16),
};

export function createCurveChart(panel: Panel, metric: string): CurveChart {
  let curves: Curve[] | null = null;
  let asked = 0;
  let stale = true;
  let inView = false;
  const note = el('span', { class: 'muted note' });
  const notice = el('div', { class: 'chart-notice' });
  const chart = createLineChart({ onHover: (id) => panel.highlight(id) });
  const save = button({ label: 'PNG', appearance: 'icon', title: `Save ${metric} as a picture`, onClick() {
    panel.host.ask('host.saveFile', { name: fileName(metric, 'png'), mime: 'image/png', base64: chart.png() }).then(undefined, failed);
  } });
  save.setAttribute('aria-label', `Save ${metric} as PNG`);
  const name = el('h2', { class: 'text', title: metric }, metric);
  const node = el('section', { class: 'curve', attrs: { 'aria-label': metric } }, el('header', {}, name, note, save), chart.node, notice);
  const failed = (error: unknown): void => fill(notice, errorState(`${metric} can\u2019t be drawn`, error, ask));

  const bounds = (): { from: number; to: number } | null => {
    const { zoom } = panel.state().curves;
    if (zoom) return zoom;
    const xs = current.lines.flatMap((line) => line.points.map((point) => point.x));
    if (xs.length === 0) return null;
    return { from: xs.reduce((a, b) => Math.min(a, b)), to: xs.reduce((a, b) => Math.max(a, b)) };
  };
  zoomable(chart.node, {
    plot() {
      const range = bounds();
      const area = chart.plotArea();
      return range && area && range.to > range.from ? { ...area, ...range } : null;
    },
    onZoom: (zoom) => panel.update({ curves: { ...panel.state().curves, zoom } }),
    whole: () => panel.state().curves.x === 'step',
    onReset: () => panel.update({ curves: { ...panel.state().curves, zoom: null } }),
  });

  let current: Lines = { lines: [], odd: 0, hidden: 0 };
  function ask(): void {
    const runs = panel.drawn();
    const { x, zoom } = panel.state().curves;
    stale = false;
    const mine = (asked += 1);
    if (runs.length === 0) {
      curves = [];
      return draw();
    }
    const px = Math.max(50, Math.min(20_000, chart.plotWidth() || 400));
    panel.host.ask('runs.curves', { runs, key: metric, x, px, ...(zoom ?? {}) }).then((found) => {
      if (mine !== asked) return;
      curves = found.curves;
      draw();
    }, (error: unknown) => { if (mine === asked) failed(error); });
  }

  function draw(): void {
    if (!curves) return;
    const { x, log, smoothing, zoom, groups } = panel.state().curves;
    const rows = panel.drawn().flatMap((id) => panel.runs.byId(id) ?? []);
    current = linesOf(curves, panel.runs.byId, { x, smoothing, log, groups: groups ? groupRuns(rows) : null });
    const range = bounds();
    const lines = current.lines.flatMap((line): Line[] => {
      const style = panel.style(line.id);
      if (!style || line.points.length === 0) return [];
      const label = (panel.runs.byId(line.id)?.name ?? line.id) + (line.n > 1 ? ` (mean of ${line.n})` : '');
      const own: Line = { id: line.id, label, style, points: line.points, ...(line.band ? { band: line.band } : {}) };
      return line.raw ? [{ ...own, points: line.raw, faint: true }, own] : [own];
    });
    const plain = chart.node.clientWidth > 0 && lines.length > 0;
    chart.node.hidden = lines.length === 0;
    fill(notice, plain || lines.length > 0 ? null : emptyState(zoom
      ? { title: 'Nothing here', detail: 'No run has a point in this stretch.', action: { label: 'Show all', run: () => panel.update({ curves: { ...panel.state().curves, zoom: null } }) } }
      : { title: 'No points', detail: `None of the drawn runs logged ${metric}.` }));
    const parts = [
      current.odd > 0 ? `\u00d7 ${count(current.odd, 'value')} NaN or infinite` : '',
      current.hidden > 0 ? `${count(current.hidden, 'value')} \u2264 0 left out` : '',
    ];
    note.textContent = parts.filter(Boolean).join(' \u00b7 ');
    note.title = note.textContent;
    name.title = curves.some((curve) => !curve.exact) ? `${metric}: thinned to what the screen can show, extremes kept; zoom in for every point` : metric;
    const xAxis: Axis = { title: xTitle[x], format: xFormat[x], ...(range ? { min: range.from, max: range.to } : {}) };
    if (lines.length > 0) chart.update({ lines, x: xAxis, y: { title: '', log, format: (value) => formatNumber(value, 4) }, summary: summary(lines) });
  }
  /** A chart in words: its curves with where they end. */
  function summary(lines: Line[]): string {
    const ends = lines.filter((line) => !line.faint).slice(0, 10).map((line) => `${line.label} ends at ${formatNumber(line.points.findLast((point) => Number.isFinite(point.y))?.y ?? Number.NaN)}`);
    return `${metric} over ${xTitle[panel.state().curves.x]}: ${ends.join(', ')}`;
  }

  const seen = new IntersectionObserver(([entry]) => {
    inView = entry?.isIntersecting ?? false;
    if (inView && stale) ask();
  });
  seen.observe(node);
  return {
    node, metric, draw,
    refresh() {
      stale = true;
      if (inView) ask();
    },
    highlight: (run) => chart.highlight(run),
    dispose() {
      seen.disconnect();
      chart.dispose();
      node.remove();
    },
  };
}
