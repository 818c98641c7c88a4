/** What one says of a row: right, wrong with what is right, unsure, a comment; by buttons and by keys. */
import { announce, el, fill } from '../shared/dom';
import { errorText } from '../shared/line';
import { button, setDisabled, setPressed, textField } from '../shared/toolkit';
import type { List } from './list';
import { actionOf, lettersOf } from './model/keys';
import { keyOf } from './model/queue';
import type { Panel } from './panel';

export interface Answers { node: HTMLElement; draw(): void; key(event: KeyboardEvent): boolean; /** it is this class */ answer(name: string): void }

export function createAnswers(panel: Panel, list: List): Answers {
  /** which row's right answer is asked for */
  let asking: string | null = null;
  const classes = (): string[] => list.facts()?.classes ?? [];
  const regression = (): boolean => list.facts()?.task === 'regression';
  const take = (): string => {
    const { comment } = panel.state();
    panel.update({ comment: '' });
    return comment.trim();
  };
  const say = (judgement: 'right' | 'wrong' | 'unsure', answer?: string | number): void => {
    asking = null;
    list.judge(judgement, { ...(answer !== undefined && { answer }), comment: take() });
  };
  const wrong = (): void => {
    const item = list.current();
    if (!item) return;
    const two = classes().length === 2;
    if (asking === keyOf(item) || (!regression() && classes().length < 2)) return say('wrong');
    if (two) return say('wrong', classes().find((name) => name !== String(item.prediction)));
    asking = keyOf(item);
    announce(regression() ? 'which number is right? Enter without one: nobody knows' : 'which one is right? press its letter, or 2 again where you don\u2019t know');
    draw();
    if (regression()) focusIn(value.node);
  };
  const answer = (name: string): void => (name === String(list.current()?.prediction) ? say('right') : say('wrong', name));
  const value = textField({ label: 'The number that is right', value: '', placeholder: 'the right number, then Enter', onCommit(text) {
    if (asking === null) return;
    const number = Number(text.trim());
    if (text.trim() !== '' && !Number.isFinite(number)) return value.setError(true);
    value.setError(false);
    value.set('');
    say('wrong', text.trim() === '' ? undefined : number);
  } });
  const comment = textField({ label: 'Comment', value: panel.state().comment, placeholder: 'comment (c)', onInput: (text) => panel.update({ comment: text }), onCommit(text) {
    const said = list.said();
    if (text.trim() === '' || !said) return;
    list.judge(said.judgement, { ...(said.answer !== null && { answer: said.answer }), comment: take() });
  } });
  const buttons = {
    right: button({ label: 'Right (1)', onClick: () => say('right') }),
    wrong: button({ label: 'Wrong (2)', onClick: wrong }),
    unsure: button({ label: 'Unsure (3)', onClick: () => say('unsure') }),
  };
  const undo = button({ label: 'Undo (u)', title: 'Take your last word back', onClick: () => list.undo() });
  const ask = el('div', { class: 'ask' });
  const state = el('span', { class: 'muted text', role: 'status' });
  const place = el('div', { class: 'word-fault' });
  const node = el('div', { class: 'answers' }, place, ask, el('div', { class: 'answers-line' }, buttons.right, buttons.wrong, buttons.unsure, el('span', { class: 'comment' }, comment.node), undo, state));

  function draw(): void {
    const item = list.current();
    const said = list.said();
    if (asking !== null && (!item || asking !== keyOf(item))) asking = null;
    for (const what of ['right', 'wrong', 'unsure'] as const) setPressed(buttons[what], said?.judgement === what);
    setDisabled(undo, list.going().order.length === 0);
    state.textContent = said === null ? '' : `${said.judgement}${said.answer === null ? '' : `: ${said.answer}`}${said.comment === '' ? '' : `, \u201c${said.comment}\u201d`}${said.saving ? ' \u2026' : ''}`;
    if (panel.state().comment !== comment.get()) comment.set(panel.state().comment);
    if (asking === null) fill(ask);
    else if (ask.childElementCount === 0) fill(ask, ...(regression() ? [el('span', {}, 'Which number is right?'), value.node] : [el('span', {}, 'Which one is right? Press its letter, or 2 again where you don\u2019t know.')]));
    const fault = list.wordFault();
    const { message, hint } = fault ? errorText(fault.error) : { message: '', hint: '' };
    fill(place, fault ? el('p', { class: 'bad', role: 'alert' }, `What you said of ${fault.request} isn\u2019t kept: ${message}${hint === '' ? '' : ` (${hint})`}`) : null);
  }
  return {
    node, draw, answer,
    key(event) {
      const action = actionOf(event, regression() ? new Map<string, string>() : lettersOf(classes()));
      switch (action?.kind) {
        case 'right': say('right'); return true;
        case 'wrong': wrong(); return true;
        case 'unsure': say('unsure'); return true;
        case 'answer': answer(action.name); return true;
        case 'next': list.move(1); return true;
        case 'previous': list.move(-1); return true;
        case 'undo': list.undo(); return true;
        case 'comment': focusIn(comment.node); return true;
        default: break;
      }
      if (event.key !== 'Escape' || asking === null) return false;
      asking = null;
      draw();
      return true;
    },
  };
}

/** At once, so that the next key is typed there; a field that was only just made has its input once it is drawn. */
function focusIn(node: HTMLElement): void {
  node.focus();
  if (!node.matches(':focus-within')) requestAnimationFrame(() => node.focus());
}
