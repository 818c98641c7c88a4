/** What the pictures of all runs share: their runs with a few columns, and the choices of columns. */
import type { RunRow } from '../../src/protocol/model';
import { el, fill } from '../shared/dom';
import { count } from '../shared/format';
import { emptyState, errorState, skeleton } from '../shared/notice';
import type { Choice } from '../shared/toolkit';
import { columnOf, differs, valueOf } from './model/columns';
import type { Panel } from './panel';

/** Params and metrics as choices of an axis. */
export function axisChoices(panel: Panel): Choice[] {
  const { params, metrics } = panel.keys();
  return [...metrics.map((key) => ({ value: `metrics.${key}`, label: key })), ...params.map((key) => ({ value: `params.${key}`, label: `${key} (param)` }))];
}

const chance = /^(random[-_]?)?(seed|state)$/i;

/** The params that differ among the loaded runs, those with more values first and the seed last; at most `limit`, as keys. */
export function tellingParams(panel: Panel, limit: number): string[] {
  const rows = panel.runs.loaded();
  const values = (key: string): number => (chance.test(columnOf(key).name) ? 0 : new Set(rows.map((row) => valueOf(row, columnOf(key)))).size);
  return panel.keys().params.map((key) => `params.${key}`).filter((key) => differs(rows, columnOf(key)))
    .map((key) => ({ key, n: values(key) })).sort((a, b) => b.n - a.n).filter((one, at) => one.n > 0 || at === 0).slice(0, limit).map(({ key }) => key);
}

export interface SampleView { node: HTMLElement; note: HTMLElement; /** Asks for the runs with these columns and hands them to `draw`, unless there is nothing to draw. */ load(columns: string[]): void }

/** A place for a picture of all runs, with its skeleton, its errors, and how many runs it shows. */
export function sampleView(panel: Panel, picture: HTMLElement, options: { draw(rows: RunRow[]): void; /** those too that the brushes leave out */ all?: boolean }): SampleView {
  const notice = el('div', { class: 'chart-notice' });
  const note = el('span', { class: 'muted note' });
  let asked = 0;
  let drawn = false;
  const load = (columns: string[]): void => {
    const mine = (asked += 1);
    if (!drawn) fill(notice, skeleton(3));
    panel.runs.sample(columns, options.all).then(({ rows, total }) => {
      if (mine !== asked) return;
      drawn = true;
      picture.hidden = rows.length === 0;
      fill(notice, rows.length === 0 ? emptyState({ title: 'No runs to draw', detail: 'Every run of the table is one mark here.' }) : null);
      note.textContent = rows.length < total ? `the first ${count(rows.length, 'run')} of ${total.toLocaleString('en-US')}, in the table\u2019s order` : count(rows.length, 'run');
      if (rows.length > 0) options.draw(rows);
    }, (error: unknown) => { if (mine === asked) fill(notice, errorState('The runs can\u2019t be drawn', error, () => load(columns))); });
  };
  return { node: el('div', { class: 'picture' }, picture, notice), note, load };
}
