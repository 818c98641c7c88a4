/** What the host does for the review panel: writing the next version of an evaluation set, and the commands around it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { reviewHostActions, type ReviewHostAction, type ReviewHostResults } from '../../protocol/review-panel';
import { count } from '../base/format';
import { placeOf } from '../forms/evaluation/choices';
import type { Host } from '../host';
import { nextName, previousChoices, type SetChoice } from './review-names';

type Actions = { [A in ReviewHostAction]: (params: unknown) => Promise<ReviewHostResults[A]> };

/** Params come from a webview: each is parsed before anything is done. */
export function reviewActions(host: Host): Actions {
  const command = async (name: string, ...args: unknown[]): Promise<Record<string, never>> => {
    await vscode.commands.executeCommand(name, ...args);
    return {};
  };
  return {
    async 'host.export'(params) {
      const { model, disagreement, job } = reviewHostActions['host.export'].parse(params);
      const previous = await askPrevious(host);
      if (previous === undefined || !host.folder) return null;
      const suggested = vscode.Uri.joinPath(host.folder.uri, nextName(previous.file, model));
      const target = await vscode.window.showSaveDialog({ defaultUri: suggested, title: 'Save the Next Version', filters: { Parquet: ['parquet'] } });
      if (!target) return null;
      return host.engine.request('review.export', {
        job, model, disagreement, file: placeOf(host, target), ...(previous.file === null ? {} : { previous: previous.file }), ...(previous.label === null ? {} : { label: previous.label }),
      });
    },
    'host.serve': (params) => command('runyard.serveModel', { served: reviewHostActions['host.serve'].parse(params).model }),
    'host.importLabels': (params) => command('runyard.importLabels', { served: reviewHostActions['host.importLabels'].parse(params).model }),
    'host.evaluate': (params) => command('runyard.evaluateFile', vscode.Uri.file(path.resolve(host.folder?.uri.fsPath ?? '', reviewHostActions['host.evaluate'].parse(params).file))),
    async 'host.copy'(params) {
      await vscode.env.clipboard.writeText(reviewHostActions['host.copy'].parse(params).text);
      return {};
    },
  };
}

/** The version before, with its label where an evaluation on it says it; `file` null: there is none. Undefined: the person turned away. */
async function askPrevious(host: Host): Promise<{ file: string | null; label: string | null } | undefined> {
  const { evaluations } = await host.evaluations.list();
  const items: (vscode.QuickPickItem & { pick: 'none' | 'file' | SetChoice })[] = [
    ...previousChoices(evaluations).map((pick) => ({ label: `$(table) ${pick.file}`, description: pick.names.join(', '), detail: count(pick.rows, 'row'), pick })),
    { label: '$(folder-opened) Another File...', pick: 'file' as const },
    { label: '$(add) None: Begin a New Set', detail: 'Only the reviewed rows', pick: 'none' as const },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Next Version of an Evaluation Set', placeHolder: 'Whose rows come first, and whose columns are taken' });
  if (!chosen) return undefined;
  if (chosen.pick === 'none') return { file: null, label: null };
  if (chosen.pick !== 'file') return { file: chosen.pick.file, label: (await host.engine.request('evaluations.get', { evaluation: chosen.pick.evaluation })).request.label };
  const [uri] = (await vscode.window.showOpenDialog({ title: 'The Version Before', ...(host.folder && { defaultUri: host.folder.uri }), filters: { Data: ['parquet', 'csv', 'tsv', 'jsonl'] } })) ?? [];
  return uri && { file: placeOf(host, uri), label: null };
}
