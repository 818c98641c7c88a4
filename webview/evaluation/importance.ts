/** Which columns the model leans on: how much the figure drops where a column's values are shuffled. */
import type { Importance } from '../../src/protocol/evaluation/result';
import { el, fill } from '../shared/dom';
import { columnFormat, formatSigned } from '../shared/format';
import { intervalScale } from '../shared/interval-scale';
import { emptyState, errorState } from '../shared/notice';
import type { View } from '../shared/tabs';
import { button, checkbox, setDisabled, textField, type TextField } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { signedBar } from './bars';
import { figureFormat, formatCount } from './model/digits';
import { figureTitle } from './model/figures';
import { sliceSelection } from './model/selection';
import type { Panel } from './panel';

export function createImportanceView(panel: Panel): View {
  let found: { importance: Importance; evaluation: string; of: string } | null = null;
  let sliceOnly = false;
  const body = el('div', { class: 'importance-body', role: 'region', attrs: { 'aria-live': 'polite', 'aria-label': 'Importance of the columns', tabindex: 0 } });
  const work = createWork(panel.host, { label: 'Permutation importance', cancel: (job) => panel.host.ask('evaluations.cancel', { job }) });
  const repeats: TextField = textField({ label: 'Repeats', value: String(panel.state().repeats), onInput(text) {
    const number = Number(text);
    const wrong = !Number.isInteger(number) || number < 1 || number > 1000;
    repeats.setError(wrong);
    if (!wrong) panel.update({ repeats: number });
  } });
  repeats.node.classList.add('short');
  const only = checkbox({ label: 'Only the selected slice', checked: false, onChange: (checked) => { sliceOnly = checked; } });
  const start = button({ label: 'Measure', appearance: 'primary', title: 'Shuffles each column in turn and scores the rows again', onClick: () => measure() });
  const controls = el('div', { class: 'controls' }, el('span', { class: 'inline' }, 'repeats', repeats.node), only.node, start, work.node);

  function measure(): void {
    const { id } = panel.doc();
    const slice = sliceOnly ? panel.state().slice : null;
    setDisabled(start, true);
    fill(body);
    work.run((job) => panel.host.ask('evaluations.importance', { evaluation: id, job, repeats: panel.state().repeats, selection: slice === null ? {} : sliceSelection({ slice, part: panel.state().part }) })).then((answer) => {
      if (answer) found = { importance: answer, evaluation: id, of: slice ?? 'all rows' };
      draw();
    }, (error: unknown) => fill(body, errorState('It can\u2019t be measured', error, measure))).finally(() => setDisabled(start, false));
  }
  function table({ importance, of }: NonNullable<typeof found>): HTMLElement {
    const order = [...importance.columns].sort((a, b) => b.mean - a.mean);
    const scale = intervalScale(order.flatMap(({ mean, std }) => [mean - std, mean + std]), { zero: true });
    const format = columnFormat(order.map(({ mean }) => mean));
    const metric = figureTitle(importance.metric);
    const base = importance.baseline === null ? '' : ` of ${figureFormat([])(importance.baseline)}`;
    return el('div', {}, el('p', { class: 'muted' }, `Drop in ${metric}${base} when a column is shuffled: mean and standard deviation of ${importance.repeats} repeats over ${formatCount(importance.rows)} rows (${of}), seed ${importance.seed}. Columns that say the same share their importance.`),
      el('table', { class: 'importance-table' }, el('thead', {}, el('tr', {}, el('th', { attrs: { scope: 'col' } }, 'column'), el('th', { class: 'bar', attrs: { scope: 'col' } }, `drop in ${metric}`), el('th', { class: 'numeric', attrs: { scope: 'col' } }, 'mean'), el('th', { class: 'numeric', attrs: { scope: 'col' } }, 'std'))),
        el('tbody', {}, ...order.map(({ column, mean, std }) => {
          // Within its own spread of zero it may as well be nothing.
          const faint = Math.abs(mean) <= 2 * std;
          return el('tr', { class: faint ? 'faint' : '' }, el('th', { class: 'text', title: column, attrs: { scope: 'row' } }, column),
            el('td', { class: 'bar' }, signedBar({ value: mean, spread: std, scale, label: `${column}: ${format(mean)}, standard deviation ${format(std)}` })), el('td', { class: 'numeric' }, formatSigned(mean, format)), el('td', { class: 'numeric muted' }, format(std)));
        }))));
  }
  function draw(): void {
    if (work.running()) return;
    if (found && found.evaluation === panel.doc().id) return fill(body, table(found));
    fill(body, emptyState({ title: 'Which columns does the model lean on?', detail: 'Each column is shuffled in turn, so that it says nothing any more, and the rows are scored again. How far the figure drops is how much the model leans on it. Done several times, with its spread.' }));
  }
  panel.onDoc(draw);
  return { node: el('div', { class: 'importance' }, controls, body), shown: draw };
}
