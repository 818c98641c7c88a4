/** What a plan says, as people read it before they confirm. */
import type { Plan } from '../../src/protocol/registry';
import { el, type Child } from '../shared/dom';
import { count } from '../shared/format';
import { formatCount } from '../evaluation/model/digits';
import { figureTitle } from '../evaluation/model/figures';
import { gatesText, lastGates, ofReport, outdated } from './model/gates';
import { changeText, largest, metricText } from './model/plan';
import { formatSize, time } from './model/words';
import { opener } from './parts';
import type { Panel } from './panel';

/** Slices that are named; the rest is counted. */
const SLICES = 6;

interface PlanOptions { place: HTMLElement; open(path: string): Promise<unknown> }

const row = (name: string, ...what: Child[]): HTMLElement => el('div', { class: 'plan-row' }, el('dt', {}, name), el('dd', {}, ...what));

function slices({ changes }: Plan): Child {
  const shown = largest(changes, SLICES);
  if (shown.length === 0) return null;
  const rest = changes.length - shown.length;
  return row('slices', el('ul', { class: 'plan-slices' }, ...shown.map(({ slice, from, to, n, metric }) =>
    el('li', { title: `${figureTitle(metric)} of ${slice}, ${formatCount(n)} rows` }, el('span', { class: 'text' }, slice), el('span', { class: 'figure' }, changeText(from, to)), el('span', { class: 'muted figure' }, `${formatCount(n)} rows`)))),
  rest > 0 ? el('span', { class: 'muted' }, `and ${count(rest, 'slice')} that change less`) : null);
}

/** From what to what, in which figure and slices, which hooks run, where the files go. */
export function planBody(plan: Plan, { place, open }: PlanOptions): HTMLElement {
  const metric = metricText(plan);
  const size = plan.files.reduce((sum, file) => sum + file.size, 0);
  const names = plan.files.map((file) => `${file.path}  ${formatSize(file.size)}  ${file.digest.slice(0, 12)}`).join('\n');
  return el('dl', { class: 'plan' },
    row('live now', plan.from === null ? 'nothing' : `v${plan.from}${plan.since === null ? '' : `, since ${time(plan.since)}`}`),
    row('figure', metric ?? el('span', { class: 'muted' }, 'not known: no evaluation of both is kept')),
    slices(plan),
    row('files', el('span', { title: names }, `${plan.files.length === 1 ? (plan.files[0]?.path ?? '') : count(plan.files.length, 'file')}, ${formatSize(size)}, to `), opener({ label: el('code', {}, plan.folder), title: 'The folder that is swapped by one rename', place, what: plan.folder, open: () => open(plan.folder) })),
    row('hooks', plan.hooks.length === 0 ? el('span', { class: 'muted' }, 'none') : el('ol', { class: 'plan-hooks' }, ...plan.hooks.map((hook) => el('li', {}, hook)))),
  );
}

/** What is known of the gates before they are asked once more within the move. */
export function gatesLine(panel: Panel, plan: Plan): HTMLElement {
  const report = panel.report(plan.to, plan.environment);
  const known = report ? ofReport(report) : lastGates(panel.history(), plan.to, plan.environment);
  const old = known ? outdated(known, { version: plan.to, live: plan.from, approvals: [] }) : '';
  return el('p', { class: 'muted' }, known ? `Gates, as asked ${time(known.t)}: ${gatesText(known.gates).toLowerCase()}${old ? ` (${old})` : ''}. ` : '', 'Every gate is asked before the pointer moves; where one stops it nothing changes.');
}
