/** One row, large: what the model was asked and said, why it is worth a look, and what people say. */
import type { ReviewItem } from '../../src/protocol/monitoring';
import { el, fill, icon, type Child } from '../shared/dom';
import { formatAgo, formatTime } from '../shared/format';
import { createAnswers } from './answers';
import type { List } from './list';
import { lettersOf } from './model/keys';
import type { Said } from './model/queue';
import { cellRows, cellText, judgementWords, percent, ranked, sourceWords } from './model/words';
import type { Panel } from './panel';

export interface RowView { node: HTMLElement; /** whether it took the key */ key(event: KeyboardEvent): boolean }

export function createRowView(panel: Panel, list: List): RowView {
  const facts = el('div', { class: 'row-facts' });
  const answers = createAnswers(panel, list);
  const body = el('div', { class: 'row-body' });
  const node = el('section', { class: 'row', attrs: { 'aria-label': 'The row' } }, facts, body, answers.node);
  let shown: ReviewItem | null = null;
  let saying: Said | null = null;
  const draw = (): void => {
    const item = list.current();
    const said = list.said();
    answers.draw();
    if (item === shown && said?.judgement === saying?.judgement && said?.answer === saying?.answer) return;
    [shown, saying] = [item, said];
    if (!item) return fill(node);
    node.replaceChildren(facts, body, answers.node);
    fill(facts, ...headOf(item));
    fill(body, el('div', { class: 'said' }, ...predictionOf(item, list, (name) => answers.answer(name)), ...othersOf(item, said !== null || item.source === null)), cellsOf(item));
  };
  list.onChange(draw);
  draw();
  return { node, key: (event) => list.current() !== null && answers.key(event) };
}

function headOf({ source, why, request, row, time, version }: ReviewItem): Child[] {
  return [
    source === null ? null : el('strong', { class: 'source' }, sourceWords[source]),
    el('span', { class: 'why', title: why }, why),
    el('span', { class: 'grow' }),
    el('span', { class: 'muted fact', title: `request ${request}` }, row === 0 ? request : `${request} row ${row}`),
    version === null ? null : el('span', { class: 'muted fact' }, `v${version}`),
    el('span', { class: 'muted fact', title: formatTime(time / 1000) }, formatAgo(time / 1000, Date.now() / 1000)),
  ];
}

/** The classes are buttons: whoever knows what is right presses it. */
function predictionOf(item: ReviewItem, list: List, choose: (name: string) => void): Child[] {
  const { classes = [], task = '' } = list.facts() ?? {};
  const said = list.said();
  const head = el('div', { class: 'prediction' }, el('span', { class: 'muted' }, 'The model says'), el('span', { class: 'predicted figure' }, item.prediction === null ? 'nothing' : String(item.prediction)));
  if (task === 'regression') return [head];
  const letters = lettersOf(classes);
  const known = ranked(item);
  const order = [...known.map(({ name }) => name).filter((name) => classes.includes(name)), ...classes.filter((name) => !known.some((one) => one.name === name))];
  const score = known.find(({ name }) => name === 'score' && !classes.includes('score'));
  const right = said === null ? null : said.judgement === 'right' ? String(item.prediction) : said.answer !== null ? String(said.answer) : null;
  return [
    head, score ? el('div', { class: 'muted figure' }, `score ${score.p.toPrecision(3)}`) : null,
    el('div', { class: 'classes', role: 'group', attrs: { 'aria-label': 'What is right' } }, ...order.map((name) => {
      const p = known.find((one) => one.name === name)?.p ?? null;
      const letter = letters.get(name);
      return el('button', {
        class: `class${String(item.prediction) === name ? ' chosen' : ''}${right === name ? ' right' : ''}`, title: `It is ${name}`, attrs: { type: 'button', 'aria-pressed': String(right === name), 'aria-keyshortcuts': letter ?? null },
        on: { click: () => choose(name) },
      }, letter === undefined ? null : el('kbd', {}, letter), el('span', { class: 'text' }, name), bar(p), el('span', { class: 'numeric share' }, p === null ? '' : percent(p)));
    })),
  ];
}

function bar(p: number | null): HTMLElement {
  return el('span', { class: 'bar', attrs: { 'aria-hidden': 'true' } }, p === null ? null : el('span', { style: { width: `${Math.max(0, Math.min(1, p)) * 100}%` } }));
}

/** Others' words are told once one has said one's own: whoever knows them first agrees too easily. */
function othersOf({ judged }: ReviewItem, open: boolean): Child[] {
  if (judged.length === 0) return [];
  if (!open) return [el('p', { class: 'muted others' }, `${judged.length === 1 ? 'Somebody' : `${judged.length} people`} judged it: you see how once you have.`)];
  return [el('ul', { class: 'others' }, ...judged.map(({ by, judgement, answer, t }) => el('li', { title: formatTime(t / 1000) }, `${by}: ${judgementWords[judgement]}${answer === null ? '' : ` (${answer})`}`)))];
}

function cellsOf(item: ReviewItem): HTMLElement {
  const rows = cellRows(item);
  if (rows.length === 0) return el('p', { class: 'muted cells-none' }, 'The log keeps none of what the model was asked.');
  return el('div', { class: 'cells', attrs: { tabindex: 0, role: 'region', 'aria-label': 'What the model was asked' } }, el('table', {}, el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, 'Column'), el('th', { class: 'numeric', attrs: { scope: 'col' } }, 'Value'), el('th', { attrs: { scope: 'col' } }, 'Against the reference'))),
    el('tbody', {}, ...rows.map(({ name, value, odd }) => el('tr', { class: odd === null ? '' : 'odd' },
      el('th', { attrs: { scope: 'row' }, title: name }, name), el('td', { class: `numeric${value === null ? ' muted' : ''}`, title: cellText(value) }, cellText(value)),
      el('td', { class: 'odd-why' }, odd === null ? null : el('span', { class: 'inline' }, icon('warning'), odd)))))));
}
