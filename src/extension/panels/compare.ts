/** The compare panel's host: relays what the panel asks, passes on what changed while it is seen, restores it after a reload. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import { panelMethods, restorable, toHost, type CompareSource, type HostAction, type PanelMethod, type ToPanel } from '../../protocol/compare';
import type { ChangedEvent } from '../../protocol/engine';
import type { Host } from '../host';
import { panelActions } from './actions';
import { panelPage } from './page';

export const viewType = 'runyard.compare';

/** Opens a panel of these runs, or of what a search finds. */
export function openCompare(host: Host, source: CompareSource): void {
  const panel = vscode.window.createWebviewPanel(viewType, titleOf(source), vscode.ViewColumn.Active, options(host));
  attach(host, panel, source);
}

/** Puts the page back into a panel that the editor restored. State that can't be read is an empty comparison, to which runs can be added. */
export function restoreCompare(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = restorable.safeParse(state);
  panel.webview.options = options(host);
  attach(host, panel, kept.success ? kept.data.source : { runs: [] });
}

const options = (host: Host): vscode.WebviewOptions => ({ enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(host.context.extensionUri, 'dist', 'webview')] });

const titleOf = ({ runs, experiments }: CompareSource): string =>
  runs ? `Compare ${runs.length} Run${runs.length === 1 ? '' : 's'}` : experiments?.length === 1 ? `Compare ${experiments[0]}` : 'Compare Runs';

function attach(host: Host, panel: vscode.WebviewPanel, source: CompareSource): void {
  const actions = panelActions(host);
  const { webview } = panel;
  const send = (message: ToPanel): void => void webview.postMessage(message);
  const held = changesWhileHidden();

  const answer = async (method: PanelMethod | HostAction, params: unknown): Promise<unknown> => {
    if (isPanelMethod(method)) {
      // The engine parses params by the method's own schema; here they are only passed on.
      return host.engine.request(method, params as never);
    }
    return actions[method](params);
  };

  const subscriptions = vscode.Disposable.from(
    webview.onDidReceiveMessage(async (raw: unknown) => {
      const message = toHost.safeParse(raw);
      if (!message.success) {
        host.log.warn(`the compare panel said something unknown: ${message.error.message}`);
        const id = idOf(raw);
        if (id !== undefined) send({ kind: 'reply', id, ok: false, error: { code: 'not-allowed', message: 'the panel may not ask for this', hint: '' } });
        return;
      }
      if (message.data.kind === 'ready') {
        send({ kind: 'init', source });
        return;
      }
      const { id, method, params } = message.data;
      try {
        send({ kind: 'reply', id, ok: true, result: await answer(method, params) });
      } catch (error) {
        const known = error instanceof RunyardError ? { code: error.code, message: error.message, hint: error.hint } : { code: 'internal', message: describeError(error), hint: '' };
        send({ kind: 'reply', id, ok: false, error: known });
      }
    }),
    host.engine.onChanged((event) => { if (panel.visible) send({ kind: 'changed', event }); else held.add(event); }),
    panel.onDidChangeViewState(() => {
      const event = panel.visible ? held.take() : undefined;
      if (event) send({ kind: 'changed', event });
    }),
  );
  panel.onDidDispose(() => subscriptions.dispose());
  panel.iconPath = vscode.Uri.joinPath(host.context.extensionUri, 'media', 'runyard.svg');
  webview.html = panelPage(webview, host.context.extensionUri, 'compare', 'Compare runs');
}

/** Who asked what isn't in the contract still gets an answer. */
function idOf(raw: unknown): number | undefined {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'number' && Number.isInteger(id) ? id : undefined;
}

const isPanelMethod = (method: PanelMethod | HostAction): method is PanelMethod => panelMethods.some((one) => one === method);

/** What changed while nobody looked, as one event. */
function changesWhileHidden(): { add(event: ChangedEvent): void; take(): ChangedEvent | undefined } {
  let kept: ChangedEvent | undefined;
  const join = (a: string[], b: string[]): string[] => [...new Set([...a, ...b])];
  return {
    add(event) {
      kept = kept === undefined ? event : {
        runs: join(kept.runs, event.runs), experiments: join(kept.experiments, event.experiments), metrics: join(kept.metrics, event.metrics),
        config: kept.config || event.config, structure: kept.structure || event.structure,
      };
    },
    take() {
      const event = kept;
      kept = undefined;
      return event;
    },
  };
}
