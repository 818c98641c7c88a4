/** What people said of the candidate for the environment, and the form to say something. */
import type { Approval } from '../../src/protocol/registry';
import { announce, el, fill, type Child } from '../shared/dom';
import { errorState } from '../shared/notice';
import { button, checkbox, setDisabled } from '../shared/toolkit';
import { person, textArea, when } from './parts';
import type { Panel } from './panel';

const signatures: Record<string, Child> = { true: 'signed', false: 'its signature doesn\u2019t hold', null: null };

export function createApprovals(panel: Panel): { node: HTMLElement } {
  const need = el('span', { class: 'muted' });
  const list = el('ul', { class: 'approvals', attrs: { 'aria-label': 'Approvals' } });
  const place = el('div', {});
  const formPlace = el('div', {});
  const approve = button({ label: 'Approve\u2026', onClick: () => write('approved') });
  const reject = button({ label: 'Reject\u2026', onClick: () => write('rejected') });
  const node = el('section', { class: 'part', attrs: { 'aria-label': 'Approvals' } }, el('div', { class: 'part-head' }, el('h2', {}, 'Approvals'), need, el('span', { class: 'grow' }), approve, reject), formPlace, place, list);
  let asked = 0;
  let sign = false;

  function write(judgement: Approval['judgement']): void {
    const { version, environment } = panel.looked();
    if (version === null || environment === null) return;
    const approved = judgement === 'approved';
    const failed = el('div', {});
    const text = textArea(panel, { label: 'Comment', placeholder: approved ? 'What did you look at? (needed)' : 'What speaks against it? (needed)', draft: `approval ${version} ${environment}`, rows: 3, onInput: () => enable() });
    const send = button({ label: approved ? `Approve v${version} for ${environment}` : `Reject v${version} for ${environment}`, appearance: 'primary', onClick: () => go() });
    const signed = checkbox({ label: 'Sign with my git key', checked: sign, title: 'With the SSH or GPG key that git signs with here', onChange: (checked) => { sign = checked; } });
    const enable = (): void => setDisabled(send, text.get() === '');
    const close = (): void => {
      fill(formPlace);
      (approved ? approve : reject).focus();
    };
    function go(): void {
      if (version === null || environment === null || text.get() === '') return text.focus();
      fill(failed);
      setDisabled(send, true);
      panel.host.ask('registry.approve', { model: panel.detail().model.name, version, to: environment, judgement, comment: text.get(), sign }).then(() => {
        announce(`${judgement} version ${version} for ${environment}`);
        text.clear();
        close();
        return panel.refresh();
      }).then(undefined, (error: unknown) => {
        enable();
        fill(failed, errorState('It isn\u2019t kept', error, go));
      });
    }
    const form = el('form', { class: 'write-form', attrs: { 'aria-label': approved ? 'Approve' : 'Reject' }, on: {
      submit: (event) => event.preventDefault(),
      keydown(event) {
        if (event.key === 'Escape') close();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) go();
        else return;
        event.stopPropagation();
      },
    } }, text.node, el('div', { class: 'inline' }, send, button({ label: 'Cancel', onClick: close }), signed.node), failed);
    fill(formPlace, form);
    enable();
    text.focus();
  }
  const line = (one: Approval): HTMLElement => {
    const fine = one.judgement === 'approved';
    const signature = signatures[String(one.signed)];
    return el('li', { class: one.own ? 'said own' : 'said' }, el('p', { class: 'said-head' },
      el('span', { class: fine ? 'outcome pass' : 'outcome fail' }, el('span', { attrs: { 'aria-hidden': 'true' } }, fine ? '\u2713' : '\u2715'), el('span', {}, one.judgement)), person(one.by), when(one.t),
      signature ? el('span', { class: one.signed ? 'muted' : 'wrong-text' }, signature) : null, one.own ? el('span', { class: 'muted' }, 'the author\u2019s own: counts nothing') : null), el('p', { class: 'said-text' }, one.comment));
  };
  const draw = (): void => {
    const { version, environment } = panel.looked();
    const waiting = panel.detail().model.waiting.find((one) => one.version === version && one.environment === environment);
    need.textContent = waiting ? `${waiting.have} of ${waiting.need}` : '';
    for (const one of [approve, reject]) setDisabled(one, version === null || environment === null);
    const mine = (asked += 1);
    if (version === null) return fill(list);
    panel.version(version).then(({ approvals }) => {
      if (mine !== asked) return;
      fill(place);
      const own = approvals.filter((one) => one.environment === environment).sort((a, b) => b.t - a.t);
      fill(list, ...own.map(line), own.length > 0 ? null : el('li', { class: 'muted' }, waiting ? 'Nobody has said anything yet; it waits for a person other than its author.' : 'Nobody has said anything yet.'));
    }, (error: unknown) => { if (mine === asked) fill(place, errorState('What people said can\u2019t be read', error, draw)); });
  };
  panel.onData(draw);
  panel.onState((changed) => {
    if (!changed.has('version') && !changed.has('environment')) return;
    fill(formPlace);
    draw();
  });
  draw();
  return { node };
}
