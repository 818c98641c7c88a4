/** Parallel coordinates: an axis a column, a line a run; brushes on the axes keep in the table the runs that pass. */
import type { RunRow } from '../../src/protocol/model';
import { readTheme, scaleColor } from '../shared/colors';
import { debounce, el } from '../shared/dom';
import { pngOf } from '../shared/png';
import { button, dropdown } from '../shared/toolkit';
import { createBrush, type BrushControl } from './brush';
import { columnOf, valueOf } from './model/columns';
import { fileName } from './model/export';
import { passes, scaleOf, type Brush } from './model/scale';
import type { PanelState } from './model/state';
import type { Panel } from './panel';
import { axisX, drawParallel, drawTrace, placeY, type Axis, type Layout, type Trace } from './parallel-draw';
import { picker } from '../shared/picker';
import { axisChoices, sampleView, tellingParams } from './sample';
import type { View } from './tabs';

export function createParallelView(panel: Panel): View {
  let shown = false;
  let rows: RunRow[] = [];
  let axes: Axis[] = [];
  let traces: Trace[] = [];
  const brushes = new Map<string, BrushControl>();
  const state = (): PanelState['parallel'] => panel.state().parallel;
  const set = (patch: Partial<PanelState['parallel']>): void => panel.update({ parallel: { ...state(), ...patch } });
  const metric = (): string => state().metric || (panel.mainMetric() === null ? '' : `metrics.${panel.mainMetric() ?? ''}`);
  /** Without a choice: the params that tell the runs apart, then the metric. A first brush makes them the choice, or they would change with what it filters. */
  const keys = (): string[] => [...new Set([...(state().axes ?? tellingParams(panel, 6)).filter((key) => key !== metric()), metric()].filter(Boolean))];

  const canvas = el('canvas', { role: 'img', class: 'parallel-canvas' });
  const handles = el('div', { class: 'parallel-axes' });
  const body = el('div', { class: 'parallel-body' }, canvas, handles);
  const top = el('canvas', { class: 'parallel-canvas top-layer', attrs: { 'aria-hidden': 'true' } });
  canvas.after(top);
  let drawnKeys = '';
  const view = sampleView(panel, body, { all: true, draw(next) {
    if (next === rows && drawnKeys === keys().join()) return;
    rows = next;
    drawnKeys = keys().join();
    draw();
  } });
  const pick = picker({
    label: 'Axes', limit: 12, chosen: keys, reset: { label: 'Choose for me', run: () => set({ axes: null, brushes: {} }) },
    choices: () => axisChoices(panel).map(({ value }) => ({ value, label: columnOf(value).name, group: value.startsWith('params.') ? 'params' : 'metrics' })),
    onChange: (chosen) => set({ axes: chosen, brushes: Object.fromEntries(Object.entries(state().brushes).filter(([key]) => chosen.includes(key))) }),
  });
  const color = dropdown({ label: 'Colour and last axis', value: '', choices: [], onChange: (value) => set({ metric: value }) });
  const clear = button({ label: 'Clear brushes', onClick: () => set({ brushes: {} }) });
  const save = button({ label: 'Save PNG', onClick() {
    const base64 = pngOf(canvas);
    panel.host.ask('host.saveFile', { name: fileName('parallel coordinates', 'png'), mime: 'image/png', base64 }).then(undefined, () => { view.note.textContent = 'The picture wasn\u2019t saved.'; });
  } });
  const controls = el('div', { class: 'controls' }, pick, el('span', { class: 'inline' }, 'colour', color.node), clear, save, view.note);
  const node = el('div', { class: 'parallel' }, controls, view.node);

  const layout = (): Layout => ({ width: body.clientWidth, height: body.clientHeight, left: 24, right: 48, top: 24, bottom: 14 });
  /** Places of the lines: only when runs or axes changed. */
  function draw(): void {
    axes = keys().map((key): Axis => {
      const column = columnOf(key);
      return { key, title: column.name, scale: scaleOf(rows.map((row) => valueOf(row, column))) };
    });
    const tint = axes.find((axis) => axis.key === metric());
    const plain = readTheme().muted;
    const columns = axes.map((axis) => columnOf(axis.key));
    traces = rows.map((row) => {
      const share = tint?.scale.at(valueOf(row, columnOf(tint.key))) ?? null;
      return { id: row.id, color: share === null ? plain : scaleColor(share), passes: true, places: axes.map((axis, at) => (columns[at] ? axis.scale.at(valueOf(row, columns[at])) : null)) };
    });
    const empty = axes.length < 2;
    canvas.setAttribute('aria-label', empty ? 'Choose at least two axes' : `${rows.length} runs over ${axes.map((axis) => axis.title).join(', ')}`);
    sift();
    paint();
    place();
  }
  const active = (): (Brush | undefined)[] => axes.map((axis) => state().brushes[axis.key]);
  /** Which lines pass the brushes; the table then shows those runs only. */
  function sift(): void {
    const now = active();
    for (const trace of traces) trace.passes = passes(trace.places, now);
    clear.hidden = now.every((brush) => !brush);
  }
  const filterTable = debounce(150, () => {
    const brushed = active().some(Boolean) ? traces.filter((trace) => trace.passes).map((trace) => trace.id) : null;
    if (JSON.stringify(brushed) !== JSON.stringify(panel.state().brushed)) panel.update({ brushed });
  });
  let queued = false;
  /** Once a frame at most: a brush that is dragged asks more often. */
  const paint = (): void => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      if (!shown || body.clientWidth === 0) return;
      drawParallel(canvas, layout(), { axes, traces });
      light();
    });
  };
  /** The highlighted run on a layer of its own: the others are only dimmed, not drawn again. */
  const light = (): void => {
    if (!shown || body.clientWidth === 0) return;
    const run = panel.highlighted();
    const lit = run === null ? [] : traces.filter((trace) => trace.id === run);
    canvas.classList.toggle('dimmed', lit.length > 0);
    drawTrace(top, layout(), { axes, trace: lit[0] ?? null });
  };
  /** Puts the brushes' handles over their axes. */
  const place = (): void => {
    const box = layout();
    for (const [key, brush] of brushes) {
      if (axes.some((axis) => axis.key === key)) continue;
      brush.node.remove();
      brushes.delete(key);
    }
    axes.forEach((axis, at) => {
      const brush = brushes.get(axis.key) ?? createBrush({
        title: axis.title, value: state().brushes[axis.key] ?? null, label: (share) => axes.find((one) => one.key === axis.key)?.scale.label(share) ?? '',
        onChange: (value) => {
          const { [axis.key]: _, ...others } = state().brushes;
          set({ axes: axes.map((one) => one.key), brushes: value ? { ...others, [axis.key]: value } : others });
        },
      });
      brushes.set(axis.key, brush);
      if (handles.children[at] !== brush.node) handles.insertBefore(brush.node, handles.children[at] ?? null);
      brush.node.style.left = `${axisX(box, at, axes.length)}px`;
      brush.node.style.top = `${placeY(box, 1)}px`;
      brush.node.style.height = `${placeY(box, 0) - placeY(box, 1)}px`;
      brush.set(state().brushes[axis.key] ?? null);
    });
  };
  const refresh = (): void => {
    if (!shown) return;
    color.set(metric(), axisChoices(panel));
    view.load(keys());
  };
  panel.runs.onChange((what) => { if (what === 'all') refresh(); });
  let before = state();
  panel.onState((changed) => {
    if (!changed.has('parallel')) return;
    const axesToo = before.axes?.join() !== state().axes?.join() || before.metric !== state().metric;
    before = state();
    if (axesToo) refresh();
    sift();
    place();
    paint();
    if (rows.length > 0) filterTable();
  });
  panel.onHighlight(light);
  new ResizeObserver(() => {
    paint();
    place();
  }).observe(body);
  return { node, shown() { shown = true; refresh(); paint(); }, hidden() { shown = false; } };
}
