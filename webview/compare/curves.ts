/** The curves of the drawn runs: a chart a metric, one legend for all. */
import { el, fill, throttle } from '../shared/dom';
import { count } from '../shared/format';
import { emptyState } from '../shared/notice';
import { button, checkbox, dropdown } from '../shared/toolkit';
import { createCurveChart, type CurveChart } from './curve-chart';
import { defaultMetrics, groupRuns } from './model/lines';
import type { PanelState } from './model/state';
import { DRAWN, type Panel } from './panel';
import { picker } from '../shared/picker';
import { swatch } from './table';
import type { View } from './tabs';

/** How often a live run's curves are asked for again. */
const LIVE_MS = 1000;

export function createCurvesView(panel: Panel): View {
  const charts = new Map<string, CurveChart>();
  let shown = false;
  let outdated = false;
  const state = (): PanelState['curves'] => panel.state().curves;
  const set = (patch: Partial<PanelState['curves']>): void => panel.update({ curves: { ...state(), ...patch } });
  const metrics = (): string[] => state().metrics ?? defaultMetrics(drawnRows(), panel.mainMetric());
  const drawnRows = () => panel.drawn().flatMap((id) => panel.runs.byId(id) ?? []);

  const smoothing = el('input', { class: 'slider', attrs: { type: 'range', min: 0, max: 0.99, step: 0.01, 'aria-label': 'Smoothing' } });
  smoothing.value = String(state().smoothing);
  const weight = el('output', { class: 'figure' });
  smoothing.addEventListener('input', () => set({ smoothing: Number(smoothing.value) }));
  const x = dropdown({
    label: 'Horizontal axis', value: state().x, onChange: (value) => set({ x: value as PanelState['curves']['x'], zoom: null }),
    choices: [{ value: 'step', label: 'Step' }, { value: 'relative', label: 'Relative time' }, { value: 'wall', label: 'Wall time' }],
  });
  const log = checkbox({ label: 'Log y', checked: state().log, onChange: (value) => set({ log: value }) });
  const groups = checkbox({ label: 'Group seeds', title: 'One curve for runs with the same params: mean and 95 % interval', checked: state().groups, onChange: (value) => set({ groups: value }) });
  const reset = button({ label: 'Reset zoom', title: 'Show all (Escape)', onClick: () => set({ zoom: null }) });
  const pick = picker({
    label: 'Metrics', choices: () => panel.keys().metrics.map((key) => ({ value: key, label: key, group: 'metrics' })), chosen: metrics,
    onChange: (chosen) => set({ metrics: chosen }), limit: 24, reset: { label: 'Choose for me', run: () => set({ metrics: null }) },
  });
  const controls = el('div', { class: 'controls' }, pick, x.node, log.node, groups.node,
    el('label', { class: 'inline' }, 'Smoothing', smoothing, weight), reset);
  const legend = el('ul', { class: 'legend', attrs: { 'aria-label': 'Drawn runs' } });
  const grid = el('div', { class: 'curve-grid' });
  const node = el('div', { class: 'curves' }, controls, legend, grid);

  const drawLegend = (): void => {
    const grouped = state().groups ? [...groupRuns(drawnRows())] : null;
    const entries: (readonly [string, string[]])[] = grouped ?? panel.drawn().map((id) => [id, [id]] as const);
    const auto = panel.state().selected.length === 0;
    fill(legend, ...entries.map(([id, runs]) => {
      const name = panel.runs.byId(id)?.name ?? id;
      const item = el('button', {
        class: 'legend-item', title: `${name}: show in the table`, attrs: { type: 'button', 'data-run': id },
        on: { click: () => panel.reveal(id), mouseenter: () => panel.highlight(id), mouseleave: () => panel.highlight(null), focus: () => panel.highlight(id), blur: () => panel.highlight(null) },
      }, swatch(panel.style(id)), el('span', { class: 'text' }, name), runs.length > 1 ? el('span', { class: 'muted' }, `\u00d7 ${runs.length}`) : null);
      return el('li', {}, item);
    }), auto && (panel.runs.total() ?? 0) > DRAWN ? el('li', { class: 'muted note' }, `the first ${DRAWN} of ${count(panel.runs.total() ?? 0, 'run')}; select others in the table`) : null);
  };
  const controlsShow = (): void => {
    const { smoothing: value, zoom } = state();
    weight.textContent = value === 0 ? 'off' : value.toFixed(2);
    reset.hidden = zoom === null;
  };
  /** Charts of the metrics that are shown now: new ones are made, others go. */
  const layout = (): void => {
    const wanted = metrics();
    for (const [metric, chart] of charts) {
      if (wanted.includes(metric)) continue;
      chart.dispose();
      charts.delete(metric);
    }
    if (wanted.length === 0) {
      fill(grid, emptyState({ title: 'No metrics yet', detail: 'Curves appear once a run logs a number, with runyard.log({"loss": x}, step=i) or a line such as loss=0.41.' }));
      return;
    }
    const made = wanted.map((metric) => {
      const chart = charts.get(metric) ?? createCurveChart(panel, metric);
      charts.set(metric, chart);
      return chart.node;
    });
    if (made.length !== grid.childElementCount || made.some((one, at) => grid.children[at] !== one)) fill(grid, ...made);
  };
  let drawnBefore = '';
  const refresh = (): void => {
    if (!shown) {
      outdated = true;
      return;
    }
    outdated = false;
    const drawn = panel.drawn().join();
    const others = drawn !== drawnBefore;
    drawnBefore = drawn;
    layout();
    drawLegend();
    controlsShow();
    for (const chart of charts.values()) others ? chart.refresh() : chart.draw();
  };
  const live = throttle(LIVE_MS, () => {
    if (shown) for (const chart of charts.values()) chart.refresh();
  });

  panel.runs.onChange((what) => {
    if (what === 'page') return;
    const missing = panel.drawn().filter((id) => !panel.runs.byId(id));
    if (missing.length === 0) return refresh();
    panel.runs.get(missing).then(refresh, refresh);
  });
  let before = state();
  panel.onState((changed) => {
    const now = state();
    const fresh = before.x !== now.x || before.zoom !== now.zoom;
    before = now;
    x.set(now.x);
    log.set(now.log);
    groups.set(now.groups);
    if (changed.has('selected')) refresh();
    else if (changed.has('curves')) {
      layout();
      drawLegend();
      controlsShow();
      for (const chart of charts.values()) fresh ? chart.refresh() : chart.draw();
    }
  });
  panel.onHighlight((run) => {
    for (const chart of charts.values()) chart.highlight(run);
    for (const item of legend.querySelectorAll('[data-run]')) item.classList.toggle('highlighted', item.getAttribute('data-run') === run);
  });
  panel.onChanged((event) => {
    const drawn = new Set(panel.drawn());
    const everything = event.structure && event.runs.length === 0;
    if (everything || (event.metrics.length > 0 && event.runs.some((run) => drawn.has(run)))) live();
  });
  return {
    node,
    shown() {
      shown = true;
      if (outdated || charts.size === 0) refresh();
    },
    hidden() { shown = false; outdated = true; },
  };
}
