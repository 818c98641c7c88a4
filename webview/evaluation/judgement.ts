/** What a person says of a row: fine as it is, or wrong, and then what it has to be from now on. */
import type { ExampleRow } from '../../src/protocol/evaluation/result';
import { announce, el, fill } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button, dropdown, textField } from '../shared/toolkit';
import type { Panel } from './panel';

/** Says that a row is fine as it is; a pin of it goes. */
export async function accept(panel: Panel, row: ExampleRow): Promise<string> {
  await panel.host.ask('evaluations.judge', { evaluation: panel.state().evaluation, example: row.id, judgement: 'accepted' });
  panel.judged(row.id, false);
  announce(`${row.id} accepted`);
  return 'accepted: it is fine as it is';
}

export function createJudgement(panel: Panel, row: ExampleRow, rejecting: boolean): { node: HTMLElement; focus(): void } {
  const { classes, task } = panel.doc();
  const numeric = task === 'regression';
  const said = el('p', { class: 'muted', role: 'status' }, panel.isPinned(row) ? 'pinned: every evaluation checks it' : '');
  const place = el('div', {});
  let expected = row.truth === null ? '' : String(row.truth);
  let within = '';
  let note = '';
  const choice = numeric ? null : dropdown({ label: 'It has to be called', value: expected, choices: classes.map((name) => ({ value: name, label: name })), onChange: (value) => { expected = value; } });
  const number = numeric ? textField({ label: 'It has to be', value: expected, onInput: (value) => { expected = value; } }) : null;
  const distance = numeric ? textField({ label: 'Give or take', value: '', placeholder: '0', onInput: (value) => { within = value; } }) : null;
  const reason = textField({ label: 'Why', value: '', placeholder: 'why (optional)', onInput: (value) => { note = value; } });

  const guarded = (work: () => Promise<string>): void => {
    fill(place);
    work().then((text) => {
      said.textContent = text;
      const inside = form.contains(document.activeElement);
      form.hidden = true;
      // A focus that is hidden is lost, and with it the keys that go on from here.
      if (inside) node.querySelector<HTMLElement>('vscode-button')?.focus();
    }, (error: unknown) => fill(place, errorState('It isn\u2019t kept', error, () => guarded(work))));
  };
  const reject = async (): Promise<string> => {
    const value = numeric ? Number(expected) : expected;
    if (expected === '' || (typeof value === 'number' && !Number.isFinite(value))) {
      number?.setError(true);
      throw new Error(numeric ? 'what it has to be is no number' : 'choose what it has to be called');
    }
    const { file } = await panel.host.ask('evaluations.judge', { evaluation: panel.state().evaluation, example: row.id, judgement: 'rejected', expected: value, note, ...(numeric && within.trim() !== '' ? { within: Number(within) } : {}) });
    panel.judged(row.id, true);
    announce(`${row.id} rejected and pinned`);
    return `pinned as ${expected}${file ? ` in ${file.split(/[\\/]/).at(-1)}` : ''}: every evaluation checks it from now on`;
  };
  const field = numeric ? number : choice;
  const form = el('form', { class: 'judge-form', attrs: { hidden: !rejecting, 'aria-label': 'What the row has to be' }, on: { submit: (event) => event.preventDefault() } },
    el('label', { class: 'inline' }, 'has to be', field?.node), distance ? el('label', { class: 'inline' }, '\u00b1', distance.node) : null, reason.node, button({ label: 'Pin it', appearance: 'primary', onClick: () => guarded(reject) }));
  const node = el('section', { class: 'judgement', attrs: { 'aria-label': 'Judgement' } }, el('div', { class: 'inline' },
    button({ label: 'Accept', title: 'It is fine as it is', onClick: () => guarded(() => accept(panel, row)) }),
    button({ label: 'Reject \u2026', title: 'It has to come out right: from now on every evaluation checks it', onClick: () => { form.hidden = !form.hidden; if (!form.hidden) field?.node.focus(); } })), form, said, place);
  return { node, focus: () => field?.node.focus() };
}
