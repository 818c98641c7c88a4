/** Slices that nobody thought of: the search's settings, its progress, and what it found. */
import type { DiscoveryDoc } from '../../src/protocol/evaluation/result';
import { el, fill, type Child } from '../shared/dom';
import { count, formatDuration } from '../shared/format';
import { emptyState, errorState } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, dropdown, setDisabled, textField, type TextField } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { foundTable } from './found-table';
import { formatCount } from './model/digits';
import { lossesOf, modesOf, settingsOf, usualSupport } from './model/discovery';
import type { DiscoverForm } from './model/state';
import type { Panel } from './panel';

export function createDiscoverView(panel: Panel): View {
  let found: DiscoveryDoc | null = null;
  const body = el('div', { class: 'found', role: 'region', attrs: { 'aria-live': 'polite', 'aria-label': 'Found slices', tabindex: 0 } });
  const work = createWork(panel.host, { label: 'Search for slices', cancel: (job) => panel.host.ask('evaluations.cancel', { job }) });
  const form = (): DiscoverForm => panel.state().discover;
  const set = (patch: Partial<DiscoverForm>): void => panel.update({ discover: { ...form(), ...patch } });
  const mode = dropdown({ label: 'What is searched', value: form().mode, choices: [], onChange: (value) => set({ mode: value as DiscoverForm['mode'] }) });
  const loss = dropdown({ label: 'Loss', value: '', choices: [], onChange: (value) => set({ loss: value as DiscoverForm['loss'] }) });
  const depth = dropdown({ label: 'Columns that a slice may combine', value: String(form().depth), choices: ['1', '2', '3', '4'].map((value) => ({ value, label: value })), onChange: (value) => set({ depth: Number(value) }) });
  const whole = (label: string, value: string, most: number, keep: (value: number | null) => void): TextField => {
    const field: TextField = textField({ label, value, onInput(text) {
      const number = text.trim() === '' ? null : Number(text);
      const wrong = number !== null && (!Number.isInteger(number) || number < 1 || number > most);
      field.setError(wrong);
      if (!wrong) keep(number);
    } });
    field.node.classList.add('short');
    return field;
  };
  const top = whole('How many slices', String(form().topK), 1000, (value) => set({ topK: value ?? 10 }));
  const support = whole('Least rows of a slice', form().minSupport === null ? '' : String(form().minSupport), 1e9, (value) => set({ minSupport: value }));
  const start = button({ label: 'Find slices', appearance: 'primary', onClick: () => search() });
  const lossField = el('span', { class: 'inline' }, 'loss', loss.node);
  const controls = el('div', { class: 'controls', role: 'form', attrs: { 'aria-label': 'Search for slices' } },
    el('span', { class: 'inline' }, 'find', mode.node), lossField, el('span', { class: 'inline' }, 'up to', depth.node, 'columns'), el('span', { class: 'inline' }, 'top', top.node), el('span', { class: 'inline' }, 'least rows', support.node), start, work.node);

  function search(): void {
    const { id } = panel.doc();
    setDisabled(start, true);
    fill(body);
    work.run((job) => panel.host.ask('evaluations.discover', { evaluation: id, job, settings: settingsOf(form(), panel.doc()) })).then((answer) => {
      found = answer ?? found;
      draw();
    }, (error: unknown) => fill(body, errorState('The search failed', error, search))).finally(() => setDisabled(start, false));
  }
  const summary = (doc: DiscoveryDoc): Child => el('p', { class: 'muted' }, [
    `${count(doc.slices.length, 'slice')} in ${count(doc.families.length, 'family').replace('familys', 'families')}`,
    doc.rows.checked > 0 ? `searched in ${formatCount(doc.rows.searched)} rows, checked on ${formatCount(doc.rows.checked)} others (Benjamini-Hochberg at ${doc.settings.level})` : `searched in ${formatCount(doc.rows.searched)} rows, checked on none`,
    `mean ${doc.loss.replace('_', '-')} loss ${doc.sliceline.average_error.toPrecision(3)}`, formatDuration(doc.duration),
  ].join(' \u00b7 '), doc.leftOut.length > 0 ? el('span', { title: doc.leftOut.map(({ column, why }) => `${column}: ${why}`).join('\n') }, ` \u00b7 ${count(doc.leftOut.length, 'column')} left out`) : null);

  function draw(): void {
    if (work.running()) return;
    if (!found) {
      return fill(body, emptyState({
        title: 'Which rows does the model get wrong?',
        detail: 'The search goes through every combination of columns and finds the parts of the data with the most loss (SliceLine: exact, none is overlooked). It looks at one half of the rows and checks what it found on the other, so that chance finds are told from real ones. A click saves a found slice, and from then on it is a test.',
      }));
    }
    const shown = found;
    if (shown.slices.length === 0) return fill(body, summary(shown), emptyState({ title: 'Nothing stands out', detail: 'No part of the data with that many rows is worse than the mean. Try fewer rows, more columns at once, or another loss.' }));
    fill(body, summary(shown), foundTable(panel, shown));
  }
  const refresh = (): void => {
    const doc = panel.doc();
    if (found && found.evaluation !== doc.id) found = null;
    const modes = modesOf(doc);
    const losses = lossesOf(doc.task);
    const now = modes.some((one) => one.value === form().mode) ? form().mode : 'loss';
    mode.set(now, modes);
    loss.set(losses.some((one) => one.value === form().loss) ? form().loss : (losses[0]?.value ?? ''), losses);
    lossField.hidden = now !== 'loss';
    support.node.setAttribute('placeholder', String(usualSupport(doc.data.rows)));
    if (!body.querySelector('.save-form')) draw();
  };
  panel.onDoc(refresh);
  panel.onState((changed) => { if (changed.has('discover')) lossField.hidden = form().mode !== 'loss'; });
  return { node: el('div', { class: 'discover' }, controls, body), shown: refresh };
}
