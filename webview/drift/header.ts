/** The head of the panel: what is watched, what it came to last, and what can be done with it. */
import { announce, el, fill, type Child } from '../shared/dom';
import { count, formatTime } from '../shared/format';
import { errorState } from '../shared/notice';
import { button, setDisabled } from '../shared/toolkit';
import { createWork } from '../shared/work';
import { saveCsv, saveMarkdown, titleOf } from './export';
import { isOpen } from './model/alerts';
import { lengthText, longLabel } from './model/windows';
import { act, link, openConfig, outcomeBadge, when } from './parts';
import type { Panel } from './panel';

export interface Header { node: HTMLElement; /** Runs the monitor, or compares anew. */ run(): void; running(): boolean }

export function createHeader(panel: Panel, options: { png(): Promise<{ saved: boolean }> }): Header {
  const name = el('h1', { class: 'name text' });
  const outcome = el('span', { class: 'inline' });
  const facts = el('p', { class: 'facts' });
  const reasons = el('p', { class: 'reasons' });
  const failed = el('div', {});
  const watching = createWork(panel.host, { label: 'Running the monitor', cancel: (job) => panel.host.ask('monitors.cancel', { job }) });
  const comparing = createWork(panel.host, { label: 'Comparing', cancel: (job) => panel.host.ask('drift.cancel', { job }) });
  const again = button({ label: 'Run now', title: 'Looks at the newest whole window', onClick: () => run() });
  const other = button({ label: 'Other\u2026', title: 'Another monitor, or two data sets', onClick: () => act(failed, 'It can\u2019t be opened', () => panel.host.ask('host.openOther', { what: panel.comparison() ? 'comparison' : 'monitor' })) });
  const save = (label: string, title: string, how: () => Promise<{ saved: boolean }>): HTMLElement => button({ label, title, onClick: () => act(failed, 'It isn\u2019t saved', async () => { if ((await how()).saved) announce(`${label} saved`); }) });
  const saves = el('span', { class: 'inline', role: 'group', attrs: { 'aria-label': 'Save' } }, save('PNG', 'The heat map and the pictures under it, as a picture', () => options.png()), save('CSV', 'Every column in every window that is shown', () => saveCsv(panel)), save('Markdown', 'A report for people', () => saveMarkdown(panel)));
  const node = el('header', { class: 'head' }, el('div', { class: 'head-line' }, name, outcome, el('span', { class: 'grow' }), watching.node, comparing.node, el('span', { class: 'inline' }, again, other), saves), facts, reasons, failed);

  function run(): void {
    const [monitor, comparison] = [panel.monitor(), panel.comparison()];
    if (watching.running() || comparing.running()) return;
    fill(failed);
    setDisabled(again, true);
    const done = comparison
      ? comparing.run((job) => panel.host.ask('host.compare', { request: comparison, job })).then((doc) => { if (doc) panel.setDoc(doc); })
      : monitor ? watching.run((job) => panel.host.ask('host.runMonitor', { monitor: monitor.name, job })).then((ran) => {
        const [fault] = ran?.failed ?? [];
        if (fault) fill(failed, errorState(`${fault.monitor} can\u2019t run`, new Error(`${fault.message}${fault.hint ? `: ${fault.hint}` : ''}`), run));
        if (!ran) return undefined;
        const fresh = ran.results.find((one) => one.monitor === monitor.name);
        if (fresh) panel.update({ result: null });
        return panel.refresh();
      }) : Promise.resolve();
    done.then(undefined, (error: unknown) => fill(failed, errorState(comparison ? 'They can\u2019t be compared' : 'The monitor can\u2019t run', error, run))).finally(() => setDisabled(again, false));
  }
  const factsOf = (): Child[] => {
    const [monitor, comparison, windows] = [panel.monitor(), panel.comparison(), panel.windows()];
    if (comparison) return [el('span', { class: 'fact', title: comparison.reference.files.join('\n') }, `reference ${comparison.reference.files.join(', ')}`), el('span', { class: 'fact', title: comparison.current.files.join('\n') }, `current ${comparison.current.files.join(', ')}`)];
    if (!monitor) return [];
    const [model, environment] = (monitor.model ?? '').split('@');
    const open = panel.alerts().filter(isOpen).length;
    const last = windows.at(-1)?.summary;
    return [
      model ? el('span', { class: 'fact' }, link(monitor.model ?? '', 'Open it in the registry', () => act(failed, 'The registry can\u2019t be opened', () => panel.host.ask('host.openRegistry', { model, ...(environment ? { environment } : {}) })))) : null,
      el('span', { class: 'fact' }, `windows of ${lengthText(monitor.window)}${monitor.cadence === 'none' ? '' : `, like with like by ${monitor.cadence}`}`),
      el('span', { class: 'fact' }, monitor.schedule === '' ? 'runs when asked' : monitor.schedule, monitor.next === null ? '' : `, next ${formatTime(monitor.next / 1000).slice(0, 16)}`),
      last ? el('span', { class: 'fact' }, 'ran ', when(last.created)) : null,
      open > 0 ? el('span', { class: 'fact' }, link(count(open, 'open alert'), 'Show the alerts', () => panel.update({ part: 'alerts' }))) : null,
      el('span', { class: 'fact' }, link('runyard.yaml', 'Open runyard.yaml at this monitor', () => openConfig(panel, failed))),
    ];
  };
  const draw = (): void => {
    const [window, newest] = [panel.window(), panel.windows().at(-1)];
    name.textContent = titleOf(panel);
    name.title = titleOf(panel);
    again.textContent = panel.comparison() ? 'Compare again' : 'Run now';
    for (const one of [again, other, saves]) one.hidden = panel.monitor() === null && panel.comparison() === null;
    if (panel.windows().length === 0) saves.hidden = true;
    fill(outcome, ...(window ? [outcomeBadge(window.outcome, window.reasons.join('\n')), el('span', { class: 'muted' }, longLabel(window)), ...(newest && newest.id !== window.id ? [link('newest', 'Back to the newest window', () => panel.update({ result: null }))] : [])] : []));
    fill(facts, ...factsOf());
    const told = window?.outcome === 'pass' ? [] : (window?.reasons ?? []);
    reasons.textContent = told.slice(0, 2).join('; ') + (told.length > 2 ? `; and ${told.length - 2} more` : '');
    reasons.title = told.join('\n');
    reasons.hidden = told.length === 0;
  };
  panel.onData(draw);
  panel.onState((changed) => { if (changed.has('result')) draw(); });
  draw();
  return { node, run, running: () => watching.running() || comparing.running() };
}
