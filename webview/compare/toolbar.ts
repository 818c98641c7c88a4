/** One line over the table: filter, columns, what is compared with, and the ways out. */
import type { RunRow } from '../../src/protocol/model';
import { announce, debounce, el, fill } from '../shared/dom';
import { columnFormat, count } from '../shared/format';
import { errorText } from '../shared/line';
import { errorState } from '../shared/notice';
import { button, checkbox, textField } from '../shared/toolkit';
import { asNumber, attributes, valueOf } from './model/columns';
import { fileName, toCsv, toMarkdown } from './model/export';
import type { Panel } from './panel';
import { picker } from '../shared/picker';
import { addRuns, cellText, shownColumns } from './table';

/** Rows that a CSV file or a Markdown table takes at most. */
const EXPORTED = 50_000;
const COPIED = 200;

export function createToolbar(panel: Panel): HTMLElement {
  const field = textField({
    label: 'Filter', value: panel.state().filter, placeholder: "Filter: metrics.acc > 0.9 and params.lr = '0.1'",
    onInput: debounce(400, (value: string) => panel.update({ filter: value.trim() })), onCommit: (value) => panel.update({ filter: value.trim() }),
  });
  const problem = el('p', { class: 'filter-error', id: 'filter-error', role: 'alert' });
  field.node.setAttribute('aria-describedby', 'filter-error');
  const total = el('span', { class: 'muted figure', role: 'status' });
  const baseline = el('span', { class: 'chips' });
  const failed = el('div', {});
  const only = checkbox({ label: 'Only what differs', title: 'Hide params that all of these runs share', checked: panel.state().onlyDiffers, onChange: (value) => panel.update({ onlyDiffers: value, columns: null }) });
  const columns = picker({
    label: 'Columns', chosen: () => shownColumns(panel).map((column) => column.key), onChange: (chosen) => panel.update({ columns: chosen }),
    reset: { label: 'Choose for me', run: () => panel.update({ columns: null }) },
    choices: () => [
      ...panel.keys().metrics.map((key) => ({ value: `metrics.${key}`, label: key, group: 'Metrics' })),
      ...panel.keys().params.map((key) => ({ value: `params.${key}`, label: key, group: 'Params' })),
      ...attributes.map(({ name, label }) => ({ value: `attributes.${name}`, label, group: 'Run' })),
      ...panel.keys().tags.map((key) => ({ value: `tags.${key}`, label: key, group: 'Tags' })),
    ],
  });

  const fetchRows = async (limit: number): Promise<RunRow[]> => {
    const { selected } = panel.state();
    return selected.length > 0 ? panel.runs.get(selected) : panel.runs.all(limit);
  };
  const guarded = (what: string, work: () => Promise<void>): void => {
    fill(failed);
    work().then(undefined, (error: unknown) => fill(failed, errorState(what, error, () => guarded(what, work))));
  };
  const title = (): string => panel.state().source.experiments?.join(' ') ?? 'runs';
  const csv = (): void => guarded('The table isn\u2019t saved', async () => {
    const shown = shownColumns(panel);
    const rows = (await fetchRows(EXPORTED)).map((row) => [row.name, row.id, ...shown.map((column) => valueOf(row, column))]);
    const { saved } = await panel.host.ask('host.saveFile', { name: fileName(title(), 'csv'), mime: 'text/csv', text: toCsv(['name', 'id', ...shown.map((column) => column.key)], rows) });
    if (saved) announce(`${count(rows.length, 'run')} saved`);
  });
  const markdown = (): void => guarded('The table isn\u2019t copied', async () => {
    const shown = shownColumns(panel);
    const rows = await fetchRows(COPIED);
    const formats = shown.map((column) => columnFormat(rows.flatMap((row) => asNumber(valueOf(row, column)) ?? [])));
    const cells = rows.map((row) => [row.name, ...shown.map((column, at) => cellText(valueOf(row, column), column, formats[at] ?? String))]);
    await panel.host.ask('host.copy', { text: toMarkdown(['run', ...shown.map((column) => column.label)], cells, [false, ...shown.map((column) => column.numeric)]) });
    announce(`${count(rows.length, 'run')} copied as Markdown`);
    copied.textContent = `copied ${count(rows.length, 'run')}`;
    setTimeout(() => { copied.textContent = ''; }, 3000);
  });
  const copied = el('span', { class: 'muted' });
  const node = el('div', { class: 'toolbar', role: 'toolbar', attrs: { 'aria-label': 'Runs' } },
    el('div', { class: 'filter' }, field.node), columns, only.node, baseline, total, el('span', { class: 'grow' }), copied,
    button({ label: 'Add runs\u2026', onClick: () => addRuns(panel) }), button({ label: 'Copy Markdown', title: 'The table to the clipboard, as Markdown', onClick: markdown }), button({ label: 'Save CSV', title: 'The table as a CSV file', onClick: csv }));

  const chip = (text: string, label: string, clear: () => void): HTMLElement => el('span', { class: 'chip', title: text }, el('span', { class: 'text' }, text), button({ label, icon: 'close', appearance: 'icon', onClick: clear }));
  const draw = (): void => {
    const failure = panel.runs.error();
    const { filter, selected, brushed } = panel.state();
    const wrong = failure !== null && filter !== '' ? errorText(failure) : null;
    field.setError(wrong !== null);
    problem.textContent = wrong ? [wrong.message, wrong.hint].filter(Boolean).join(': ') : '';
    const pinned = panel.baseline();
    const ready = panel.runs.total();
    total.textContent = ready === null ? '' : count(ready, 'run');
    fill(baseline,
      pinned ? chip(`baseline ${pinned.name}`, 'Take the baseline back', () => guarded('The baseline stays', () => panel.pin(null))) : null,
      brushed ? chip('within the brushes', 'Clear the brushes', () => panel.update({ brushed: null, parallel: { ...panel.state().parallel, brushes: {} } })) : null,
      selected.length > 0 ? chip(`${selected.length} selected`, 'Select none', () => panel.update({ selected: [] })) : null);
  };
  panel.runs.onChange(draw);
  panel.onState((changed) => {
    only.set(panel.state().onlyDiffers && panel.state().columns === null);
    if (changed.has('filter') && field.get().trim() !== panel.state().filter) field.set(panel.state().filter);
    draw();
  });
  return el('div', { class: 'top' }, node, problem, failed);
}
