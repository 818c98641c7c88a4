/** The drift panel's host: relays what the panel asks, passes on progress and changes, restores it after a reload. One panel is of one monitor or one comparison. */
import * as vscode from 'vscode';
import { driftPanelMethods, driftRestorable, driftToHost, type DriftHostAction, type DriftPanelMethod, type DriftShow, type DriftSource, type DriftToPanel } from '../../protocol/drift-panel';
import type { MonitoringEvents } from '../../protocol/monitoring';
import type { Host } from '../host';
import { connectPanel, panelOptions, tellWhenSeen } from './bridge';
import { driftActions } from './drift-actions';
import { panelJobs } from './jobs';

export const viewType = 'runyard.drift';

interface Open { panel: vscode.WebviewPanel; source: DriftSource; show(source: DriftSource, part: DriftShow): void }
/** All that are open in this window. */
const opened = new Set<Open>();
const same = (a: DriftSource, b: DriftSource): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Shows a monitor or a comparison: in the panel that has it already, in one that has no monitor yet, else in a new one. */
export function openDrift(host: Host, source: DriftSource, show: DriftShow = {}): void {
  const all = [...opened];
  const known = all.find((one) => same(one.source, source)) ?? ('monitor' in source ? all.find((one) => 'none' in one.source) : undefined);
  if (!known) return attach(host, vscode.window.createWebviewPanel(viewType, titleOf(source), vscode.ViewColumn.Active, panelOptions(host)), source, show);
  known.panel.reveal();
  if (!same(known.source, source) || Object.keys(show).length > 0) known.show(source, show);
}

/** Puts the page back into a panel that the editor restored; one that doesn't know what it is of teaches how to begin. */
export function restoreDrift(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = driftRestorable.safeParse(state);
  panel.webview.options = panelOptions(host);
  attach(host, panel, kept.success ? kept.data.source : { none: true });
}

const fileOf = (files: readonly string[]): string => files[0]?.split('/').at(-1) ?? '';
const titleOf = (source: DriftSource): string => ('monitor' in source ? `Drift: ${source.monitor}` : 'comparison' in source ? `Drift: ${fileOf(source.comparison.current.files)}` : 'Drift');

function attach(host: Host, panel: vscode.WebviewPanel, source: DriftSource, first?: DriftShow): void {
  const send = (message: DriftToPanel): void => void panel.webview.postMessage(message);
  let next = first;
  const init = (show: DriftShow = {}): void => send({ kind: 'init', source: own.source, ...(Object.keys(show).length === 0 ? {} : { show }) });
  const own: Open = { panel, source, show(other, part) {
    own.source = other;
    panel.title = titleOf(other);
    init(part);
  } };
  const actions = driftActions(host, { source: () => own.source, opened: (monitor) => own.show({ monitor }, {}) });
  const jobs = panelJobs(host, { what: 'a comparison', stop: (job) => host.engine.request('drift.cancel', { job }) });
  opened.add(own);
  const subscriptions = vscode.Disposable.from(
    connectPanel<DriftPanelMethod | DriftHostAction>(host, panel, {
      name: 'drift', title: 'Drift', toHost: driftToHost,
      // The engine parses params by the method's own schema; here they are only passed on.
      answer: (method, params) => (isPanelMethod(method) ? host.engine.request(method, params as never) : jobs.during<unknown>(params, () => actions[method](params), { outlives: method === 'host.runMonitor' })),
      onReady() {
        init(next);
        next = undefined;
      },
    }),
    tellWhenSeen({ panel, changes: changesOf(host), join: (a, b) => [...new Set([...a, ...b])], tell: (what) => send({ kind: 'changed', what }) }),
    host.engine.onEvaluating((progress) => { if (panel.visible && jobs.has(progress.job)) send({ kind: 'progress', progress }); }),
    jobs,
    { dispose: () => void opened.delete(own) },
  );
  panel.onDidDispose(() => subscriptions.dispose());
}

type What = MonitoringEvents['monitoring']['what'];
/** Of monitoring, of runyard.yaml, and of the registry, whose moves stand on the same axis. */
function changesOf(host: Host): vscode.Event<What> {
  return (listener, thisArg?: unknown, disposables?: vscode.Disposable[]) => {
    const tell = (what: What): void => void listener.call(thisArg, what);
    const all = vscode.Disposable.from(
      host.engine.onMonitoring((event) => tell(event.what)), host.engine.onRegistry(() => tell(['results'])),
      host.engine.onChanged((event) => { if (event.config) tell(['config']); }), host.engine.onState((state) => { if (state === 'ready') tell(['results', 'alerts']); }),
    );
    disposables?.push(all);
    return all;
  };
}

const isPanelMethod = (method: DriftPanelMethod | DriftHostAction): method is DriftPanelMethod => driftPanelMethods.some((one) => one === method);
