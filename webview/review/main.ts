/** The review panel: rows that are worth a look, one after the other; what was said of them, and whether people agree. */
import { el, fill } from '../shared/dom';
import { skeleton } from '../shared/notice';
import { createTabs } from '../shared/tabs';
import { loadToolkit } from '../shared/toolkit';
import { createAgreementView } from './agreement';
import { createBrowseView } from './browse';
import { createHeader } from './header';
import { createHelp } from './help';
import { connectHost } from './host';
import type { Tab } from './model/state';
import { createPanel } from './panel';
import { createQueueView, type Keyed } from './queue';

loadToolkit();
const app = document.getElementById('app') ?? document.body.appendChild(el('div', { id: 'app' }));
fill(app, skeleton(12));
const host = connectHost();
const panel = createPanel(host);

function build(): void {
  const help = createHelp();
  const header = createHeader(panel, () => help.open());
  const keyed = new Map<Tab, Keyed>();
  const keep = (tab: Tab, view: Keyed): Keyed => {
    keyed.set(tab, view);
    return view;
  };
  const openRow = (find: string): void => {
    panel.update({ find, found: null });
    tabs.show('rows');
    panel.rows.load();
  };
  const tabs = createTabs<Tab>({
    label: 'Of the log', titles: { queue: 'Queue', rows: 'All rows', agreement: 'Agreement' }, onChange: (tab) => panel.update({ tab }),
    make: { queue: () => keep('queue', createQueueView(panel, header.exporting)), rows: () => keep('rows', createBrowseView(panel)), agreement: () => createAgreementView(panel, openRow) },
  });
  fill(app, header.node, tabs.node, help.node);
  app.removeAttribute('aria-busy');
  tabs.show(panel.state().tab);
  document.addEventListener('keydown', (event) => {
    if (help.node.open || isTyping(event)) return;
    if (event.key === '?') help.open();
    else if (!keyed.get(panel.state().tab)?.key(event)) return;
    event.preventDefault();
  });
}

/** Keys that go to a field, to a tab or to a list belong there. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable) {
    if (event.key === 'Escape') target.blur();
    return true;
  }
  const role = target.closest('[role=tab], vscode-dropdown');
  return role !== null && /^Arrow|^Home$|^End$/.test(event.key);
}

let built = '';
host.on('init', ({ model }) => {
  panel.open(model);
  if (built !== model) build();
  built = model;
});
host.on('changed', () => {
  if (built === '') return;
  panel.refreshSummary();
  if (panel.queue.going().items.length === 0 && panel.queue.busy() === '' && panel.state().tab === 'queue') panel.queue.load();
});
host.ready();
