/** The confusion matrix as a table of buttons: a click keeps the rows of that cell. */
import type { Details } from '../../src/protocol/evaluation/result';
import { el } from '../shared/dom';
import { NONE } from '../shared/format';
import { formatCount, formatShare } from './model/digits';
import { confusionOf, worstClasses, type ConfusionCell } from './model/confusion';
import type { Panel } from './panel';

/** More classes than these don't fit: those with the most wrong rows are shown. */
const CLASSES = 8;

/** Null where these rows have no matrix (a regression). `whole`: of all rows, for the shares on hover. */
export function confusionTable(panel: Panel, own: Details, whole: Details | null): HTMLElement | null {
  const { classes } = panel.doc();
  const cells = confusionOf(own.figures, classes);
  if (!cells) return null;
  const all = whole ? confusionOf(whole.figures, classes) : null;
  const kept = cells.length > CLASSES ? worstClasses(cells, CLASSES) : cells.map((_, at) => at);
  const chosen = panel.state().cell;
  const cell = (one: ConfusionCell | undefined, overall: ConfusionCell | undefined): HTMLElement => {
    if (!one) return el('td');
    const pressed = chosen?.truth === one.truth && chosen.predicted === one.predicted;
    const elsewhere = overall && overall.share !== null ? `; ${formatShare(overall.share)} among all rows` : '';
    const words = `${formatCount(one.count)} rows that are ${one.truth} are called ${one.predicted}${one.share === null ? '' : `, ${formatShare(one.share)} of them${elsewhere}`}`;
    const node = el('button', {
      class: `confusion-cell ${one.right ? 'right' : 'wrong'}`, title: `${words}. Click keeps these rows`, attrs: { type: 'button', 'aria-pressed': String(pressed) },
      on: { click: () => panel.update({ cell: pressed ? null : { truth: one.truth, predicted: one.predicted }, rowScroll: { top: 0, left: 0 } }) },
    }, el('span', { class: 'figure' }, formatCount(one.count)), el('span', { class: 'figure share' }, one.share === null ? NONE : formatShare(one.share)), el('span', { class: 'visually-hidden' }, `of ${one.truth} called ${one.predicted}`));
    node.style.setProperty('--depth', `${Math.round((one.share ?? 0) * 34)}%`);
    return el('td', {}, node);
  };
  const head = el('tr', {}, el('th', { class: 'corner', attrs: { scope: 'col' } }, el('span', { class: 'muted' }, 'true \\ called')), ...kept.map((at) => el('th', { class: 'numeric text', title: classes[at] ?? '', attrs: { scope: 'col' } }, classes[at])));
  const rows = kept.map((row) => el('tr', {}, el('th', { class: 'text', title: classes[row] ?? '', attrs: { scope: 'row' } }, classes[row]), ...kept.map((column) => cell(cells[row]?.[column], all?.[row]?.[column]))));
  return el('div', { class: 'confusion' }, el('table', { attrs: { 'aria-label': 'Confusion matrix: rows are true classes, columns what they were called' } }, el('thead', {}, head), el('tbody', {}, ...rows)),
    cells.length > CLASSES ? el('p', { class: 'muted' }, `The ${CLASSES} of ${cells.length} classes with the most wrong rows.`) : null);
}
