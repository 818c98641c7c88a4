/** Small parts that the drift panel's views share. */
import type { Outcome } from '../../src/protocol/evaluation/result';
import { el, fill, type Child } from '../shared/dom';
import { formatAgo, formatTime } from '../shared/format';
import { errorState } from '../shared/notice';
import type { Panel } from './panel';

const SIGNS: Record<Outcome, string> = { pass: '\u2713', fail: '\u2715', 'cannot tell': '?' };
const TONES: Record<Outcome, string> = { pass: 'pass', fail: 'fail', 'cannot tell': 'calm' };
/** A sign, a word, and a colour that repeats them. */
export const outcomeBadge = (outcome: Outcome, title: string, word: string = outcome): HTMLElement =>
  el('span', { class: `outcome ${TONES[outcome]}`, title }, el('span', { attrs: { 'aria-hidden': 'true' } }, SIGNS[outcome]), el('span', {}, word));

/** How long ago, with the time itself on hover. In ms. */
export const when = (t: number): HTMLElement => el('time', { title: formatTime(t / 1000), attrs: { datetime: new Date(t).toISOString() } }, formatAgo(t / 1000, Date.now() / 1000));

export const link = (label: Child, title: string, run: () => void): HTMLElement => el('button', { class: 'link', title, attrs: { type: 'button' }, on: { click: run } }, label);

/** Asks the host to do something; where it can't, `place` says why, with a way to try again. */
export function act(place: HTMLElement, what: string, ask: () => Promise<unknown>): void {
  fill(place);
  ask().then(undefined, (error: unknown) => fill(place, errorState(what, error, () => act(place, what, ask))));
}

/** runyard.yaml at the monitor. */
export const openConfig = (panel: Panel, place: HTMLElement): void => act(place, 'It can\u2019t be opened', () => panel.host.ask('host.openConfig', panel.monitor() ? { monitor: panel.monitor()?.name } : {}));

/** A line of text whose beginning survives a reload under the name `draft`. */
export function draftArea(panel: Panel, options: { label: string; placeholder: string; draft: string; rows?: number }): { node: HTMLTextAreaElement; get(): string; clear(): void } {
  const node = el('textarea', { class: 'write', attrs: { rows: options.rows ?? 2, placeholder: options.placeholder, 'aria-label': options.label, spellcheck: 'true' } });
  const keep = (text: string): void => {
    const { [options.draft]: _before, ...others } = panel.state().drafts;
    panel.update({ drafts: text === '' ? others : { ...others, [options.draft]: text } });
  };
  node.value = panel.state().drafts[options.draft] ?? '';
  node.addEventListener('input', () => keep(node.value));
  return { node, get: () => node.value.trim(), clear: () => { node.value = ''; keep(''); } };
}
