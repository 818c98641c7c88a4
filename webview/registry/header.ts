/** The head of the panel: which model it is, what is known of it as a whole, and whether its ledger is whole. */
import type { Verification } from '../../src/protocol/registry';
import { el, fill, type Child } from '../shared/dom';
import { count } from '../shared/format';
import { errorState } from '../shared/notice';
import { button, setDisabled } from '../shared/toolkit';
import { announce } from '../shared/dom';
import { when } from './parts';
import type { Panel } from './panel';

export function createHeader(panel: Panel): HTMLElement {
  const name = el('h1', { class: 'name text' });
  const description = el('span', { class: 'muted text description' });
  const facts = el('p', { class: 'facts' });
  const place = el('div', {});
  const verified = el('div', { class: 'verified', role: 'status' });
  const register = button({ label: 'Register a version\u2026', title: 'From a file, a run\u2019s artifact or an evaluation', onClick: () => add() });
  const verify = button({ label: 'Verify ledger', title: 'Checks every entry of the history: edited, removed or reordered ones are named', onClick: () => check() });

  function add(): void {
    fill(place);
    panel.host.ask('host.register', { model: panel.detail().model.name }).then(({ version }) => {
      if (version === null) return;
      announce(`version ${version} is registered`);
      panel.update({ version, tab: 'candidate' });
      return panel.refresh();
    }).then(undefined, (error: unknown) => fill(place, errorState('No version is registered', error, add)));
  }
  function check(): void {
    fill(place);
    setDisabled(verify, true);
    panel.host.ask('registry.verify', {}).then((found) => fill(verified, ...verdict(found)), (error: unknown) => fill(place, errorState('The ledger can\u2019t be checked', error, check)))
      .finally(() => setDisabled(verify, false));
  }
  function verdict({ ok, entries, chains, faults }: Verification): Child[] {
    const of = `${count(entries, 'entry').replace('entrys', 'entries')} in ${count(chains.length, 'chain')}`;
    const close = button({ label: 'Close', icon: 'close', appearance: 'icon', onClick: () => { fill(verified); verify.focus(); } });
    if (ok) return [el('span', { class: 'outcome pass' }, el('span', { attrs: { 'aria-hidden': 'true' } }, '\u2713'), el('span', {}, `The ledger is whole: ${of}`)), close];
    return [el('div', { class: 'grow' }, el('span', { class: 'outcome fail' }, el('span', { attrs: { 'aria-hidden': 'true' } }, '\u2715'), el('span', {}, `The ledger was changed: ${count(faults.length, 'fault')} in ${of}`)),
      el('ul', { class: 'faults' }, ...faults.slice(0, 50).map((fault) => el('li', {}, `${fault.message}`, el('span', { class: 'muted' }, ` chain ${fault.clone}${fault.line === null ? '' : `, line ${fault.line}`}`))))), close];
  }
  function draw(): void {
    const { model, versions } = panel.detail();
    name.textContent = model.name;
    name.title = model.name;
    description.textContent = model.description;
    description.title = model.description;
    const aliases = Object.entries(model.aliases).map(([alias, version]) => `${alias} \u2192 v${version}`);
    fill(facts, el('span', { class: 'fact' }, count(versions.length, 'version')), versions.length > 0 ? el('span', { class: 'fact' }, 'changed ', when(model.updated)) : null,
      aliases.length > 0 ? el('span', { class: 'fact', title: aliases.join('\n') }, `aliases ${aliases.join(', ')}`) : null);
  }
  panel.onData(draw);
  draw();
  return el('header', { class: 'head' }, el('div', { class: 'head-line' }, name, description, el('span', { class: 'grow' }), el('span', { class: 'inline' }, register, verify)), facts, verified, place);
}
