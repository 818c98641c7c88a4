/** The tabs below the table: one tab stop, arrows go between them; a tab's view is made when it is first looked at. */
import { el } from '../shared/dom';
import { tabs, type Tab } from './model/state';

/** A view of a tab. `shown` is called each time it comes to the front, `hidden` when it goes. */
export interface View { node: HTMLElement; shown(): void; hidden?(): void }

const titles: Record<Tab, string> = { curves: 'Curves', scatter: 'Scatter', parallel: 'Parallel coordinates', groups: 'Groups & verdict', differences: 'Differences' };

export function createTabs(make: Record<Tab, () => View>, onChange: (tab: Tab) => void): { node: HTMLElement; show(tab: Tab): void } {
  const views = new Map<Tab, View>();
  let current: Tab | null = null;
  const heads = new Map(tabs.map((tab) => [tab, el('button', {
    class: 'tab', role: 'tab', id: `tab-${tab}`, attrs: { 'aria-controls': `view-${tab}`, 'aria-selected': 'false', tabindex: -1, type: 'button' },
    on: { click: () => show(tab) },
  }, titles[tab])]));
  const bodies = new Map(tabs.map((tab) => [tab, el('div', { class: 'view', role: 'tabpanel', id: `view-${tab}`, attrs: { 'aria-labelledby': `tab-${tab}`, hidden: true } })]));
  const list = el('div', { class: 'tab-list', role: 'tablist', attrs: { 'aria-label': 'Pictures of these runs' } }, ...heads.values());
  list.addEventListener('keydown', (event) => {
    const at = tabs.indexOf(current ?? 'curves');
    const to: Record<string, number> = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 };
    const next = tabs[to[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    show(next);
    heads.get(next)?.focus();
  });
  function show(tab: Tab): void {
    if (tab === current) return;
    if (current) views.get(current)?.hidden?.();
    current = tab;
    for (const [name, head] of heads) {
      head.setAttribute('aria-selected', String(name === tab));
      head.tabIndex = name === tab ? 0 : -1;
    }
    for (const [name, body] of bodies) body.hidden = name !== tab;
    let view = views.get(tab);
    if (!view) {
      view = make[tab]();
      views.set(tab, view);
      bodies.get(tab)?.append(view.node);
    }
    view.shown();
    onChange(tab);
  }
  return { node: el('div', { class: 'tabs' }, list, ...bodies.values()), show };
}
