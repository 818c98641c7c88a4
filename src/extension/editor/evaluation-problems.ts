/** Slices, pinned examples and whole evaluations that fail stand in the Problems panel at their place, with the way to what is behind them. */
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import { marksOf, wordsOf, type Mark } from '../evaluation/marks';
import { textOf } from '../evaluation/place';
import type { Host } from '../host';

export function registerEvaluationProblems(host: Host): vscode.Disposable {
  const marks = vscode.languages.createDiagnosticCollection('runyard.evaluations');
  const refresh = async (): Promise<void> => {
    const root = host.folder?.uri.fsPath;
    if (root === undefined) return;
    const found = marksOf(await host.evaluations.tests());
    const files = new Map<string, Mark[]>();
    for (const mark of found) files.set(mark.file, [...(files.get(mark.file) ?? []), mark]);
    const lists = await Promise.all([...files].map(async ([file, own]): Promise<[vscode.Uri, vscode.Diagnostic[]]> => {
      const uri = vscode.Uri.file(isAbsolute(file) ? file : join(root, file));
      // As the file is on disk: opening it as a document would wake every extension that looks at YAML.
      const lines = (await textOf(uri)).split('\n');
      return [uri, own.map((mark) => diagnostic(mark, lines))];
    }));
    marks.clear();
    marks.set(lists);
  };
  const changes = host.evaluations.onChange(() => {
    refresh().catch((error: unknown) => host.log.warn(`failing slices could not be marked: ${describeError(error)}`));
  });
  return vscode.Disposable.from(marks, changes);
}

function diagnostic({ line, severity, message, evaluation }: Mark, lines: readonly string[]): vscode.Diagnostic {
  const [start, end] = wordsOf(lines[line - 1] ?? '');
  const range = new vscode.Range(line - 1, start, line - 1, end);
  const found = new vscode.Diagnostic(range, message, severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Information);
  found.source = 'Runyard';
  if (evaluation !== null) {
    const target = vscode.Uri.parse(`command:runyard.openEvaluation?${encodeURIComponent(JSON.stringify([evaluation]))}`);
    found.code = { value: 'open evaluation', target };
  }
  return found;
}
