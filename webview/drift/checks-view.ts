/** Every check of the chosen window with what it was held against, what changed in the columns themselves, and what was left out. */
import type { CheckResult, MonitorResult } from '../../src/protocol/monitoring';
import type { DriftDoc } from '../../src/protocol/drift';
import { formatCount, formatShare } from '../evaluation/model/digits';
import { el, fill, type Child } from '../shared/dom';
import { formatNumber, NONE } from '../shared/format';
import { errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { longLabel } from './model/windows';
import { link, outcomeBadge } from './parts';
import type { Panel } from './panel';

const ORDER = { fail: 0, 'cannot tell': 1, pass: 2 } as const;
/** Checks of thousands of columns: the ones that pass are counted. */
const MOST = 200;

export function createChecksView(panel: Panel): View {
  let [asked, visible] = [0, false];
  const node = el('div', { class: 'scroll-view', attrs: { tabindex: 0, role: 'region', 'aria-label': 'Checks of the window' } });
  const number = (value: number | null): string => (value === null ? NONE : formatNumber(value, 4));
  const subject = ({ subject: name }: CheckResult): Child => (panel.allRows().some((row) => row.name === name) ? link(name, `Show ${name}`, () => panel.update({ column: name, part: 'column' })) : name);
  const table = (checks: readonly CheckResult[]): HTMLElement => el('table', { class: 'dense' }, el('caption', { class: 'visually-hidden' }, 'Checks'),
    el('thead', {}, el('tr', {}, ...['outcome', 'check', 'of', 'value', '95 %', 'limit', 'severity', 'why'].map((title, at) => el('th', { class: at >= 3 && at <= 5 ? 'numeric' : '', attrs: { scope: 'col' } }, title)))),
    el('tbody', {}, ...checks.map((one) => el('tr', {}, el('td', {}, outcomeBadge(one.outcome, one.reason)), el('td', {}, one.check), el('th', { class: 'text', title: one.subject, attrs: { scope: 'row' } }, subject(one)), el('td', { class: 'numeric' }, number(one.value)), el('td', { class: 'numeric muted' }, one.low === null || one.high === null ? '' : `${number(one.low)} to ${number(one.high)}`), el('td', { class: 'numeric' }, number(one.threshold)), el('td', {}, one.severity), el('td', { class: 'why' }, one.reason)))));
  const versions = ({ versions: own, window, latency, rules }: MonitorResult): string => [
    ...own.map(({ version, rows, role }) => `v${version}${role === 'live' ? '' : ` (${role})`} answered ${formatShare(rows / Math.max(1, window.rows))}`), latency === null ? '' : `95 % of the answers within ${formatNumber(latency, 3)} ms`, ...rules.map(({ rule, rows }) => `rule ${rule} met ${formatCount(rows)} rows`),
  ].filter(Boolean).join('; ');
  const documentParts = (doc: DriftDoc): Child[] => [
    doc.schema.length === 0 ? null : el('section', {}, el('h2', {}, 'Schema'), el('ul', { class: 'plain' }, ...doc.schema.map((one) => el('li', {}, one.text)))),
    doc.leftOut.length === 0 ? null : el('section', {}, el('h2', {}, 'Not compared'), el('ul', { class: 'plain' }, ...doc.leftOut.slice(0, 50).map((one) => el('li', {}, `${one.column}: ${one.why}`)))),
    el('p', { class: 'muted' }, `reference: ${formatCount(doc.reference.rows)} rows of ${doc.reference.files.join(', ')}; current: ${formatCount(doc.current.rows)} rows of ${doc.current.files.join(', ')}`),
  ];
  function ask(): void {
    const mine = (asked += 1);
    const window = panel.window();
    if (!window) return fill(node);
    fill(node, skeleton(5));
    Promise.all([panel.result(), panel.doc()]).then(([result, doc]) => {
      if (mine !== asked) return;
      const checks = [...(result?.checks ?? [])].sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome] || a.at - b.at);
      fill(node, el('p', { class: 'view-head' }, outcomeBadge(window.outcome, window.reasons.join('\n')), el('span', {}, `${longLabel(window)}: ${formatCount(window.rows)} rows`), result ? el('span', { class: 'muted' }, `held against ${result.reference.text}, ${formatCount(result.reference.rows)} rows`) : null),
        result && versions(result) ? el('p', { class: 'muted' }, versions(result)) : null,
        checks.length === 0 ? (result ? el('p', { class: 'muted' }, 'No check of this window came to anything.') : el('ul', { class: 'plain' }, ...window.reasons.map((reason) => el('li', {}, reason)))) : table(checks.slice(0, MOST)),
        checks.length > MOST ? el('p', { class: 'muted' }, `and ${formatCount(checks.length - MOST)} more`) : null, ...(doc ? documentParts(doc) : []));
    }, (error: unknown) => { if (mine === asked) fill(node, errorState('The checks can\u2019t be read', error, ask)); });
  }
  const again = (): void => { if (visible) ask(); };
  panel.onData(again);
  panel.onState((changed) => { if (changed.has('result')) again(); });
  return { node, shown() { visible = true; ask(); }, hidden: () => { visible = false; } };
}
