/** All columns together: whether they still go together as they did, and how well a classifier tells the two sides apart. */
import type { MultivariateDrift } from '../../src/protocol/drift';
import { formatP } from '../evaluation/model/digits';
import { signedBar } from '../evaluation/bars';
import { el, fill } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { intervalScale } from '../shared/interval-scale';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { MULTIVARIATE, togetherSpec } from './model/performance';
import { longLabel, windowScale } from './model/windows';
import { link, outcomeBadge } from './parts';
import { createPicture } from './picture';
import type { Panel } from './panel';
import { onLook, pictureStyles } from './styles';

/** Columns that are named. */
const MOST = 6;
const KINDS = ['pca_reconstruction', 'domain_auc'] as const;

export function createTogetherView(panel: Panel): View {
  let asked = 0;
  let visible = false;
  const cover = el('div', {});
  const cards = KINDS.map((kind) => ({ kind, card: createPicture(panel), facts: el('div', { class: 'together-facts' }) }));
  const node = el('div', { class: 'together-view' }, cover, ...cards.map(({ card, facts }) => el('div', { class: 'together-half' }, card.node, facts)));
  const number = (value: number | null): string => (value === null ? NONE : formatNumber(value, 4));
  const factsOf = (one: MultivariateDrift): HTMLElement => {
    const scale = intervalScale(one.columns.map(({ share }) => share), { zero: true });
    return el('div', {}, el('p', { class: 'figures-head' }, outcomeBadge(one.outcome, one.reason, one.outcome === 'fail' ? 'drifted' : one.outcome === 'pass' ? 'not drifted' : 'cannot tell'), el('span', { class: 'figure' }, `${number(one.value)}, reference ${number(one.reference)}${one.lower === null && one.upper === null ? '' : `, its own span ${number(one.lower)} to ${number(one.upper)}`}${one.p === null ? '' : `, ${formatP(one.p)}`}`)),
      one.reason ? el('p', { class: 'reason' }, one.reason) : null,
      one.columns.length === 0 ? null : el('table', { class: 'dense' }, el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, one.measure === 'domain_auc' ? 'tells the sides apart' : 'adds to the error'), el('th', { class: 'bar', attrs: { scope: 'col' } }, 'share'), el('th', { class: 'numeric' }, el('span', { class: 'visually-hidden' }, 'share in percent')))),
        el('tbody', {}, ...one.columns.slice(0, MOST).map(({ name, share }) => el('tr', {}, el('th', { class: 'text', attrs: { scope: 'row' } }, link(name, `Show ${name}`, () => panel.update({ column: name, part: 'column' }))), el('td', { class: 'bar' }, signedBar({ value: share, scale, label: `${name}: ${formatNumber(share * 100, 2)} %` })), el('td', { class: 'numeric' }, `${formatNumber(share * 100, 2)} %`))))));
  };
  function ask(): void {
    const mine = (asked += 1);
    const window = panel.window();
    fill(cover, skeleton(3));
    Promise.all([panel.doc(), panel.history(null)]).then(([doc, points]) => {
      if (mine !== asked) return;
      const found = doc?.multivariate ?? [];
      const none = found.length === 0 && points.every(({ multivariate }) => multivariate.length === 0);
      fill(cover, none ? emptyState({ title: 'Columns were looked at one by one', detail: 'A check of drift with multivariate: true (the default in runyard.yaml) also tells whether columns still go together as they did, by principal components and by a classifier.' }) : null);
      const scale = windowScale(panel.windows());
      for (const { kind, card, facts } of cards) {
        const own = found.find(({ measure }) => measure === kind);
        const drawn = points.some(({ multivariate }) => multivariate.some(({ measure }) => measure === kind));
        const { title, about } = MULTIVARIATE[kind];
        card.node.parentElement?.toggleAttribute('hidden', none);
        card.node.hidden = !drawn || !scale;
        if (drawn && scale) {
          card.update(title, { ...togetherSpec(points, kind, { scale, marks: panel.marks(), styles: pictureStyles() }), note: about });
          card.marks(panel.marks(), scale);
        }
        fill(facts, card.node.hidden ? el('h2', {}, title) : null, own ? factsOf(own) : el('p', { class: 'muted' }, `Not measured in ${window ? longLabel(window) : 'this window'}.`));
      }
    }, (error: unknown) => { if (mine === asked) fill(cover, errorState('What is of all columns together can\u2019t be read', error, ask)); });
  }
  const again = (): void => { if (visible) ask(); };
  panel.onData(again);
  panel.onState((changed) => { if (changed.has('result')) again(); });
  onLook(node, again);
  return { node, shown() { visible = true; ask(); }, hidden: () => { visible = false; } };
}
