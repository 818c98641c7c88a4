/** The name under which a found slice is saved; where one of that name is there, whether it is replaced. */
import type { FoundSlice } from '../../src/protocol/evaluation/result';
import { announce, el, fill } from '../shared/dom';
import { errorText, HostError } from '../shared/line';
import { button, textField } from '../shared/toolkit';
import { freeName } from './model/discovery';
import type { Panel } from './panel';

export function saveForm(panel: Panel, slice: FoundSlice, done: { saved(name: string): void; close(): void }): { node: HTMLElement; focus(): void } {
  const place = el('div', { role: 'status' });
  const taken = panel.doc().slices.map((one) => one.name);
  const name = textField({ label: 'Name of the slice', value: freeName(slice.label, taken) });
  const owner = textField({ label: 'Owner', value: '', placeholder: 'owner (optional)' });
  const save = (replace: boolean): void => {
    const wanted = name.get().trim();
    name.setError(wanted === '');
    if (wanted === '') return;
    fill(place);
    panel.host.ask('evaluations.saveSlice', { name: wanted, where: slice.where, replace, ...(owner.get().trim() ? { owner: owner.get().trim() } : {}) }).then(() => {
      announce(`${wanted} is saved`);
      fill(place, el('p', {}, 'In runyard.yaml; from the next evaluation on it is a test. ', button({ label: 'Open it', onClick: () => void panel.host.ask('host.openSlice', { name: wanted }).catch(() => undefined) })));
      done.saved(wanted);
    }, (error: unknown) => {
      const { message, hint } = errorText(error);
      const there = error instanceof HostError && /exist|taken|there/.test(error.code);
      fill(place, el('p', { class: 'wrong-text', role: 'alert' }, [message, hint].filter(Boolean).join(': ')), there || taken.includes(wanted) ? button({ label: `Replace ${wanted}`, onClick: () => save(true) }) : null);
    });
  };
  const node = el('form', { class: 'save-form', attrs: { 'aria-label': 'Save as slice' }, on: { submit: (event) => event.preventDefault() } },
    el('code', { class: 'text', title: slice.where }, slice.where), el('span', { class: 'inline' }, 'name', name.node), owner.node, button({ label: 'Save', appearance: 'primary', onClick: () => save(false) }), button({ label: 'Cancel', onClick: done.close }), place);
  node.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') done.close();
    else if (event.key === 'Enter' && event.target === name.node) save(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { node, focus: () => name.node.focus() };
}
