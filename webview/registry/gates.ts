/** The gates of the edge one by one: what each came to, why, what would mend it, and the evidence on request. */
import type { Approval, GateResult } from '../../src/protocol/registry';
import { el, fill, type Child } from '../shared/dom';
import { emptyState, errorState } from '../shared/notice';
import { button, setDisabled } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { outcomeBadge } from '../evaluation/header';
import { evidenceTable } from './evidence';
import { gatesText, inOrder, lastGates, ofReport, outdated, type ShownGates } from './model/gates';
import { fullName } from './model/words';
import { opener, when } from './parts';
import type { Panel } from './panel';

export function createGates(panel: Panel): { node: HTMLElement } {
  const summary = el('div', { class: 'gates-summary', role: 'status' });
  const list = el('ul', { class: 'gates', attrs: { 'aria-label': 'Gates' } });
  const place = el('div', {});
  const work = createWork(panel.host, { label: 'Asking the gates', title: 'Stop it; nothing changes', cancel: (job) => panel.host.ask('registry.cancel', { job }) });
  const ask = button({ label: 'Ask the gates', title: 'Evaluates where no evidence is kept; changes nothing that is live', onClick: () => run(false) });
  const fresh = button({ label: 'Afresh', title: 'Computes all evidence again, even where it is kept', onClick: () => run(true) });
  const rules = opener({ label: 'Edit', title: 'The gates of this environment in runyard.yaml', place, what: 'runyard.yaml', open: () => panel.host.ask('host.openConfig', { ...(panel.looked().environment === null ? {} : { environment: panel.looked().environment ?? '' }) }) });
  let said: readonly Approval[] = [];
  const node = el('section', { class: 'part', attrs: { 'aria-label': 'Gates' } }, el('div', { class: 'part-head' }, el('h2', {}, 'Gates'), rules, el('span', { class: 'grow' }), ask, fresh), work.node, summary, list, place);

  function run(again: boolean): void {
    const { version, environment } = panel.looked();
    if (version === null || environment === null || work.running()) return;
    fill(place);
    for (const one of [ask, fresh]) setDisabled(one, true);
    work.run((job) => panel.host.ask('host.gate', { model: panel.detail().model.name, version, to: environment, job, fresh: again }))
      .then((report) => { if (report) panel.keep(report); }, (error: unknown) => fill(place, errorState('The gates can\u2019t be asked', error, () => run(again))))
      .finally(() => { for (const one of [ask, fresh]) setDisabled(one, false); });
  }
  const shown = (): ShownGates | null => {
    const { version, environment } = panel.looked();
    if (version === null || environment === null) return null;
    const report = panel.report(version, environment);
    const kept = lastGates(panel.history(), version, environment);
    if (!report) return kept;
    // Another window may have asked them since.
    return kept && kept.t > report.t + 1000 ? kept : ofReport(report);
  };
  const gate = (one: GateResult): HTMLElement => {
    const line: Child[] = [outcomeBadge(one.outcome), el('span', { class: 'gate-name' }, one.name), one.outcome !== 'pass' && !one.blocks ? el('span', { class: 'muted' }, 'lets it pass') : null];
    const words = [el('span', { class: 'gate-reason' }, one.reason), one.hint ? el('span', { class: 'muted gate-hint' }, one.hint) : null];
    const kind = `gate ${one.blocks ? 'blocks' : ''} ${one.outcome === 'fail' ? 'fail' : one.outcome === 'pass' ? 'pass' : 'calm'}`;
    if (one.evidence.length === 0) return el('li', { class: kind }, el('p', { class: 'gate-line' }, ...line), ...words);
    const body = el('div', { class: 'evidence' });
    const details = el('details', {}, el('summary', { title: 'Show or hide the evidence' }, el('span', { class: 'gate-line' }, ...line), ...words), body);
    const drawBody = (): void => { if (body.childElementCount === 0) fill(body, evidenceTable(panel, one.evidence)); };
    details.open = panel.state().openGates.includes(one.name);
    if (details.open) drawBody();
    details.addEventListener('toggle', () => {
      if (details.open) drawBody();
      const others = panel.state().openGates.filter((name) => name !== one.name);
      if (details.open !== panel.state().openGates.includes(one.name)) panel.update({ openGates: details.open ? [...others, one.name] : others });
    });
    return el('li', { class: kind }, details);
  };
  const draw = (): void => {
    const { version, environment } = panel.looked();
    const found = shown();
    ask.textContent = found ? 'Ask again' : 'Ask the gates';
    fresh.hidden = found === null;
    if (!found) {
      const gates = panel.detail().environments.find((one) => one.name === environment)?.gates ?? [];
      fill(summary);
      fill(list);
      if (version === null) return;
      fill(summary, emptyState({ title: 'Not asked yet', detail: gates.length === 0 ? `Nothing is asked of a version that goes to ${environment ?? 'it'}: runyard.yaml names no gates.` : `Before ${environment ?? 'it'}: ${gates.join(', ')}. Each says pass, fail or cannot tell, with its evidence.` }));
      return;
    }
    const old = version === null ? '' : outdated(found, { version, live: panel.live(), approvals: said });
    fill(summary, outcomeBadge(found.outcome), el('strong', {}, gatesText(found.gates)), el('span', { class: 'muted' }, 'asked ', when(found.t), found.by ? el('span', { title: fullName(found.by) }, ` by ${found.by.name}`) : null, found.by ? '; ask again to see the evidence' : ''),
      old ? el('span', { class: 'old' }, `may not hold: ${old}`) : null);
    fill(list, ...inOrder(found.gates).map(gate));
  };
  /** What people said since makes what the gates said old. */
  const read = (): void => {
    said = [];
    draw();
    const { version, environment } = panel.looked();
    if (version === null) return;
    panel.version(version).then(({ approvals }) => {
      if (panel.looked().version !== version) return;
      said = approvals.filter((one) => one.environment === environment);
      if (said.length > 0) draw();
    }, () => undefined); // the list of approvals asks the same, and says what went wrong
  };
  panel.onData(read);
  panel.onReport(draw);
  panel.onState((changed) => { if (changed.has('version') || changed.has('environment')) { fill(place); read(); } });
  read();
  return { node };
}
