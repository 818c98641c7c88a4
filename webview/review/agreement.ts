/** Whether reviewers agree, and on which rows they don't. */
import type { Agreement } from '../../src/protocol/monitoring';
import { el, fill } from '../shared/dom';
import { intervalBar } from '../shared/interval-bar';
import { intervalScale } from '../shared/interval-scale';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { judgementWords } from './model/words';
import type { Panel } from './panel';

export function createAgreementView(panel: Panel, openRow: (request: string) => void): View {
  const node = el('div', { class: 'agreement' }, skeleton(5));
  let asked = 0;
  const read = (): void => {
    const mine = (asked += 1);
    attempt(panel.host.ask('review.agreement', { model: panel.state().model }).then((found) => { if (mine === asked) draw(found); }), (error) => fill(node, errorState('Agreement can\u2019t be told', error, read)));
  };
  function draw({ pairs, disagreed, reviewers }: Agreement): void {
    if (pairs.length === 0) {
      return fill(node, emptyState({
        title: reviewers.length === 0 ? 'Nobody has reviewed anything yet' : 'No row was judged by two people yet',
        detail: `Agreement is told from rows that two people judged without knowing of each other: Cohen\u2019s kappa, 1 where they always agree, 0 where no more than by chance. Some rows that others judged come up in each queue by themselves.${reviewers.length > 0 ? ` So far: ${reviewers.map(({ name, rows }) => `${name} ${rows}`).join(', ')}.` : ''}`,
      }));
    }
    const scale = intervalScale([-1, 0, 1]);
    fill(node, el('h2', {}, 'Reviewers'), el('table', { class: 'pairs' }, el('thead', {}, el('tr', {}, ...['Reviewers', 'Rows', 'Agreed', 'Kappa', '95 % interval, from \u22121 to 1'].map((title, at) => el('th', { class: at > 0 && at < 4 ? 'numeric' : '', attrs: { scope: 'col' } }, title)))),
      el('tbody', {}, ...pairs.map(({ a, b, rows, agreed, kappa, interval }) => el('tr', {}, el('th', { attrs: { scope: 'row' } }, `${a}, ${b}`), el('td', { class: 'numeric' }, rows), el('td', { class: 'numeric' }, agreed),
        el('td', { class: 'numeric' }, kappa === null ? 'can\u2019t be told' : kappa.toFixed(2)),
        el('td', { class: 'reach-cell' }, intervalBar({ mean: kappa, low: interval?.[0] ?? null, high: interval?.[1] ?? null, scale, mark: 0, label: interval ? `${interval[0].toFixed(2)} to ${interval[1].toFixed(2)}` : 'no interval' })))))),
    disagreed.length === 0 ? el('p', { class: 'muted' }, 'On no row do they differ.') : el('h2', {}, `Rows on which they differ (${disagreed.length})`),
    el('ul', { class: 'disagreed' }, ...disagreed.map(({ request, row, said }) => el('li', {}, el('button', { class: 'link', attrs: { type: 'button' }, on: { click: () => openRow(request) } }, row === 0 ? request : `${request} row ${row}`),
      ' ', el('span', {}, said.map(({ by, judgement, answer }) => `${by}: ${judgementWords[judgement]}${answer === null ? '' : ` (${answer})`}`).join('; '))))));
  }
  return { node, shown: read };
}
