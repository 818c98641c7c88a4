/** A pick among the evaluations that are kept. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { EvaluationSummary } from '../../protocol/evaluation/result';
import type { Host } from '../host';
import { outcomeIcons, summaryDetail, summaryWords } from './words';

export interface HistoryOptions { title: string; /** of this name first; all where none is named */ name?: string | undefined; /** the one that is shown already */ current?: string | undefined }

/** The newest thousand. @throws RunyardError not_found where there is none */
export async function pickEvaluation(host: Host, options: HistoryOptions): Promise<EvaluationSummary | undefined> {
  const items = host.engine.request('evaluations.list', { limit: 1000 }).then(({ evaluations }) => {
    if (evaluations.length === 0) throw new RunyardError('not_found', 'nothing has been evaluated here yet', 'use "Runyard: Evaluate Model…"');
    return historyItems(evaluations, options);
  });
  // A pick over a failed promise shows nothing at all: it is awaited here.
  await items;
  return (await vscode.window.showQuickPick(items, { title: options.title, placeHolder: 'An evaluation', matchOnDescription: true, matchOnDetail: true }))?.one;
}

type Item = vscode.QuickPickItem & { one?: EvaluationSummary };

function historyItems(all: readonly EvaluationSummary[], { name, current }: HistoryOptions): Item[] {
  const now = Date.now();
  const newest = [...all].sort((a, b) => b.created - a.created);
  const item = (one: EvaluationSummary): Item => ({
    label: `$(${outcomeIcons[one.outcome]}) ${one.name}`, description: `${summaryWords(one)}${one.id === current ? ' · shown' : ''}`, detail: summaryDetail(one, now), one,
  });
  const own = newest.filter((one) => one.name === name);
  const others = newest.filter((one) => one.name !== name);
  if (own.length === 0 || others.length === 0) return newest.map(item);
  const line = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [line(own[0]?.name ?? ''), ...own.map(item), line('others'), ...others.map(item)];
}
