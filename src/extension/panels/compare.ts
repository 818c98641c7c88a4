/** The compare panel's host: relays what the panel asks, passes on what changed while it is seen, restores it after a reload. */
import * as vscode from 'vscode';
import { panelMethods, restorable, toHost, type CompareSource, type HostAction, type PanelMethod, type ToPanel } from '../../protocol/compare';
import type { ChangedEvent } from '../../protocol/engine';
import type { Host } from '../host';
import { panelActions } from './actions';
import { connectPanel, panelOptions, tellWhenSeen, union } from './bridge';

export const viewType = 'runyard.compare';

/** Opens a panel of these runs, or of what a search finds. */
export function openCompare(host: Host, source: CompareSource): void {
  const panel = vscode.window.createWebviewPanel(viewType, titleOf(source), vscode.ViewColumn.Active, panelOptions(host));
  attach(host, panel, source);
}

/** Puts the page back into a panel that the editor restored. State that can't be read is an empty comparison, to which runs can be added. */
export function restoreCompare(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = restorable.safeParse(state);
  panel.webview.options = panelOptions(host);
  attach(host, panel, kept.success ? kept.data.source : { runs: [] });
}

const titleOf = ({ runs, experiments }: CompareSource): string =>
  runs ? `Compare ${runs.length} Run${runs.length === 1 ? '' : 's'}` : experiments?.length === 1 ? `Compare ${experiments[0]}` : 'Compare Runs';

function attach(host: Host, panel: vscode.WebviewPanel, source: CompareSource): void {
  const actions = panelActions(host);
  const send = (message: ToPanel): void => void panel.webview.postMessage(message);
  const subscriptions = vscode.Disposable.from(
    connectPanel<PanelMethod | HostAction>(host, panel, {
      name: 'compare', title: 'Compare runs', toHost, onReady: () => send({ kind: 'init', source }),
      // The engine parses params by the method's own schema; here they are only passed on.
      answer: async (method, params) => (isPanelMethod(method) ? host.engine.request(method, params as never) : actions[method](params)),
    }),
    tellWhenSeen({ panel, changes: host.engine.onChanged, join: joined, tell: (event) => send({ kind: 'changed', event }) }),
  );
  panel.onDidDispose(() => subscriptions.dispose());
}

const isPanelMethod = (method: PanelMethod | HostAction): method is PanelMethod => panelMethods.some((one) => one === method);

/** What changed while nobody looked, as one event. */
const joined = (a: ChangedEvent, b: ChangedEvent): ChangedEvent => ({
  runs: union(a.runs, b.runs), experiments: union(a.experiments, b.experiments), metrics: union(a.metrics, b.metrics),
  config: a.config || b.config, structure: a.structure || b.structure,
});
