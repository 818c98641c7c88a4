/** What people wrote about the model, the version that is looked at, and its slices. */
import type { Comment, CommentTarget } from '../../src/protocol/registry';
import { announce, el, fill } from '../shared/dom';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, dropdown, setDisabled, type Choice } from '../shared/toolkit';
import { link, person, textArea, when } from './parts';
import type { Panel } from './panel';

/** Slices that can be chosen to write about. */
const SLICES = 100;

export function createCommentsView(panel: Panel): View {
  const list = el('ul', { class: 'comments', attrs: { 'aria-label': 'Comments' } });
  const place = el('div', {});
  const failed = el('div', {});
  let target = '';
  let asked = 0;
  const on = dropdown({ label: 'What the comment is on', value: '', choices: [], onChange: (value) => { target = value; } });
  const text = textArea(panel, { label: 'Comment', placeholder: 'What should the others know?', draft: 'comment', rows: 3, onInput: (value) => setDisabled(send, value.trim() === '') });
  const send = button({ label: 'Comment', appearance: 'primary', title: 'Ctrl+Enter', onClick: () => write() });
  const form = el('form', { class: 'write-form', attrs: { 'aria-label': 'Write a comment' }, on: {
    submit: (event) => event.preventDefault(),
    keydown: (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) write(); },
  } }, text.node, el('div', { class: 'inline' }, el('label', { class: 'inline' }, 'on', on.node), send), failed);
  const node = el('div', { class: 'comments-view' }, el('div', { class: 'comments-scroll', role: 'region', attrs: { 'aria-label': 'Comments', tabindex: 0 } }, form, place, list));

  /** A choice of the list as a target; the list is ours, so it parses. */
  const targetOf = (value: string): CommentTarget => ({ model: panel.detail().model.name, ...(value === '' ? {} : (JSON.parse(value) as Pick<CommentTarget, 'version' | 'slice'>)) });
  function write(): void {
    if (text.get() === '') return text.focus();
    fill(failed);
    setDisabled(send, true);
    panel.host.ask('registry.comment', { on: targetOf(target), text: text.get() }).then(() => {
      announce('the comment is kept');
      text.clear();
      return panel.refresh();
    }).then(undefined, (error: unknown) => {
      setDisabled(send, false);
      fill(failed, errorState('The comment isn\u2019t kept', error, write));
    });
  }
  const about = ({ on: one }: Comment): HTMLElement | null => {
    const { version, slice } = one;
    if (version !== undefined) return link(`on v${version}${slice === undefined ? '' : `, slice ${slice}`}`, `Look at version ${version}`, () => panel.update({ version, tab: 'candidate', ...(slice === undefined ? {} : { slice }) }));
    return slice === undefined ? null : el('span', { class: 'muted' }, `on slice ${slice}`);
  };
  const draw = (): void => {
    const { model, comments } = panel.detail();
    const { version } = panel.looked();
    const mine = (asked += 1);
    const show = (all: readonly Comment[]): void => {
      const known = [...new Map(all.map((one) => [one.id, one])).values()].sort((a, b) => b.t - a.t);
      fill(list, ...known.map((one) => el('li', { class: 'said' }, el('p', { class: 'said-head' }, person(one.by), when(one.t), about(one)), el('p', { class: 'said-text' }, one.text))));
      fill(place, known.length > 0 ? null : emptyState({ title: 'No comments yet', detail: 'What was tried, what to watch for, who was asked: a comment stands beside the version or the slice that it is about, with its author, and travels with the ledger.' }));
    };
    const choices = (slices: readonly string[]): Choice[] => [{ value: '', label: model.name }, ...(version === null ? [] : [{ value: JSON.stringify({ version }), label: `v${version}` }]), ...slices.slice(0, SLICES).flatMap((slice): Choice[] => (version === null ? [] : [{ value: JSON.stringify({ version, slice }), label: `v${version}, slice ${slice}` }]))];
    const offer = (slices: readonly string[]): void => {
      const list = choices(slices);
      if (!list.some((one) => one.value === target)) target = version === null ? '' : JSON.stringify({ version });
      on.set(target, list);
    };
    offer([]);
    if (version === null) return show(comments);
    if (list.childElementCount === 0) fill(place, skeleton(3));
    panel.version(version).then(async (found) => {
      const newest = [...found.evaluations].sort((a, b) => b.created - a.created)[0];
      if (mine !== asked) return;
      show([...comments, ...found.comments]);
      if (!newest) return;
      const doc = await panel.evaluation(newest.id);
      if (mine === asked) offer(doc.slices.map((slice) => slice.name));
    }).then(undefined, (error: unknown) => {
      if (mine !== asked) return;
      show(comments);
      fill(failed, errorState('Not all comments can be read', error, draw));
    });
  };
  setDisabled(send, text.get() === '');
  panel.onData(draw);
  panel.onState((changed) => { if (changed.has('version')) draw(); });
  draw();
  return { node, shown: () => undefined };
}
