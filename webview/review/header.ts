/** Whose predictions they are, what is known of them so far, and what becomes of it. */
import { announce, el, fill } from '../shared/dom';
import { attempt, errorState } from '../shared/notice';
import { button, setDisabled } from '../shared/toolkit';
import { count as countOf } from '../shared/format';
import { newJob } from '../shared/work';
import { percent } from './model/words';
import type { Panel } from './panel';

export interface Header { node: HTMLElement; exporting(): void }

export function createHeader(panel: Panel, help: () => void): Header {
  const facts = el('span', { class: 'muted figure facts' });
  const place = el('div', { class: 'exported', role: 'status' });
  const save = button({ label: 'Export as an evaluation set\u2026', title: 'Reviewed rows as an evaluation set\u2019s next version', onClick: exporting });
  const name = el('h1', { class: 'name text' });
  const node = el('header', { class: 'head' }, el('div', { class: 'head-line' }, name, facts, el('span', { class: 'grow' }), save, button({ label: 'Keys (?)', onClick: help })), place);
  const draw = (): void => {
    name.textContent = panel.state().model;
    const summary = panel.summary();
    const honest = summary?.honest;
    const parts = summary === null ? [] : [`${summary.labels.toLocaleString('en-US')} ${summary.labels === 1 ? 'label' : 'labels'}`, `${summary.right} right, ${summary.wrong} wrong${summary.unsure > 0 ? `, ${summary.unsure} unsure` : ''}`];
    facts.title = honest ? 'Of rows that nobody chose: the only ones that tell of all rows (95 % interval)' : 'Rows that are asked about because they are odd say nothing of all rows';
    facts.textContent = [...parts, ...(honest ? [`by chance ${percent(honest.right / honest.n)} right (${percent(honest.low)} to ${percent(honest.high)}, ${honest.n} rows)`] : []), ...(panel.state().done > 0 ? [`${panel.state().done} by you here`] : [])].join(' \u00b7 ');
  };
  function exporting(): void {
    fill(place);
    setDisabled(save, true);
    const ask = panel.host.ask('host.export', { model: panel.state().model, job: newJob() }).then((done) => {
      if (done === null) return;
      const left = Object.entries(done.leftOut).filter(([, count]) => count > 0).map(([why, count]) => `${count} ${why}`).join(', ');
      const file = done.file.split(/[/\\]/).at(-1) ?? done.file;
      announce(`${file} is written`);
      fill(place, el('p', {}, `${file}: ${countOf(done.rows, 'row')}, ${done.previous} of before and ${done.added} reviewed${left === '' ? '' : `; left out: ${left}`}.${done.notes.length > 0 ? ` ${done.notes.join('. ')}.` : ''} `,
        button({ label: 'Evaluate on it\u2026', onClick: () => void panel.host.ask('host.evaluate', { file: done.file }).catch(() => undefined) })));
    }).finally(() => setDisabled(save, false));
    attempt(ask, (error) => fill(place, errorState('Nothing is exported', error, exporting)));
  }
  panel.onSummary(draw);
  panel.onState((changed) => { if (changed.has('done')) draw(); });
  draw();
  return { node, exporting };
}
