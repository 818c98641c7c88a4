/** Small parts that the registry's views share: people, times, versions, texts to write. */
import type { Person } from '../../src/protocol/registry';
import { el, fill, type Child } from '../shared/dom';
import { errorState } from '../shared/notice';
import { ago, fullName, since, time } from './model/words';
import type { Panel } from './panel';

export const person = (one: Person): HTMLElement => el('span', { class: 'person', title: fullName(one) }, one.name);
const told = new WeakMap<HTMLElement, () => string>();
function timeNode(t: number, title: string, read: () => string): HTMLElement {
  const node = el('time', { title, attrs: { datetime: new Date(t).toISOString() } }, read());
  told.set(node, read);
  return node;
}
/** How long ago, with the time itself on hover. */
export const when = (t: number): HTMLElement => timeNode(t, time(t), () => ago(t, Date.now()));
/** For how long already. */
export const lasting = (t: number): HTMLElement => timeNode(t, `since ${time(t)}`, () => since(t, Date.now()));
/** Times that read as 'how long ago' go on while nothing else happens. */
export function keepTimes(): void {
  setInterval(() => {
    for (const node of document.querySelectorAll('time')) node.textContent = told.get(node)?.() ?? node.textContent;
  }, 30_000);
}
export const forcedMark = (): HTMLElement => el('span', { class: 'forced', title: 'Promoted although gates stopped it; the ledger says why' }, '\u26a0 forced');

export const link = (label: Child, title: string, run: () => void): HTMLElement => el('button', { class: 'link', title, attrs: { type: 'button' }, on: { click: run } }, label);

/** Something that the host opens; where it can't, `place` says why. */
export function opener(options: { label: Child; title: string; place: HTMLElement; what: string; open(): Promise<unknown> }): HTMLElement {
  const run = (): void => {
    fill(options.place);
    options.open().then(undefined, (error: unknown) => fill(options.place, errorState(`${options.what} can\u2019t be opened`, error, run)));
  };
  return link(options.label, options.title, run);
}

export interface TextArea { node: HTMLTextAreaElement; get(): string; clear(): void; focus(): void }

/** Some lines of text, whose beginnings survive a reload under the name `draft`. */
export function textArea(panel: Panel, options: { label: string; placeholder: string; draft: string; rows?: number; onInput?(text: string): void }): TextArea {
  const node = el('textarea', { class: 'write', attrs: { rows: options.rows ?? 2, placeholder: options.placeholder, 'aria-label': options.label, spellcheck: 'true' } });
  node.value = panel.state().drafts[options.draft] ?? '';
  const keep = (text: string): void => {
    const { [options.draft]: _before, ...others } = panel.state().drafts;
    panel.update({ drafts: text === '' ? others : { ...others, [options.draft]: text } });
  };
  node.addEventListener('input', () => {
    keep(node.value);
    options.onInput?.(node.value);
  });
  return {
    node,
    get: () => node.value.trim(),
    clear() {
      node.value = '';
      keep('');
      options.onInput?.('');
    },
    focus: () => node.focus(),
  };
}
