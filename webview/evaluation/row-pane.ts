/** One row beside the others: what the models said, what a person says of it, all its values, and what moved its score. */
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { el, fill, icon } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { attempt, errorState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { createExplanation } from './explanation';
import { createJudgement } from './judgement';
import { previewKind } from './model/pictures';
import { cellText, rowState } from './model/rows';
import type { Panel } from './panel';

export interface RowPane {
  node: HTMLElement;
  /** `reject`: the form for what it should have been is open at once. */
  open(row: ExampleRow, options?: { reject?: boolean; columns?: readonly string[] }): void;
}

export function createRowPane(panel: Panel): RowPane {
  let columns: readonly string[] = [];
  let before: Element | null = null;
  const node = el('aside', { class: 'row-pane', attrs: { 'aria-label': 'Row', hidden: true, tabindex: -1 } });
  const close = (): void => {
    node.hidden = true;
    panel.update({ example: null });
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
  // Escape in the table takes the row back, too.
  panel.onState((changed) => { if (changed.has('example') && panel.state().example === null) node.hidden = true; });
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });

  function preview(path: string, place: HTMLElement): void {
    fill(place, el('p', { class: 'muted' }, 'reading \u2026'));
    attempt(panel.host.ask('host.preview', { path, evaluation: panel.state().evaluation }).then((found) => {
      if (found.kind === 'image') {
        const image = el('img', { class: 'preview', attrs: { src: found.url, alt: path } });
        image.addEventListener('error', () => fill(place, el('p', { class: 'muted' }, 'This picture can\u2019t be shown.')));
        fill(place, image);
      } else if (found.kind === 'text') fill(place, el('pre', { class: 'preview', attrs: { tabindex: 0, 'aria-label': path } }, found.text), found.cut ? el('p', { class: 'muted' }, 'cut short') : null);
      else fill(place, el('p', { class: 'muted' }, found.why));
    }), (error) => fill(place, errorState('It can\u2019t be shown', error, () => preview(path, place))));
  }
  function said(row: ExampleRow): HTMLElement {
    const doc = panel.doc();
    const { word, sign } = rowState(row);
    const line = (name: string, value: string, more = ''): HTMLElement => el('tr', {}, el('th', { attrs: { scope: 'row' } }, name), el('td', { class: 'numeric' }, value), el('td', { class: 'numeric muted' }, more));
    const score = (value: number | null): string => (value === null ? '' : formatNumber(value, 4));
    return el('table', { class: 'said' }, el('tbody', {}, line('truth', cellText(row.truth)), line(doc.model.name, `${sign ? `${sign} ` : ''}${cellText(row.predicted)}`, score(row.score)),
      doc.baseline ? line(doc.baseline.name, cellText(row.baseline), score(row.baselineScore)) : null, row.loss === null ? null : line(doc.task === 'regression' ? 'error' : 'loss', formatNumber(row.loss, 4)),
      row.unscored === null ? null : el('tr', {}, el('th', { attrs: { scope: 'row' } }, word), el('td', { attrs: { colspan: 2 } }, row.unscored))));
  }
  function values(row: ExampleRow): HTMLElement {
    const place = el('div', { class: 'preview-place' });
    const lines = columns.map((name, at) => {
      const value = row.values[at] ?? null;
      const kind = previewKind(value);
      const text = cellText(value);
      return el('tr', {}, el('th', { class: 'text', title: name, attrs: { scope: 'row' } }, name), el('td', { class: typeof value === 'number' ? 'numeric' : 'value', title: text }, kind ? el('button', { class: 'link', attrs: { type: 'button' }, on: { click: () => preview(String(value), place) } }, text) : text));
    });
    const first = row.values.find((value) => previewKind(value) === 'image');
    if (first !== undefined) preview(String(first), place);
    return el('section', {}, place, el('h2', {}, 'Values'), lines.length === 0 ? el('p', { class: 'muted' }, NONE) : el('table', { class: 'values' }, el('tbody', {}, ...lines)));
  }
  return {
    node,
    open(row, options = {}) {
      if (!node.contains(document.activeElement)) before = document.activeElement;
      if (options.columns) columns = options.columns;
      panel.update({ example: row.id });
      node.hidden = false;
      node.setAttribute('aria-label', `Row ${row.id}`);
      const judgement = createJudgement(panel, row, options.reject ?? false);
      fill(node,
        el('header', {}, el('h2', { class: 'text', title: row.id }, row.id), panel.isPinned(row) ? el('span', { class: 'pinned', title: 'pinned' }, icon('pin')) : null, el('span', { class: 'grow' }),
          button({ label: 'Copy id', appearance: 'secondary', onClick: () => attempt(panel.host.ask('host.copy', { text: row.id }), () => undefined) }), button({ label: 'Close the row', icon: 'close', appearance: 'icon', onClick: close })),
        said(row), judgement.node, row.unscored === null ? createExplanation(panel, row.id) : null, values(row));
      node.scrollTop = 0;
      if (options.reject) judgement.focus();
    },
  };
}
