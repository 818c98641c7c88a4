/** The environments in a row: what is live in each, since when, by whom, what waits, and the way back. */
import type { WaitingRow } from '../../src/protocol/registry';
import { el, fill, type Child } from '../shared/dom';
import { emptyState } from '../shared/notice';
import { button } from '../shared/toolkit';
import { stagesOf, wereLive, type Stage } from './model/pipeline';
import { forcedMark, lasting, link, opener, person } from './parts';
import type { Panel } from './panel';

export function createPipeline(panel: Panel): HTMLElement {
  const list = el('ol', { class: 'stages' });
  const place = el('div', {});
  const node = el('nav', { class: 'pipeline', attrs: { 'aria-label': 'Environments' } }, list, place);

  const look = (version: number, environment: string): void => panel.update({ version, environment, tab: 'candidate' });
  const waits = (row: WaitingRow): Child => el('p', { class: 'waits' }, el('span', { attrs: { 'aria-hidden': 'true' } }, '\u25cb '),
    link(`v${row.version} waits: ${row.have} of ${row.need} approval${row.need === 1 ? '' : 's'}`, 'Look at it, approve or reject it', () => look(row.version, row.environment)));
  const back = (stage: Stage): Child => {
    const target = wereLive(panel.history(), stage.name).find((version) => version !== stage.live?.version);
    return target === undefined ? null : button({ label: 'Roll back\u2026', title: `Back to v${target} or another version that was live in ${stage.name}; shows first what changes`, onClick: () => panel.wantMove({ kind: 'rollback', version: target, environment: stage.name }) });
  };
  const liveLines = (stage: Stage): Child[] => {
    const { live } = stage;
    if (!live || live.version === null) return [el('p', { class: 'muted' }, 'Nothing is live here yet.')];
    const { version } = live;
    return [
      el('p', { class: 'live-line' }, link(el('strong', { class: 'live-version' }, `v${version}`), `Look at version ${version}`, () => panel.update({ version, tab: 'candidate' })), ' live ', live.since === null ? null : lasting(live.since), live.by ? el('span', {}, ' by ', person(live.by)) : null,
        live.forced ? el('span', {}, ' ', forcedMark()) : null),
      live.reason ? el('p', { class: 'muted text', title: live.reason }, live.reason) : null,
      live.whole ? null : el('p', { class: 'wrong-text', title: 'The folder that serves it isn\u2019t what the ledger says; it is put right when Runyard\u2019s engine starts, or by moving it again' }, '\u2715 its folder isn\u2019t what the ledger says'),
    ];
  };
  const card = (stage: Stage): HTMLElement => {
    const chosen = panel.looked().environment === stage.name;
    const others = stage.others.length > 0 ? `from ${stage.others.join(', ')}` : '';
    const way = [others, stage.gates.length > 0 ? `${stage.gates.length} gate${stage.gates.length === 1 ? '' : 's'}` : 'no gates'].filter(Boolean).join(' \u00b7 ');
    return el('li', { class: chosen ? 'stage chosen' : 'stage' },
      el('div', { class: 'stage-head' }, el('h2', { class: 'text', title: stage.name }, link(stage.name, `Look at what may go to ${stage.name}`, () => panel.update({ environment: stage.name, tab: 'candidate' }))), el('span', { class: 'grow' }), back(stage)),
      ...liveLines(stage), ...stage.waiting.map(waits),
      el('p', { class: 'muted way' }, opener({ label: way, title: [`Versions come ${others || 'from the stage before'}`, ...stage.gates].join('\n'), place, what: 'runyard.yaml', open: () => panel.host.ask('host.openConfig', { environment: stage.name }) })));
  };
  const draw = (): void => {
    const { environments } = panel.detail();
    const stages = stagesOf(panel.detail(), panel.history());
    // A redraw must not lose the place of who goes through it by keyboard.
    const focused = [...list.querySelectorAll<HTMLElement>('button, vscode-button')].indexOf(document.activeElement as HTMLElement);
    fill(list, ...stages.flatMap((stage, at) => [
      el('li', { class: stage.arrow ? 'arrow' : 'arrow none', title: stage.arrow ? `${at === 0 ? 'New versions' : stages[at - 1]?.name ?? ''} may go to ${stage.name}` : `Not straight to ${stage.name}`, attrs: { 'aria-hidden': 'true' } }, at === 0 ? el('span', { class: 'muted' }, 'new') : null, el('span', { class: 'shaft' }, stage.arrow ? '\u2192' : '')),
      card(stage),
    ]));
    if (focused >= 0) list.querySelectorAll<HTMLElement>('button, vscode-button')[focused]?.focus();
    fill(place, environments.length > 0 ? null : emptyState({ title: 'No environments', detail: 'runyard.yaml names the places that versions go to, and the gates before each.', action: { label: 'Open runyard.yaml', run: () => void panel.host.ask('host.openConfig', {}).then(undefined, () => undefined) } }));
  };
  panel.onData(draw);
  panel.onState((changed) => { if (changed.has('environment') || changed.has('version')) draw(); });
  draw();
  return node;
}
