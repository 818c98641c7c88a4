/** The keys, as a dialog that Escape closes. */
import { el } from '../shared/dom';
import { button } from '../shared/toolkit';

const KEYS: readonly (readonly [string, string])[] = [
  ['1', 'right'], ['2', 'wrong: of two classes it is the other one; else press what is right, or 2 again where you don\u2019t know'], ['3', 'unsure'], ['a letter', 'what is right, as it stands beside the class'],
  ['j, \u2193, \u2192', 'the next row'], ['k, \u2191, \u2190', 'the row before'], ['c', 'a comment, kept with what you say next'], ['u', 'take your last word back'], ['?', 'these keys'],
];

export function createHelp(): { node: HTMLDialogElement; open(): void } {
  const close = button({ label: 'Close', onClick: () => node.close() });
  const node = el('dialog', { class: 'help', attrs: { 'aria-label': 'Keys' } }, el('h2', {}, 'Keys'), el('dl', {}, ...KEYS.map(([key, what]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)))), close);
  return { node, open: () => { if (!node.open) node.showModal(); } };
}
