/** What to mind before believing the figures: warnings with their hints, and the rows that no figure holds. */
import type { EvaluationDoc, Unscored } from '../../src/protocol/evaluation/result';
import { el, fill, icon, type Child } from '../shared/dom';
import { count } from '../shared/format';
import { formatCount } from './model/digits';
import type { Panel } from './panel';

/** Row numbers and ids that are listed; there may be thousands. */
const LISTED = 20;

/** One line: '3 warnings, 12 rows not scored'; '' where all is well. */
function warningsTitle(doc: Pick<EvaluationDoc, 'warnings' | 'unscored' | 'baselineUnscored'>): string {
  return [
    doc.warnings.length > 0 ? count(doc.warnings.length, 'warning') : '',
    doc.unscored.count > 0 ? `${count(doc.unscored.count, 'row')} not scored` : '',
    doc.baselineUnscored && doc.baselineUnscored.count > 0 ? `${count(doc.baselineUnscored.count, 'row')} not scored by the baseline` : '',
  ].filter(Boolean).join(', ');
}

function unscored(what: string, { count: rows, reasons, first }: Unscored): Child {
  if (rows === 0) return null;
  const why = Object.entries(reasons).sort((a, b) => b[1] - a[1]);
  const named = first.slice(0, LISTED);
  return el('section', {}, el('h2', {}, `${count(rows, 'row')} not scored by ${what}`), el('p', { class: 'muted' }, 'They are in no figure.'),
    el('ul', {}, ...why.map(([reason, times]) => el('li', {}, el('span', { class: 'figure' }, `${formatCount(times)} \u00d7 `), reason))),
    named.length === 0 ? null : el('table', { class: 'unscored' }, el('thead', {}, el('tr', {}, el('th', { class: 'numeric', attrs: { scope: 'col' } }, 'row'), el('th', { attrs: { scope: 'col' } }, 'id'), el('th', { attrs: { scope: 'col' } }, 'why'))),
      el('tbody', {}, ...named.map(({ row, id, reason }) => el('tr', {}, el('td', { class: 'numeric' }, formatCount(row)), el('td', { class: 'text' }, id), el('td', { class: 'text', title: reason }, reason))))),
    rows > named.length && named.length > 0 ? el('p', { class: 'muted' }, `The first ${named.length} of ${formatCount(rows)}.`) : null);
}

export function createWarnings(panel: Panel): { node: HTMLElement; draw(): void } {
  const title = el('span', {});
  const body = el('div', { class: 'warnings-body', role: 'region', attrs: { 'aria-label': 'Warnings', tabindex: 0 } });
  const node = el('details', { class: 'warnings' }, el('summary', {}, icon('warning'), title), body);
  node.open = panel.state().warnings;
  node.addEventListener('toggle', () => panel.update({ warnings: node.open }));
  return {
    node,
    draw() {
      const doc = panel.doc();
      title.textContent = warningsTitle(doc);
      node.hidden = title.textContent === '';
      fill(body, doc.warnings.length === 0 ? null : el('ul', { class: 'warning-list' }, ...doc.warnings.map(({ message, hint, rows }) => el('li', {}, el('span', {}, message), hint ? el('span', { class: 'muted' }, `${/[.!?]$/.test(message) ? '' : ':'} ${hint}`) : null,
        rows && rows.length > 0 ? el('span', { class: 'muted figure' }, ` Row${rows.length === 1 ? '' : 's'} ${rows.slice(0, LISTED).map(formatCount).join('; ')}${rows.length > LISTED ? ' \u2026' : ''}`) : null))),
      unscored(doc.model.name, doc.unscored), doc.baselineUnscored ? unscored(doc.baseline?.name ?? 'the baseline', doc.baselineUnscored) : null);
    },
  };
}
