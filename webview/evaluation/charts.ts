/** The pictures of the selected slice, all rows pale behind them: one strip of small charts. */
import type { Details } from '../../src/protocol/evaluation/result';
import { createLineChart, type LineChart } from '../shared/chart';
import { readTheme, seriesStyle, faded } from '../shared/colors';
import { el, fill } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { brushable } from './brushing';
import { confusionTable } from './confusion';
import { chartSpecs, type ChartSpec, type Styles } from './model/curves';
import { sliceSelection, withBrush } from './model/selection';
import type { Panel } from './panel';

interface Card { node: HTMLElement; update(spec: ChartSpec): void; shade(): void; dispose(): void }

function styles(): Styles {
  const theme = readTheme();
  return {
    own: seriesStyle(0), all: { color: faded(theme.muted, theme.contrast ? 0.9 : 0.5), dash: [] }, marked: seriesStyle(1), more: [seriesStyle(0), seriesStyle(1), seriesStyle(4)].map((style, at) => ({ ...style, dash: [[], [6, 3], [2, 2]][at] ?? [] })), cost: seriesStyle(0),
  };
}

function createCard(panel: Panel): Card {
  const title = el('h2', {});
  const note = el('span', { class: 'muted figure note' });
  const chart: LineChart = createLineChart({ onHover: () => undefined });
  const node = el('section', { class: 'picture-card' }, el('header', {}, title, note), chart.node);
  let spec: ChartSpec | null = null;
  const now = (): { from: number; to: number } | null => panel.state().brush.find((one) => one.of === spec?.brush?.of) ?? null;
  let shade: { draw(): void } | null = null;
  const resized = new ResizeObserver(() => shade?.draw());
  return {
    node,
    update(next) {
      spec = next;
      title.textContent = next.title;
      note.textContent = next.note;
      note.title = next.note;
      node.setAttribute('aria-label', next.title);
      chart.update({ lines: next.lines, x: next.x, y: next.y, summary: next.summary });
      if (next.brush && !shade) {
        shade = brushable(chart.node, {
          plot: () => chart.plotArea(),
          scale: () => (spec?.brush ? { from: spec.x.min ?? spec.brush.edges[0] ?? 0, to: spec.x.max ?? spec.brush.edges.at(-1) ?? 1, edges: spec.brush.edges } : null),
          now,
          onBrush: (stretch) => { if (spec?.brush) panel.update({ brush: withBrush(panel.state().brush, spec.brush.of, stretch), rowScroll: { top: 0, left: 0 } }); },
        });
        resized.observe(chart.node);
      }
      if (next.brush) chart.node.setAttribute('aria-label', `${next.title}: drag over it, or arrow keys, to keep the rows of a stretch; Escape gives all back`);
      chart.node.title = next.brush ? 'Drag to keep the rows of a stretch, double click for all. Keys: arrows, shift with arrows, Escape' : '';
      shade?.draw();
    },
    shade: () => shade?.draw(),
    dispose() {
      resized.disconnect();
      chart.dispose();
      node.remove();
    },
  };
}

export function createCharts(panel: Panel): HTMLElement {
  let asked = 0;
  let shown: { own: Details; all: Details | null } | null = null;
  const cards = new Map<string, Card>();
  const matrix = el('section', { class: 'picture-card matrix-card', attrs: { 'aria-label': 'Confusion matrix', hidden: true } });
  const place = el('div', { class: 'strip-notice' });
  const node = el('div', { class: 'strip', role: 'region', attrs: { 'aria-label': 'Pictures of the selected rows', tabindex: 0 } }, place, matrix);

  const drawMatrix = (): void => {
    const focused = matrix.contains(document.activeElement);
    const table = shown ? confusionTable(panel, shown.own, shown.all) : null;
    matrix.hidden = table === null;
    fill(matrix, el('header', {}, el('h2', {}, 'Confusion'), el('span', { class: 'muted note' }, 'share of each true class')), table);
    if (focused) matrix.querySelector<HTMLElement>('[aria-pressed=true], .confusion-cell')?.focus();
  };
  const draw = (): void => {
    if (!shown) return;
    const doc = panel.doc();
    const specs = chartSpecs(shown.own, shown.all, styles(), { slice: panel.state().slice ?? 'all rows', positive: doc.positive, cost: doc.request.cost !== undefined });
    for (const [id, card] of cards) {
      if (specs.some((spec) => spec.id === id)) continue;
      card.dispose();
      cards.delete(id);
    }
    drawMatrix();
    for (const spec of specs) {
      let card = cards.get(spec.id);
      if (!card) {
        card = createCard(panel);
        cards.set(spec.id, card);
        node.append(card.node);
      }
      card.update(spec);
    }
    fill(place, specs.length === 0 && matrix.hidden ? emptyState({ title: 'Nothing to draw', detail: 'None of these rows could be scored.' }) : null);
  };
  function ask(): void {
    const mine = (asked += 1);
    const selection = sliceSelection(panel.state());
    const whole = panel.state().slice === null && panel.state().part === null;
    if (!shown) fill(place, skeleton(4));
    Promise.all([panel.details(selection), whole ? null : panel.details({})]).then(([own, all]) => {
      if (mine !== asked) return;
      shown = { own, all };
      fill(place);
      draw();
    }, (error: unknown) => {
      if (mine !== asked) return;
      for (const card of cards.values()) card.dispose();
      cards.clear();
      shown = null;
      drawMatrix();
      fill(place, errorState('The pictures can\u2019t be drawn', error, ask));
    });
  }
  panel.onDoc(ask);
  panel.onState((changed) => {
    if (changed.has('slice') || changed.has('part')) return ask();
    if (changed.has('cell')) drawMatrix();
    if (changed.has('brush')) for (const card of cards.values()) card.shade();
  });
  // The theme may change while the page lives: VS Code tells by the body's class.
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  ask();
  return node;
}
