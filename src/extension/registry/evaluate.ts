/** A version put to data: by what runyard.yaml names, else as it was asked before, else by the form. */
import * as vscode from 'vscode';
import { saveFirst } from '../commands/launch';
import { emptyDraft, requestOf } from '../forms/evaluation/draft';
import { evaluationForm } from '../forms/evaluation/form';
import type { Host } from '../host';
import { chosenInterpreter } from '../python';

export interface EvaluateVersion { model: string; version: number; /** against what is live there */ environment?: string | undefined; job: string }

/** The evaluation's id; nothing where the person turned away. @throws RunyardError */
export async function evaluateVersion(host: Host, { model, version, environment, job }: EvaluateVersion): Promise<string | undefined> {
  const detail = await host.registry.model(model);
  const live = environment === undefined ? undefined : detail.model.live.find((one) => one.environment === environment)?.version;
  const models = { model: { registered: `${model}/${version}` }, ...(live == null || live === version ? {} : { baseline: { registered: `${model}/${live}` } }) };
  const asked = await questionFor(host, model, version, models);
  if (!asked) return undefined;
  await saveFirst();
  const python = host.folder === undefined ? undefined : await chosenInterpreter(host.folder.uri, host.log);
  const { evaluation } = await host.engine.request('evaluations.run', { job, ...asked, ...(python === undefined ? {} : { python }) });
  return evaluation.id;
}

interface Question { configured?: string; request: Record<string, unknown> }

async function questionFor(host: Host, model: string, version: number, models: Record<string, unknown>): Promise<Question | undefined> {
  const { configured } = await host.evaluations.list();
  const named = configured.includes(model) ? model : configured.length === 1 ? configured[0] : undefined;
  if (named !== undefined) return { configured: named, request: models };
  if (configured.length > 1) {
    const chosen = await vscode.window.showQuickPick([...configured], { title: `Evaluate ${model} ${version}`, placeHolder: 'An evaluation of runyard.yaml' });
    return chosen === undefined ? undefined : { configured: chosen, request: models };
  }
  const { evaluations } = await host.engine.request('registry.version', { model, version });
  const before = [...evaluations].sort((a, b) => b.created - a.created)[0];
  if (before) {
    const { request } = await host.engine.request('evaluations.get', { evaluation: before.id });
    return { request: { ...request, ...models } };
  }
  const filled = await evaluationForm(host, emptyDraft(models));
  if (!filled) return undefined;
  if ('configured' in filled) return { configured: filled.configured, request: models };
  return { request: { ...requestOf(filled.draft) } };
}
