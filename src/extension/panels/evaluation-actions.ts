/** What the host does for the evaluation panel: saving, copying, previews, opening files, evaluating again. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import { evaluationHostActions, type EvaluationHostAction, type EvaluationHostResults } from '../../protocol/evaluation/panel';
import type { EvaluationDoc, EvaluationProgress } from '../../protocol/evaluation/result';
import { pickEvaluation } from '../evaluation/history';
import { openEntry } from '../evaluation/place';
import { evaluateInNotification, questionOf } from '../evaluation/run';
import type { Host } from '../host';
import { saveFile } from './files';
import { findInside, previewFile } from './preview';

type Actions = { [A in EvaluationHostAction]: (params: unknown) => Promise<EvaluationHostResults[A]> };
type Shown = Pick<EvaluationDoc, 'id' | 'name'>;
/** The panel's side of it: what it shows, another one for it to show, and how far that is. */
export interface ActionsOptions { shown(): Shown; show(next: Shown): void; tell(progress: EvaluationProgress): void }

/** Params come from a webview: each is parsed before anything is done. */
export function evaluationActions(host: Host, { shown, show, tell }: ActionsOptions): Actions {
  const docs = new Map<string, Promise<EvaluationDoc>>();
  // A page of rows asks for many previews; the evaluation itself never changes.
  const docOf = (evaluation: string): Promise<EvaluationDoc> => {
    const known = docs.get(evaluation);
    if (known) return known;
    const asked = host.engine.request('evaluations.get', { evaluation });
    docs.set(evaluation, asked);
    asked.catch(() => docs.delete(evaluation));
    return asked;
  };
  const rootsOf = async (evaluation: string): Promise<string[]> => {
    const root = host.folder?.uri.fsPath;
    if (root === undefined) return [];
    const { data } = await docOf(evaluation);
    return [...new Set([root, ...data.files.map((file) => path.dirname(path.resolve(root, file)))])];
  };
  const again = async (evaluation: string, fresh: boolean): Promise<string> => {
    const doc = await docOf(evaluation);
    const done = await evaluateInNotification(host, await questionOf(host, doc, fresh), { title: `evaluating ${doc.name} again`, tell });
    // Where it is the kept one, the panel itself says so.
    if (done.evaluation.id !== doc.id || !done.cached) show(done.evaluation);
    return done.evaluation.id;
  };
  return {
    async 'host.saveFile'(params) {
      return { saved: await saveFile(host, evaluationHostActions['host.saveFile'].parse(params)) };
    },
    async 'host.copy'(params) {
      await vscode.env.clipboard.writeText(evaluationHostActions['host.copy'].parse(params).text);
      return {};
    },
    async 'host.preview'(params) {
      const { path: named, evaluation } = evaluationHostActions['host.preview'].parse(params);
      return previewFile(named, await rootsOf(evaluation));
    },
    async 'host.openSlice'(params) {
      await openEntry(host, 'slices', evaluationHostActions['host.openSlice'].parse(params).name);
      return {};
    },
    async 'host.openFile'(params) {
      const { path: named } = evaluationHostActions['host.openFile'].parse(params);
      const found = await findInside(named, await rootsOf(shown().id));
      if (typeof found !== 'string') throw new RunyardError('not_found', `${named} can't be opened: ${found.why}`);
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(found));
      return {};
    },
    async 'host.evaluateAgain'(params) {
      const { evaluation, fresh } = evaluationHostActions['host.evaluateAgain'].parse(params);
      try {
        return { evaluation: await again(evaluation, fresh) };
      } catch (error) {
        if (error instanceof RunyardError && error.code === 'cancelled') return { evaluation: null };
        throw error;
      }
    },
    async 'host.openEvaluation'(params) {
      const { evaluation } = evaluationHostActions['host.openEvaluation'].parse(params);
      const chosen = evaluation === undefined ? await pickEvaluation(host, { title: 'Show Another Evaluation', name: shown().name, current: shown().id }) : await docOf(evaluation);
      if (!chosen) return { evaluation: null };
      show(chosen);
      return { evaluation: chosen.id };
    },
    async 'host.openRun'(params) {
      await vscode.commands.executeCommand('runyard.showDetails', evaluationHostActions['host.openRun'].parse(params).run);
      return {};
    },
  };
}
