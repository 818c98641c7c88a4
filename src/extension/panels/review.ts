/** The review panel's host: relays what the panel asks, passes on progress and changes, restores it after a reload. One panel is of one model in one environment. */
import * as vscode from 'vscode';
import { reviewPanelMethods, reviewRestorable, reviewToHost, type ReviewHostAction, type ReviewPanelMethod, type ReviewToPanel } from '../../protocol/review-panel';
import type { Host } from '../host';
import { connectPanel, panelOptions, tellWhenSeen } from './bridge';
import { reviewActions } from './review-actions';
import { panelJobs } from './jobs';

export const viewType = 'runyard.review';

interface Open { panel: vscode.WebviewPanel; model: string }
/** All that are open in this window. */
const opened = new Set<Open>();

/** Shows the queue of NAME@ENVIRONMENT: in the panel that has it already, else in a new one. */
export function openReview(host: Host, model: string): void {
  const known = [...opened].find((one) => one.model === model);
  if (known) return known.panel.reveal();
  attach(host, vscode.window.createWebviewPanel(viewType, `Review: ${model}`, vscode.ViewColumn.Active, panelOptions(host)), model);
}

/** Puts the page back into a panel that the editor restored; one that doesn't know its model is closed. */
export function restoreReview(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = reviewRestorable.safeParse(state);
  if (!kept.success) return panel.dispose();
  panel.webview.options = panelOptions(host);
  attach(host, panel, kept.data.model);
}

function attach(host: Host, panel: vscode.WebviewPanel, model: string): void {
  const send = (message: ReviewToPanel): void => void panel.webview.postMessage(message);
  const own: Open = { panel, model };
  const actions = reviewActions(host);
  const jobs = panelJobs(host, { what: 'a question about reviews', stop: (job) => host.engine.request('monitors.cancel', { job }) });
  opened.add(own);
  const subscriptions = vscode.Disposable.from(
    connectPanel<ReviewPanelMethod | ReviewHostAction>(host, panel, {
      name: 'review', title: 'Review', toHost: reviewToHost,
      // The engine parses params by the method's own schema; here they are only passed on.
      answer: (method, params) => jobs.during<unknown>(params, () => (isPanelMethod(method) ? host.engine.request(method, params as never) : actions[method](params))),
      onReady: () => send({ kind: 'init', model }),
    }),
    tellWhenSeen({ panel, changes: changesOf(host), join: () => null, tell: () => send({ kind: 'changed' }) }),
    host.engine.onEvaluating((progress) => { if (panel.visible && jobs.has(progress.job)) send({ kind: 'progress', progress }); }),
    jobs,
    { dispose: () => void opened.delete(own) },
  );
  panel.onDidDispose(() => subscriptions.dispose());
}

const isPanelMethod = (method: ReviewPanelMethod | ReviewHostAction): method is ReviewPanelMethod => reviewPanelMethods.some((one) => one === method);

/** Of feedback; and an engine that is back may know more. */
function changesOf(host: Host): vscode.Event<null> {
  return (listener, thisArg?: unknown, disposables?: vscode.Disposable[]) => {
    const all = vscode.Disposable.from(
      host.engine.onMonitoring(({ what }) => { if (what.includes('feedback')) listener.call(thisArg, null); }),
      host.engine.onState((state) => { if (state === 'ready') listener.call(thisArg, null); }),
    );
    disposables?.push(all);
    return all;
  };
}
