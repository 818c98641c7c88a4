/** How good the model was in each window: estimated without labels, and realised once they came; by slice for the chosen window. */
import type { PerformanceFigure } from '../../src/protocol/performance';
import { figureTitle } from '../evaluation/model/figures';
import { formatCount } from '../evaluation/model/digits';
import { el, fill } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { dropdown } from '../shared/toolkit';
import { metricsOf, performanceSpec } from './model/performance';
import { longLabel, windowScale } from './model/windows';
import { openConfig } from './parts';
import { createPicture } from './picture';
import type { Panel } from './panel';
import { onLook, pictureStyles } from './styles';

const METHODS = { cbpe: 'confidence-based estimation (CBPE)', dle: 'direct loss estimation (DLE)' } as const;

export interface PerformanceView extends View { canvases(): HTMLCanvasElement[] }

export function createPerformanceView(panel: Panel): PerformanceView {
  let [asked, visible] = [0, false];
  const card = createPicture(panel);
  const cover = el('div', {});
  const failed = el('div', {});
  const facts = el('section', { class: 'figures-pane', attrs: { 'aria-label': 'Figures of the window', tabindex: 0 } });
  const metric = dropdown({ label: 'Figure', value: '', choices: [], onChange: (one) => panel.update({ metric: one }) });
  card.tools.append(metric.node);
  const node = el('div', { class: 'performance-view' }, cover, failed, card.node, facts);
  const number = (value: number | null): string => (value === null ? NONE : formatNumber(value, 4));
  const range = (bounds: readonly [number, number] | null): string => (bounds ? `${number(bounds[0])} to ${number(bounds[1])}` : 'no interval');
  const cells = (figure: PerformanceFigure | undefined): HTMLElement[] => [
    el('td', { class: 'numeric', title: figure ? range(figure.estimatedInterval) : '' }, number(figure?.estimated ?? null)),
    el('td', { class: 'numeric', title: figure ? `${range(figure.realisedInterval)}, ${formatCount(figure.realisedRows)} rows with a label` : '' }, number(figure?.realised ?? null)),
    el('td', { class: 'numeric' }, number(figure?.reference ?? null)), el('td', { class: 'numeric' }, figure ? formatCount(figure.realisedRows) : NONE),
  ];
  const drawFacts = (): void => {
    const mine = (asked += 1);
    const window = panel.window();
    if (!window) return fill(facts);
    fill(facts, skeleton(4));
    panel.result().then((result) => {
      if (mine !== asked) return;
      const doc = result?.performance;
      if (!doc) return fill(facts, el('p', { class: 'muted' }, `${longLabel(window)}: performance was not looked at.`));
      const chosen = chosenMetric();
      const own = doc.windows.find(({ from }) => from === window.from) ?? doc.windows.at(-1);
      const line = (name: string, n: number | null, figure: PerformanceFigure | undefined): HTMLElement => el('tr', {}, el('th', { class: 'text', title: name, attrs: { scope: 'row' } }, name), el('td', { class: 'numeric' }, n === null ? NONE : formatCount(n)), ...cells(figure));
      const head = (name: string): HTMLElement => el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, name), ...['rows', 'estimated', 'realised', 'reference', 'labels'].map((title) => el('th', { class: 'numeric', attrs: { scope: 'col' } }, title))));
      fill(facts, el('h2', {}, longLabel(window)), el('table', { class: 'dense' }, el('caption', { class: 'visually-hidden' }, 'Figures'), head('all rows'), el('tbody', {}, ...Object.values(own?.figures ?? {}).map((figure) => line(figureTitle(figure.metric), own?.rows ?? null, figure)))),
        Object.keys(own?.slices ?? {}).length === 0 ? null : el('table', { class: 'dense' }, el('caption', { class: 'visually-hidden' }, 'Slices'), head(`${figureTitle(chosen ?? '')} by slice`), el('tbody', {}, ...Object.entries(own?.slices ?? {}).map(([name, slice]) => line(name, slice.n, slice.figures[chosen ?? ''])))),
        el('p', { class: 'muted' }, `${doc.method ? METHODS[doc.method] : 'nothing was estimated'}; reference of ${formatCount(doc.referenceRows)} rows${Object.entries(doc.fit).map(([name, value]) => `; ${name.replaceAll('_', ' ')} ${number(value)}`).join('')}`),
        ...doc.notes.map((note) => el('p', { class: 'muted' }, note)));
    }, (error: unknown) => { if (mine === asked) fill(facts, errorState('The figures can\u2019t be read', error, drawFacts)); });
  };
  const chosenMetric = (): string | null => {
    const metrics = metricsOf(panel.windows());
    const { metric: wanted } = panel.state();
    return wanted !== null && metrics.includes(wanted) ? wanted : (metrics[0] ?? null);
  };
  const draw = (): void => {
    const chosen = chosenMetric();
    const scale = windowScale(panel.windows(), Math.max(3, Math.floor((card.node.clientWidth || 600) / 64)));
    card.node.hidden = chosen === null || !scale;
    facts.hidden = card.node.hidden;
    fill(cover, card.node.hidden ? emptyState({ title: 'Performance is not looked at', detail: 'A check such as {check: estimated, metric: roc_auc, drop: 0.03} tells how good the model is before labels come; {check: realised, metric: roc_auc} holds it against the labels that came. Both need a reference with labels.', ...(panel.monitor() ? { action: { label: 'Open runyard.yaml', run: () => openConfig(panel, failed) } } : {}) }) : null);
    if (chosen === null || !scale) return;
    metric.set(chosen, metricsOf(panel.windows()).map((value) => ({ value, label: figureTitle(value) })));
    card.update(`${figureTitle(chosen)}: estimated against realised`, performanceSpec(panel.windows(), chosen, { scale, marks: panel.marks(), styles: pictureStyles() }));
    card.marks(panel.marks(), scale);
  };
  const all = (): void => {
    if (!visible) return;
    draw();
    drawFacts();
  };
  panel.onData(all);
  panel.onState((changed) => { if (changed.has('metric') || changed.has('result')) all(); });
  onLook(node, () => { if (visible) draw(); });
  return { node, shown() { visible = true; all(); }, hidden: () => { visible = false; }, canvases: () => [card.canvas()].flatMap((one) => one ?? []) };
}
