/** Tabs: one tab stop, arrows go between them; a tab's view is made when it is first looked at. */
import { el } from './dom';

/** A view of a tab. `shown` is called each time it comes to the front, `hidden` when it goes. */
export interface View { node: HTMLElement; shown(): void; hidden?(): void }

export interface TabsOptions<T extends string> {
  /** what they are of, for who doesn't see them */
  label: string;
  titles: Record<T, string>;
  make: Record<T, () => View>;
  onChange(tab: T): void;
  /** what stands at the end of the line of tabs */
  tail?: HTMLElement;
}
export interface Tabs<T extends string> { node: HTMLElement; show(tab: T): void; /** Another title, such as one with a count. */ title(tab: T, text: string): void }

export function createTabs<T extends string>({ label, titles, make, onChange, tail }: TabsOptions<T>): Tabs<T> {
  const order = Object.keys(titles) as T[];
  const views = new Map<T, View>();
  let current: T | null = null;
  const heads = new Map(order.map((tab) => [tab, el('button', {
    class: 'tab', role: 'tab', id: `tab-${tab}`, attrs: { 'aria-controls': `view-${tab}`, 'aria-selected': 'false', tabindex: -1, type: 'button' },
    on: { click: () => show(tab) },
  }, titles[tab])]));
  const bodies = new Map(order.map((tab) => [tab, el('div', { class: 'view', role: 'tabpanel', id: `view-${tab}`, attrs: { 'aria-labelledby': `tab-${tab}`, hidden: true } })]));
  const list = el('div', { class: 'tab-list', role: 'tablist', attrs: { 'aria-label': label } }, ...heads.values());
  list.addEventListener('keydown', (event) => {
    const at = current === null ? 0 : order.indexOf(current);
    const to: Record<string, number> = { ArrowRight: (at + 1) % order.length, ArrowLeft: (at + order.length - 1) % order.length, Home: 0, End: order.length - 1 };
    const next = order[to[event.key] ?? -1];
    if (!next) return;
    event.preventDefault();
    show(next);
    heads.get(next)?.focus();
  });
  function show(tab: T): void {
    if (tab === current) return;
    if (current !== null) views.get(current)?.hidden?.();
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
  const line = tail ? el('div', { class: 'tab-line' }, list, tail) : list;
  return {
    node: el('div', { class: 'tabs' }, line, ...bodies.values()), show,
    title(tab, text) {
      const head = heads.get(tab);
      if (head && head.textContent !== text) head.textContent = text;
    },
  };
}
