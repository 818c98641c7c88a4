/** The candidate against what is live: figures, slices, gates with their evidence, approvals, and the way on. */
import { el, fill } from '../shared/dom';
import type { View } from '../shared/tabs';
import { button, dropdown, setDisabled } from '../shared/toolkit';
import { createApprovals } from './approvals';
import { createComparison } from './comparison';
import { createGates } from './gates';
import { choices, liveIn } from './model/pipeline';
import { when } from './parts';
import type { Panel } from './panel';

/** Versions in the list; older ones are chosen in the table. */
const LISTED = 100;

export function createCandidateView(panel: Panel): View {
  const version = dropdown({ label: 'Candidate', value: '', choices: [], onChange: (value) => panel.update({ version: Number(value) }) });
  const environment = dropdown({ label: 'Environment that it would go to', value: '', choices: [], onChange: (value) => panel.update({ environment: value }) });
  const against = el('span', { class: 'muted text' });
  const promote = button({ label: 'Promote\u2026', appearance: 'primary', title: 'Shows first what changes', onClick() {
    const { version: candidate, environment: to } = panel.looked();
    if (candidate !== null && to !== null) panel.wantMove({ kind: 'promote', version: candidate, environment: to });
  } });
  const diff = button({ label: 'Compare facts', title: 'Files, code, data and environment of both versions, in the diff editor', onClick: () => compare() });
  const failed = el('div', {});
  const comparison = createComparison(panel);
  const gates = createGates(panel);
  const approvals = createApprovals(panel);
  const controls = el('div', { class: 'controls' }, el('label', { class: 'inline' }, 'candidate', version.node), el('label', { class: 'inline' }, 'for', environment.node), against, el('span', { class: 'grow' }), diff, promote);
  const node = el('div', { class: 'candidate' }, controls, failed, el('div', { class: 'candidate-body' }, comparison.node, el('div', { class: 'judged' }, gates.node, approvals.node)));

  function compare(): void {
    const { version: candidate } = panel.looked();
    const live = panel.live();
    if (candidate === null || live === null) return;
    fill(failed);
    panel.host.ask('host.openDiff', { model: panel.detail().model.name, left: live, right: candidate }).then(undefined, (error: unknown) => fill(failed, el('p', { class: 'notice error', role: 'alert' }, error instanceof Error ? error.message : String(error))));
  }
  const draw = (): void => {
    const detail = panel.detail();
    const { version: candidate, environment: to } = panel.looked();
    const live = liveIn(detail, to);
    const label = (one: number): string => {
      const at = detail.versions.find((row) => row.version === one)?.live ?? [];
      return `v${one}${at.length > 0 ? ` (${at.join(', ')})` : ''}`;
    };
    version.set(candidate === null ? '' : String(candidate), choices(detail, LISTED, [candidate]).map((one) => ({ value: String(one), label: label(one) })));
    environment.set(to ?? '', detail.environments.map(({ name }) => ({ value: name, label: name })));
    const row = detail.model.live.find((one) => one.environment === to);
    if (live === null) fill(against, 'nothing is live there: there is nothing that it could be worse than');
    else if (live === candidate) fill(against, 'it is live there', row?.since == null ? '' : ' since ', row?.since == null ? null : when(row.since));
    else fill(against, `against v${live}`, row?.since == null ? '' : ', live since ', row?.since == null ? null : when(row.since));
    setDisabled(promote, candidate === null || to === null || candidate === live);
    setDisabled(diff, candidate === null || live === null || candidate === live);
  };
  panel.onData(draw);
  panel.onState((changed) => { if (changed.has('version') || changed.has('environment')) draw(); });
  draw();
  return { node, shown: () => comparison.shown() };
}
