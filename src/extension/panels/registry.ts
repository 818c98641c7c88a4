/** The registry panel's host: relays what the panel asks, passes on progress and changes, restores it after a reload. One panel is of one model. */
import * as vscode from 'vscode';
import { registryPanelMethods, registryRestorable, registryToHost, type RegistryHostAction, type RegistryPanelMethod, type RegistryShow, type RegistryToPanel } from '../../protocol/registry-panel';
import type { Host } from '../host';
import { connectPanel, panelOptions, tellWhenSeen, union } from './bridge';
import { registryActions } from './registry-actions';
import { panelJobs } from './jobs';

export const viewType = 'runyard.registry';

interface Open { panel: vscode.WebviewPanel; model: string; show(part: RegistryShow): void }
/** All that are open in this window. */
const opened = new Set<Open>();

/** Shows a model: in the panel that has it already, else in a new one. */
export function openRegistry(host: Host, model: string, show: RegistryShow = {}): void {
  const known = [...opened].find((one) => one.model === model);
  if (!known) return attach(host, vscode.window.createWebviewPanel(viewType, titleOf(model), vscode.ViewColumn.Active, panelOptions(host)), model, show);
  known.panel.reveal();
  if (Object.keys(show).length > 0) known.show(show);
}

/** Puts the page back into a panel that the editor restored; one that doesn't know its model is closed. */
export function restoreRegistry(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = registryRestorable.safeParse(state);
  if (!kept.success) return panel.dispose();
  panel.webview.options = panelOptions(host);
  attach(host, panel, kept.data.model);
}

const titleOf = (model: string): string => `Registry: ${model}`;

function attach(host: Host, panel: vscode.WebviewPanel, model: string, first?: RegistryShow): void {
  const send = (message: RegistryToPanel): void => void panel.webview.postMessage(message);
  let next = first;
  const init = (show?: RegistryShow): void => send({ kind: 'init', model, ...(show === undefined || Object.keys(show).length === 0 ? {} : { show }) });
  const own: Open = { panel, model, show: init };
  const actions = registryActions(host);
  const jobs = panelJobs(host, { what: 'a question of the registry', stop: (job) => stop(host, { job }) });
  const answer = (method: RegistryPanelMethod | RegistryHostAction, params: unknown): Promise<unknown> => {
    if (!isPanelMethod(method)) return jobs.during<unknown>(params, () => actions[method](params));
    // The engine parses params by the method's own schema; here they are only passed on.
    return method === 'registry.cancel' ? stop(host, params as { job: string }) : host.engine.request(method, params as never);
  };

  opened.add(own);
  const subscriptions = vscode.Disposable.from(
    connectPanel<RegistryPanelMethod | RegistryHostAction>(host, panel, {
      name: 'registry', title: 'Registry', toHost: registryToHost, answer,
      onReady() {
        init(next);
        next = undefined;
      },
    }),
    tellWhenSeen({
      panel, changes: changesOf(host, model), join: (a, b) => ({ models: a.models.length === 0 || b.models.length === 0 ? [] : union(a.models, b.models) }),
      tell: ({ models }) => send({ kind: 'changed', models }),
    }),
    host.engine.onEvaluating((progress) => { if (panel.visible && jobs.has(progress.job)) send({ kind: 'progress', progress }); }),
    jobs,
    { dispose: () => void opened.delete(own) },
  );
  panel.onDidDispose(() => subscriptions.dispose());
}

/** Of this model, of runyard.yaml's gates, and evaluations, which versions are shown with. */
function changesOf(host: Host, model: string): vscode.Event<{ models: string[] }> {
  return (listener, thisArg?: unknown, disposables?: vscode.Disposable[]) => {
    const tell = (models: string[]): void => void listener.call(thisArg, { models });
    const all = vscode.Disposable.from(
      host.engine.onRegistry((event) => { if (event.models.length === 0 || event.models.includes(model)) tell(event.models); }),
      host.engine.onEvaluated(() => tell([model])),
      host.engine.onChanged((event) => { if (event.config) tell([model]); }),
      host.engine.onState((state) => { if (state === 'ready') tell([]); }),
    );
    disposables?.push(all);
    return all;
  };
}

const isPanelMethod = (method: RegistryPanelMethod | RegistryHostAction): method is RegistryPanelMethod => registryPanelMethods.some((one) => one === method);

/** An evaluation that the panel asked for is no question of the registry's own. */
async function stop(host: Host, params: { job: string }): Promise<{ stopped: boolean }> {
  const [ours, evaluations] = await Promise.all([host.engine.request('registry.cancel', params), host.engine.request('evaluations.cancel', params)]);
  return { stopped: ours.stopped || evaluations.stopped };
}
