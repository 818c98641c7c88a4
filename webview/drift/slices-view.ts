/** The slices that the drift hits: their share of the rows then and now, and what drifted within them. */
import type { SliceDrift } from '../../src/protocol/drift';
import { formatCount, formatP, formatShare } from '../evaluation/model/digits';
import { el, fill } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { longLabel } from './model/windows';
import { link, openConfig, outcomeBadge } from './parts';
import type { Panel } from './panel';

/** More columns than these are named on hover. */
const NAMED = 6;

export function createSlicesView(panel: Panel): View {
  let [asked, visible] = [0, false];
  const node = el('div', { class: 'scroll-view', attrs: { tabindex: 0, role: 'region', 'aria-label': 'Slices that the drift hits' } });
  const failed = el('div', {});
  const body = (slices: readonly SliceDrift[], wheres: ReadonlyMap<string, string>): HTMLElement => {
    const worst = [...slices].sort((a, b) => (b.harm ?? -1) - (a.harm ?? -1) || b.drifted.length - a.drifted.length || a.name.localeCompare(b.name));
    const columns = ['outcome', 'slice', 'rows now', 'share then', 'share now', 'p (BH)', 'harm', 'drifted within it'];
    return el('table', { class: 'dense slice-table' }, el('caption', { class: 'visually-hidden' }, 'Slices, worst first'), el('thead', {}, el('tr', {}, ...columns.map((title, at) => el('th', { class: at >= 2 && at <= 6 ? 'numeric' : '', attrs: { scope: 'col' } }, title)))),
      el('tbody', {}, ...worst.map((slice) => el('tr', {},
        el('td', {}, outcomeBadge(slice.outcome, slice.drifted.length > 0 ? `${slice.drifted.length} columns drifted within it` : '')),
        el('th', { class: 'text', title: wheres.get(slice.name) ?? slice.name, attrs: { scope: 'row' } }, slice.name),
        el('td', { class: 'numeric' }, formatCount(slice.current.rows)), el('td', { class: 'numeric' }, formatShare(slice.reference.share)), el('td', { class: 'numeric' }, formatShare(slice.current.share)),
        el('td', { class: 'numeric' }, formatP(slice.p_bh).replace(/^p = /, '').replace(/^p /, '') || NONE), el('td', { class: 'numeric' }, slice.harm === null ? NONE : formatNumber(slice.harm, 3)),
        el('td', { class: 'drifted-in', title: slice.drifted.map(({ column, effect, limit }) => `${column}: ${formatNumber(effect, 3)} (limit ${formatNumber(limit, 3)})`).join('\n') },
          ...slice.drifted.slice(0, NAMED).map(({ column }) => link(column, `Show ${column} within ${slice.name}`, () => panel.update({ column, within: wheres.get(slice.name) ?? null, part: 'column' }))), slice.drifted.length > NAMED ? el('span', { class: 'muted' }, `and ${slice.drifted.length - NAMED} more`) : slice.drifted.length === 0 ? el('span', { class: 'muted' }, 'nothing') : null)))));
  };
  function ask(): void {
    const mine = (asked += 1);
    fill(node, skeleton(5));
    panel.doc().then((doc) => {
      if (mine !== asked) return;
      const slices = doc?.slices ?? [];
      const window = panel.window();
      const wheres = new Map((doc?.request.slices ?? []).flatMap(({ name, where }) => (where === undefined ? [] : [[name, where] as const])));
      fill(node, slices.length > 0 ? el('p', { class: 'muted view-head' }, `${window ? longLabel(window) : ''}: ${slices.filter(({ outcome }) => outcome === 'fail').length} of ${slices.length} slices are hit`) : null,
        slices.length > 0 ? body(slices, wheres) : emptyState({ title: 'No slice was looked into', detail: 'A slice is a part of the rows that matters, such as region = \u2018north\u2019. Those under slices: of the monitor, and those of the workspace that its columns have, are told apart here: which of them grew or shrank, and what drifted within them.', ...(panel.monitor() ? { action: { label: 'Open runyard.yaml', run: () => openConfig(panel, failed) } } : {}) }), failed);
    }, (error: unknown) => { if (mine === asked) fill(node, errorState('The slices can\u2019t be read', error, ask)); });
  }
  const again = (): void => { if (visible) ask(); };
  panel.onData(again);
  panel.onState((changed) => { if (changed.has('result')) again(); });
  return { node, shown() { visible = true; ask(); }, hidden: () => { visible = false; } };
}
