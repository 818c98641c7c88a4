/** A param or metric of every run against another, coloured by a third. */
import type { RunRow } from '../../src/protocol/model';
import { createScatterChart, type Axis, type Dot } from '../shared/chart';
import { readTheme, scaleColor } from '../shared/colors';
import { el, fill } from '../shared/dom';
import { columnFormat, formatNumber } from '../shared/format';
import { button, dropdown } from '../shared/toolkit';
import { asNumber, columnOf, valueOf } from './model/columns';
import { fileName } from './model/export';
import { scaleOf, wide, type AxisScale } from './model/scale';
import type { PanelState } from './model/state';
import type { Panel } from './panel';
import { axisChoices, sampleView, tellingParams } from './sample';
import type { View } from './tabs';

export function createScatterView(panel: Panel): View {
  let shown = false;
  const state = (): PanelState['scatter'] => panel.state().scatter;
  const main = (): string => (panel.mainMetric() === null ? '' : `metrics.${panel.mainMetric() ?? ''}`);
  const chosen = (): { x: string; y: string; color: string } => {
    const y = state().y || main();
    const x = state().x || (tellingParams(panel, 1)[0] ?? axisChoices(panel).find((one) => one.value !== y)?.value ?? '');
    return { x, y, color: state().color === 'none' ? '' : state().color || y };
  };
  const set = (patch: Partial<PanelState['scatter']>): void => panel.update({ scatter: { ...state(), ...patch } });
  const x = dropdown({ label: 'Horizontal', value: '', choices: [], onChange: (value) => set({ x: value }) });
  const y = dropdown({ label: 'Vertical', value: '', choices: [], onChange: (value) => set({ y: value }) });
  const color = dropdown({ label: 'Colour', value: '', choices: [], onChange: (value) => set({ color: value }) });
  const chart = createScatterChart({ onHover: (id) => panel.highlight(id), onPick: (id) => {
    const { selected } = panel.state();
    panel.update({ selected: selected.includes(id) ? selected.filter((one) => one !== id) : [...selected, id] });
    panel.reveal(id);
  } });
  const key = el('div', { class: 'color-key' });
  const view = sampleView(panel, el('div', { class: 'scatter-body' }, chart.node, key), { draw });
  const failed = el('div');
  const save = button({ label: 'Save PNG', onClick() {
    panel.host.ask('host.saveFile', { name: fileName(`${columnOf(chosen().y).name} by ${columnOf(chosen().x).name}`, 'png'), mime: 'image/png', base64: chart.png() })
      .then(undefined, () => { failed.textContent = 'The picture wasn\u2019t saved.'; });
  } });
  const controls = el('div', { class: 'controls' }, el('span', { class: 'inline' }, 'x', x.node), el('span', { class: 'inline' }, 'y', y.node), el('span', { class: 'inline' }, 'colour', color.node), save, view.note, failed);
  const node = el('div', { class: 'scatter' }, controls, view.node);

  function draw(rows: RunRow[]): void {
    const keys = chosen();
    const columns = { x: columnOf(keys.x), y: columnOf(keys.y), color: columnOf(keys.color) };
    const scales = { x: scaleOf(rows.map((row) => valueOf(row, columns.x))), y: scaleOf(rows.map((row) => valueOf(row, columns.y))) };
    const tint = keys.color ? scaleOf(rows.map((row) => valueOf(row, columns.color))) : null;
    const plain = readTheme().muted;
    const dots = rows.flatMap((row): Dot[] => {
      const [at, up] = [placed(scales.x, valueOf(row, columns.x)), placed(scales.y, valueOf(row, columns.y))];
      if (at === null || up === null) return [];
      const share = tint?.at(valueOf(row, columns.color)) ?? null;
      return [{ id: row.id, label: row.name, x: at, y: up, color: share === null ? plain : scaleColor(share) }];
    });
    const axis = (name: 'x' | 'y'): Axis => {
      const scale = scales[name];
      const format = scale.kind === 'category' ? (value: number) => scale.ticks.find((tick) => Math.abs(tick.at - value) < 1e-6)?.text ?? '' : columnFormat(dots.map((dot) => dot[name]));
      return { title: columns[name].name, log: scale.kind === 'log', room: scale.kind === 'linear', format: scale.kind === 'category' ? format : (value) => formatNumber(value, 4), ...(scale.kind === 'category' ? { min: -0.1, max: 1.1 } : {}) };
    };
    chart.update({ dots, x: axis('x'), y: axis('y'), summary: `${columns.y.name} against ${columns.x.name} of ${dots.length} runs` });
    const without = rows.length - dots.length;
    fill(key, tint ? el('span', { class: 'muted' }, columns.color.name) : null, tint ? el('span', {}, tint.label(0)) : null, tint ? el('span', { class: 'color-bar', attrs: { 'aria-hidden': 'true' } }) : null, tint ? el('span', {}, tint.label(1)) : null,
      without > 0 ? el('span', { class: 'muted' }, `${without} without a value here`) : null);
  }
  /** A number as it is, a category as its place. */
  const placed = (scale: AxisScale, value: number | string | null): number | null => {
    if (scale.kind === 'category') return scale.at(value);
    const number = asNumber(value);
    return number !== null && scale.kind === 'log' && !wide([number, number * 50]) ? null : number;
  };
  const refresh = (): void => {
    if (!shown) return;
    const keys = chosen();
    const choices = axisChoices(panel);
    x.set(keys.x, choices);
    y.set(keys.y, choices);
    color.set(keys.color || 'none', [{ value: 'none', label: 'none' }, ...choices]);
    view.load([...new Set([keys.x, keys.y, keys.color].filter(Boolean))]);
  };
  panel.runs.onChange((what) => { if (what === 'all') refresh(); });
  panel.onState((changed) => { if (changed.has('scatter')) refresh(); });
  panel.onHighlight((run) => { if (shown) chart.highlight(run); });
  return { node, shown() { shown = true; refresh(); }, hidden() { shown = false; } };
}
