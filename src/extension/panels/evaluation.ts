/** The evaluation panel's host: relays what the panel asks, passes on progress and changes, restores it after a reload. */
import * as vscode from 'vscode';
import {
  evaluationPanelMethods, evaluationRestorable, evaluationToHost, type EvaluationHostAction, type EvaluationPanelMethod, type EvaluationToPanel,
} from '../../protocol/evaluation/panel';
import type { EvaluationDoc } from '../../protocol/evaluation/result';
import type { Host } from '../host';
import { connectPanel, panelOptions, tellWhenSeen, union } from './bridge';
import { evaluationActions } from './evaluation-actions';
import { panelJobs } from './jobs';

export const viewType = 'runyard.evaluation';

type Shown = Pick<EvaluationDoc, 'id' | 'name'>;
type Part = 'discovery';
interface Open { panel: vscode.WebviewPanel; shown: Shown; show(next: Shown, part?: Part): void }
/** All that are open in this window. */
const opened = new Set<Open>();

/** The id of the evaluation whose panel is in front; nothing where none is. */
export const activeEvaluation = (): string | undefined => [...opened].find(({ panel }) => panel.active)?.shown.id;

export interface OpenOptions {
  /** in the panel that shows another evaluation of that name, where there is one */
  reuse?: boolean;
  part?: Part;
}

/** Shows an evaluation: in the panel that has it already, else in a new one. */
export function openEvaluation(host: Host, shown: Shown, { reuse = false, part }: OpenOptions = {}): void {
  const all = [...opened];
  const known = all.find((one) => one.shown.id === shown.id) ?? (reuse ? all.find((one) => one.shown.name === shown.name) : undefined);
  if (known) {
    known.panel.reveal();
    if (known.shown.id !== shown.id || part !== undefined) known.show(shown, part);
    return;
  }
  attach(host, vscode.window.createWebviewPanel(viewType, titleOf(shown), vscode.ViewColumn.Active, panelOptions(host)), shown, part);
}

/** Puts the page back into a panel that the editor restored; one whose evaluation can't be told shows the newest. */
export function restoreEvaluation(host: Host, panel: vscode.WebviewPanel, state: unknown): void {
  const kept = evaluationRestorable.safeParse(state);
  panel.webview.options = panelOptions(host);
  // Its name is not known before the engine is asked; the tab keeps the title that it had.
  attach(host, panel, { id: kept.success ? kept.data.evaluation : '@last', name: '' });
}

const titleOf = ({ name }: Shown): string => `Evaluation: ${name}`;

function attach(host: Host, panel: vscode.WebviewPanel, first: Shown, part?: Part): void {
  const send = (message: EvaluationToPanel): void => void panel.webview.postMessage(message);
  let next = part;
  const own: Open = {
    panel, shown: first,
    show(shown, toOpen) {
      own.shown = shown;
      panel.title = titleOf(shown);
      send({ kind: 'init', evaluation: shown.id, show: toOpen });
    },
  };
  const actions = evaluationActions(host, { shown: () => own.shown, show: (other) => own.show(other), tell: (progress) => send({ kind: 'progress', progress }) });
  const jobs = panelJobs(host, { what: 'a search', stop: (job) => host.engine.request('evaluations.cancel', { job }) });
  const answer = (method: EvaluationPanelMethod | EvaluationHostAction, params: unknown): Promise<unknown> =>
    (isPanelMethod(method) ? jobs.during(params, () => host.engine.request(method, params as never)) : actions[method](params));

  opened.add(own);
  const subscriptions = vscode.Disposable.from(
    connectPanel<EvaluationPanelMethod | EvaluationHostAction>(host, panel, {
      name: 'evaluation', title: 'Evaluation', toHost: evaluationToHost, answer,
      onReady() {
        send({ kind: 'init', evaluation: own.shown.id, show: next });
        next = undefined;
      },
    }),
    tellWhenSeen({
      panel, changes: host.engine.onEvaluated, join: (a, b) => ({ evaluations: union(a.evaluations, b.evaluations) }),
      tell: ({ evaluations }) => send({ kind: 'changed', evaluations }),
    }),
    host.engine.onEvaluating((progress) => { if (panel.visible && jobs.has(progress.job)) send({ kind: 'progress', progress }); }),
    jobs,
    { dispose: () => void opened.delete(own) },
  );
  panel.onDidDispose(() => subscriptions.dispose());
}

const isPanelMethod = (method: EvaluationPanelMethod | EvaluationHostAction): method is EvaluationPanelMethod => evaluationPanelMethods.some((one) => one === method);
