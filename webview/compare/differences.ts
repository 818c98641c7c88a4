/** What differs between two runs: a short table here, the whole in VS Code's own diff editor. */
import type { DiffSubject } from '../../src/protocol/compare';
import type { RunDetail } from '../../src/protocol/model';
import { el, fill } from '../shared/dom';
import { NONE } from '../shared/format';
import { attempt, emptyState, errorState, skeleton } from '../shared/notice';
import { button, dropdown } from '../shared/toolkit';
import { differingLines, type DifferingLine } from './model/differences';
import type { PanelState } from './model/state';
import type { Panel } from './panel';
import { addRuns } from './table';
import type { View } from './tabs';

const titles: Record<DifferingLine['kind'], string> = { param: 'params', code: 'code', data: 'datasets', command: 'command', package: 'packages', machine: 'environment' };
const subjects: readonly { what: DiffSubject; label: string }[] = [
  { what: 'params', label: 'Params' }, { what: 'code', label: 'Code' }, { what: 'environment', label: 'Environment' }, { what: 'datasets', label: 'Datasets' }, { what: 'command', label: 'Command' },
];

export function createDifferencesView(panel: Panel): View {
  let shown = false;
  let asked = 0;
  let before = '';
  const state = (): PanelState['differences'] => panel.state().differences;
  const set = (patch: Partial<PanelState['differences']>): void => panel.update({ differences: { ...state(), ...patch } });
  const left = dropdown({ label: 'Left run', value: '', choices: [], onChange: (value) => set({ left: value }) });
  const right = dropdown({ label: 'Right run', value: '', choices: [], onChange: (value) => set({ right: value }) });
  const swap = button({ label: 'Swap', onClick() { const [a, b] = sides(); set({ left: b ?? '', right: a ?? '' }); } });
  const failed = el('div', {});
  const body = el('div', { class: 'differences-body' });
  const buttons = el('div', { class: 'inline', role: 'group', attrs: { 'aria-label': 'Open in the diff editor' } }, el('span', { class: 'muted' }, 'Open diff:'), ...subjects.map(({ what, label }) => button({ label, title: `${label} of both runs in the diff editor`, onClick: () => open(what) })));
  const controls = el('div', { class: 'controls' }, left.node, swap, right.node, buttons);
  const node = el('div', { class: 'differences' }, controls, failed, body);

  /** Who is compared: as chosen; else the first two selected; else the baseline with the first other run. */
  const sides = (): [string | undefined, string | undefined] => {
    const pool = choices();
    const pinned = panel.baseline()?.id;
    const a = [state().left, pinned, panel.state().selected[0], pool[0]?.id].find((id) => id !== undefined && pool.some((row) => row.id === id));
    const b = [state().right, ...panel.state().selected, ...pool.map((row) => row.id)].find((id) => id !== undefined && id !== a && pool.some((row) => row.id === id));
    return [a, b];
  };
  /** Runs to choose of: those selected, else the first of the table; with the baseline. */
  const choices = () => {
    const ids = panel.state().selected.length > 1 ? panel.state().selected : panel.runs.loaded().map((row) => row.id);
    const all = [...new Set([...ids, state().left, state().right, panel.baseline()?.id ?? ''])].slice(0, 200);
    return all.flatMap((id) => panel.runs.byId(id) ?? []);
  };
  function open(what: DiffSubject): void {
    const [a, b] = sides();
    if (!a || !b) return;
    fill(failed);
    attempt(panel.host.ask('host.openDiff', { left: a, right: b, what }), (error) => fill(failed, errorState('The diff can\u2019t be opened', error, () => open(what))));
  }
  function draw(a: RunDetail, b: RunDetail): void {
    const found = differingLines(a, b);
    if (found.length === 0) return fill(body, emptyState({ title: 'Nothing differs', detail: 'Same params, code, datasets and environment: what differs in the results is the seed\u2019s or the machine\u2019s.' }));
    const sections = [...new Set(found.map((one) => one.kind))];
    const value = (text: string | null): HTMLElement => el('td', { class: text === null ? 'text none' : 'text', title: text ?? 'not there' }, text ?? NONE);
    fill(body, el('table', { class: 'difference-table' },
      el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, 'what'), el('th', { class: 'text', title: a.name, attrs: { scope: 'col' } }, a.name), el('th', { class: 'text', title: b.name, attrs: { scope: 'col' } }, b.name))),
      ...sections.map((section) => el('tbody', {}, el('tr', { class: 'section' }, el('th', { attrs: { colspan: 3, scope: 'rowgroup' } }, titles[section])),
        ...found.filter((one) => one.kind === section).map((one) => el('tr', {}, el('th', { class: 'text', title: one.name, attrs: { scope: 'row' } }, one.name), value(one.left), value(one.right)))))));
  }
  const refresh = (): void => {
    if (!shown) return;
    const [a, b] = sides();
    const names = choices().map((row) => ({ value: row.id, label: `${row.name} (${row.id.slice(0, 6)})` }));
    controls.hidden = !a || !b;
    if (!a || !b) {
      before = '';
      return fill(body, emptyState({ title: 'Two runs are needed', detail: 'Select two in the table, with Space or their boxes.', action: { label: 'Add runs\u2026', run: () => addRuns(panel) } }));
    }
    left.set(a, names);
    right.set(b, names);
    const states = [a, b].map((id) => panel.runs.byId(id)?.state).join();
    if (before === `${a} ${b} ${states}`) return;
    before = `${a} ${b} ${states}`;
    const mine = (asked += 1);
    if (!body.querySelector('table')) fill(body, skeleton(5));
    attempt(Promise.all([panel.host.ask('runs.get', { run: a }), panel.host.ask('runs.get', { run: b })]).then(([one, other]) => { if (mine === asked) draw(one, other); }), (error) => {
      before = '';
      fill(body, errorState('The runs can\u2019t be compared', error, refresh));
    });
  };
  panel.runs.onChange(refresh);
  panel.onState((changed) => { if (changed.has('differences') || changed.has('selected') || changed.has('baseline')) refresh(); });
  return { node, shown() { shown = true; refresh(); }, hidden() { shown = false; } };
}
