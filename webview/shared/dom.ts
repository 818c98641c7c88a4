/** Elements without innerHTML: text goes in as text nodes, styles through the CSSOM (which a strict CSP allows). */

export type Child = Node | string | number | null | undefined | false;

/** What an element is made with. `on` holds listeners, `style` custom properties and CSS properties, the rest is set as attributes. */
export interface Props {
  class?: string;
  title?: string;
  id?: string;
  role?: string;
  on?: { [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };
  style?: Record<string, string>;
  attrs?: Record<string, string | number | boolean | null | undefined>;
}

/** Makes an element with its children. An attribute of null, undefined or false isn't set; true is set as ''. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (props.class) node.className = props.class;
  if (props.title) node.title = props.title;
  if (props.id) node.id = props.id;
  if (props.role) node.setAttribute('role', props.role);
  setAttributes(node, props.attrs ?? {});
  for (const [name, value] of Object.entries(props.style ?? {})) node.style.setProperty(name, value);
  for (const [type, listener] of Object.entries(props.on ?? {})) node.addEventListener(type, listener as EventListener);
  append(node, ...children);
  return node;
}

export function setAttributes(node: Element, attrs: Record<string, string | number | boolean | null | undefined>): void {
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
}

export function append(node: Node, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.appendChild(typeof child === 'object' ? child : document.createTextNode(String(child)));
  }
}

/** Replaces all that lies in an element. */
export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, ...children);
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag: string, attrs: Record<string, string | number> = {}, ...children: Node[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attrs);
  node.append(...children);
  return node;
}

/** 16 × 16 line icons, drawn in the text's colour; hidden from assistive technology (their button has the name). */
const icons = {
  pin: 'M6 2h4l-.5 4.5L12 9H4l2.500-2.500zM8 9v5',
  close: 'M4 4l8 8M12 4l-8 8',
  up: 'M8 13V3M4 7l4-4 4 4',
  down: 'M8 3v10M4 9l4 4 4-4',
  columns: 'M2.500 3h11v10h-11zM6.200 3v10M9.800 3v10',
  warning: 'M8 2l6.500 11.500h-13zM8 6.500v3.500M8 11.500v.6',
} as const;
export type IconName = keyof typeof icons;

export function icon(name: IconName): SVGElement {
  return svg('svg', { class: 'icon', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: icons[name], fill: 'none', stroke: 'currentColor', 'stroke-width': 1.2, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }));
}

/** Says a sentence to assistive technology without moving the focus. */
export function announce(text: string): void {
  let region = document.getElementById('live');
  if (!region) {
    region = el('div', { id: 'live', class: 'visually-hidden', role: 'status', attrs: { 'aria-live': 'polite' } });
    document.body.append(region);
  }
  region.textContent = text;
}

/** Calls at most once in `ms`, the last time with the newest arguments; the first call is at once. */
export function throttle<A extends unknown[]>(ms: number, call: (...args: A) => void): (...args: A) => void {
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let newest: A;
  return (...args) => {
    newest = args;
    if (timer !== undefined) return;
    const wait = Math.max(0, last + ms - Date.now());
    const fire = (): void => {
      timer = undefined;
      last = Date.now();
      call(...newest);
    };
    if (wait === 0) fire();
    else timer = setTimeout(fire, wait);
  };
}

/** Calls once nothing was asked for `ms`. */
export function debounce<A extends unknown[]>(ms: number, call: (...args: A) => void): (...args: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...args), ms);
  };
}
