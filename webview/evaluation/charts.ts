/** The pictures of the selected slice, all rows pale behind them, the baseline's where they are wanted: one strip of small charts. */
import type { Details } from '../../src/protocol/evaluation/result';
import { el, fill } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import { confusionTable } from './confusion';
import { chartSpecs } from './model/curves';
import { sliceSelection } from './model/selection';
import type { Panel } from './panel';
import { createPictureCard, type PictureCard } from './picture-card';
import { pictureStyles } from './styles';

export function createCharts(panel: Panel): HTMLElement {
  let asked = 0;
  let shown: { own: Details; all: Details | null; base: Details | null } | null = null;
  const cards = new Map<string, PictureCard>();
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
    const specs = chartSpecs(shown, pictureStyles(), { slice: panel.state().slice ?? 'all rows', positive: doc.positive, cost: doc.request.cost !== undefined });
    for (const [id, card] of cards) {
      if (specs.some((spec) => spec.id === id)) continue;
      card.dispose();
      cards.delete(id);
    }
    drawMatrix();
    for (const spec of specs) {
      let card = cards.get(spec.id);
      if (!card) {
        card = createPictureCard(panel);
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
    const pair = panel.state().baselineCurves && panel.doc().baseline !== null;
    Promise.all([panel.details(selection), whole ? null : panel.details({}), pair ? panel.details(selection, { baseline: true }) : null]).then(([own, all, base]) => {
      if (mine !== asked) return;
      shown = { own, all, base };
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
    if (changed.has('slice') || changed.has('part') || changed.has('baselineCurves')) return ask();
    if (changed.has('cell')) drawMatrix();
    if (changed.has('brush')) for (const card of cards.values()) card.shade();
  });
  // The theme may change while the page lives: VS Code tells by the body's class.
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  ask();
  return node;
}
