/** Which columns moved one row's score: each set to what is usual, one at a time. */
import type { Explanation } from '../../src/protocol/evaluation/result';
import { el, fill } from '../shared/dom';
import { columnFormat, formatSigned } from '../shared/format';
import { intervalScale } from '../shared/interval-scale';
import { errorState, skeleton } from '../shared/notice';
import { button } from '../shared/toolkit';
import { signedBar } from './bars';
import { cellText } from './model/rows';
import type { Panel } from './panel';

/** Columns beyond these are behind a click. */
const FIRST = 12;

export function createExplanation(panel: Panel, example: string): HTMLElement {
  const body = el('div', {});
  const ask = (): void => {
    fill(body, skeleton(3));
    panel.host.ask('evaluations.explain', { evaluation: panel.state().evaluation, example }).then((found) => fill(body, table(found, FIRST)), (error: unknown) => fill(body, errorState('It can\u2019t be explained', error, ask)));
  };
  function table(found: Explanation, most: number): HTMLElement {
    const order = [...found.columns].sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    const shown = order.slice(0, most);
    const scale = intervalScale(order.map((column) => column.change), { zero: true });
    const format = columnFormat(order.map((column) => column.change));
    const line = ({ column, value, reference, score, change }: Explanation['columns'][number]): HTMLElement => {
      const hover = `${column} is ${cellText(value)}; with the usual ${cellText(reference)} the score would be ${format(score)}`;
      return el('tr', { title: hover }, el('th', { class: 'text', attrs: { scope: 'row' } }, column, el('span', { class: 'muted' }, ` ${cellText(value)}, usually ${cellText(reference)}`)),
        el('td', { class: 'bar' }, signedBar({ value: change, scale, label: hover })), el('td', { class: 'numeric' }, change === 0 ? '0' : formatSigned(change, format)));
    };
    return el('div', {}, el('p', { class: 'muted' }, `${found.of}: ${format(found.score)}`), el('table', { class: 'moved' }, el('tbody', {}, ...shown.map(line))),
      order.length > most ? button({ label: `All ${order.length} columns`, onClick: () => fill(body, table(found, order.length)) }) : null);
  }
  fill(body, button({ label: 'Show', title: 'Scores the row again with each column set to what is usual', onClick: ask }));
  return el('section', {}, el('h2', {}, 'Which columns moved this score'), el('p', { class: 'muted' }, 'Leave-one-out against the usual values of these data: not causes and not additive.'), body);
}
