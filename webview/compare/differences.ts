/** Two runs side by side: what differs in params and environment, and VS Code's own diff for the rest. */
import type { RunDetail } from '../../src/protocol/model';
import { diffSubjects, type DiffSubject } from '../../src/protocol/compare';
import { el, fill, throttle } from '../shared/dom';
import { NONE } from '../shared/format';
import { errorText } from '../shared/host';
import { button, dropdown } from '../shared/toolkit';
import type { TabView } from './groups';
import { differingLines } from './model/differences';
import type { Panel } from './panel';

const titles: Record<DiffSubject, string> = { params: 'Params', environment: 'Environment', datasets: 'Datasets', code: 'Code', command: 'Command' };

export function createDifferences(panel: Panel): TabView {
  const left = dropdown({ label: 'Left run', value: '', choices: [], onChange: (value) => set({ left: value }) });
  const right = dropdown({ label: 'Right run', value: '', choices: [], onChange: (value) => set({ right: value }) });
  const body = el('div', { class: 'differences-body' });
  const failure = el('div', {});
  let shown: { left: string; right: string } | null = null;
  const open = (what: DiffSubject): void => {
    if (!shown) return;
    fill(failure);
    panel.host.ask('host.openDiff', { ...shown, what }).catch(fail);
  };
  const fail = (error: unknown): void => {
    const { message, hint } = errorText(error);
    fill(failure, el('div', { class: 'error', role: 'alert' }, el('p', {}, message, hint ? ` (${hint})` : ''), button({ label: 'Try again', onClick: () => void load() })));
  };
  const node = el('div', { class: 'differences-view' },
    el('div', { class: 'toolbar' }, left.node, el('span', { class: 'muted' }, 'against'), right.node,
      ...diffSubjects.map((what) => button({ label: titles[what], title: `Open the difference in ${titles[what].toLowerCase()} in a diff editor`, onClick: () => open(what) }))),
    failure, body);
  let asked = 0;

  const set = (patch: Partial<{ left: string; right: string }>): void => {
    panel.update({ differences: { ...panel.state().differences, ...patch } });
    void load();
  };

  const load = async (): Promise<void> => {
    const mine = ++asked;
    const { selected, differences } = panel.state();
    const rows = panel.runs.loaded();
    const [first, second] = selected.length >= 2 ? selected : rows.map((row) => row.id);
    const a = differences.left || panel.baseline()?.id || first;
    const b = differences.right || [first, second].find((id) => id !== undefined && id !== a);
    if (a === undefined || b === undefined) {
      shown = null;
      fill(body, el('p', { class: 'empty' }, 'Two runs are needed. Add another one, and what differs between them stands here.'));
      return;
    }
    const choices = rows.map((row) => ({ value: row.id, label: row.name }));
    left.set(a, choices);
    right.set(b, choices);
    shown = { left: a, right: b };
    try {
      const [x, y] = await Promise.all([panel.host.ask('runs.get', { run: a }), panel.host.ask('runs.get', { run: b })]);
      if (mine !== asked) return;
      fill(failure);
      draw(x, y);
    } catch (error) {
      if (mine === asked) fail(error);
    }
  };

  const draw = (x: RunDetail, y: RunDetail): void => {
    const lines = differingLines(x, y);
    if (lines.length === 0) {
      fill(body, el('p', { class: 'empty' }, 'Same params, same environment, same data, same commit. What is left is chance: run more seeds to see how much.'));
      return;
    }
    const head = ['', x.name, y.name].map((text) => el('th', { attrs: { scope: 'col' }, title: text }, text));
    fill(body, el('table', { class: 'plain' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...lines.map((line) =>
      el('tr', {}, el('th', { attrs: { scope: 'row' } }, el('span', { class: 'muted' }, `${line.kind} `), line.name), el('td', { title: line.left ?? '' }, line.left ?? NONE), el('td', { title: line.right ?? '' }, line.right ?? NONE))))));
  };

  const again = throttle(1000, () => { if (node.isConnected && panel.state().tab === 'differences') void load(); });
  panel.onChanged(again);
  panel.onState((changed) => { if (changed.has('selected') || changed.has('baseline') || changed.has('tab')) again(); });
  return { node, show: () => void load() };
}
