/** Open alerts stand in the Problems panel at their check in runyard.yaml, with what can be done about them as quick fixes; they go with the alert. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import { configFile, textOf } from '../evaluation/place';
import { wordsOf } from '../evaluation/marks';
import type { Host } from '../host';
import { scanMonitors } from '../monitoring/lines';
import { columnOf } from '../monitoring/words';
import { fixesOf, marksOf, type AlertMark, type Weight } from './monitor-marks';

const WEIGHTS: Readonly<Record<Weight, vscode.DiagnosticSeverity>> = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, information: vscode.DiagnosticSeverity.Information };
const file: vscode.DocumentFilter = { scheme: 'file', pattern: '**/runyard.{yaml,yml}' };

export function registerMonitorProblems(host: Host): vscode.Disposable {
  const marks = vscode.languages.createDiagnosticCollection('runyard.monitors');
  let shown: { mark: AlertMark; diagnostic: vscode.Diagnostic }[] = [];
  let turn = 0;

  const refresh = async (): Promise<void> => {
    const mine = (turn += 1);
    const { open } = await host.monitoring.overview();
    const uri = open.length === 0 ? undefined : await configFile(host);
    if (uri === undefined) {
      if (mine === turn) forget();
      return;
    }
    const alerts = await Promise.all(open.map(async (row) => ({ row, line: await lineOf(row.id) })));
    // As the file is on disk: opening it as a document would wake every extension that looks at YAML.
    const text = await textOf(uri);
    if (mine !== turn) return;
    const lines = text.split('\n');
    shown = marksOf(alerts, scanMonitors(text), Date.now()).map((mark) => ({ mark, diagnostic: diagnosticOf(mark, lines[mark.line] ?? '') }));
    marks.clear();
    marks.set(uri, shown.map(({ diagnostic }) => diagnostic));
  };
  const forget = (): void => {
    shown = [];
    marks.clear();
  };
  const lineOf = (alert: string): Promise<number | null> => host.monitoring.alert(alert).then(({ line }) => line, () => null);
  const soon = (): void => {
    refresh().catch((error: unknown) => host.log.debug(`alerts could not be marked: ${describeError(error)}`));
  };
  const fixes: vscode.CodeActionProvider = {
    async provideCodeActions(_, range) {
      const here = shown.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined || diagnostic.range.start.line === range.start.line);
      if (here.length === 0) return [];
      const { monitors } = await host.monitoring.overview();
      return here.flatMap(({ mark: { alert }, diagnostic }) => {
        const runbook = (monitors.find(({ name }) => name === alert.monitor)?.runbook ?? '') !== '';
        return fixesOf(alert, { runbook, column: columnOf(alert) }).map(({ title, command, argument }) => {
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.command = { command, title, arguments: [argument] };
          action.diagnostics = [diagnostic];
          return action;
        });
      });
    },
  };
  soon();
  return vscode.Disposable.from(
    marks, host.monitoring.onChange(soon), vscode.workspace.onDidSaveTextDocument(({ uri }) => { if (/\/runyard\.ya?ml$/.test(uri.path)) soon(); }),
    vscode.languages.registerCodeActionsProvider(file, fixes, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
  );
}

function diagnosticOf({ line, weight, message, alert }: AlertMark, words: string): vscode.Diagnostic {
  const [start, end] = wordsOf(words);
  const found = new vscode.Diagnostic(new vscode.Range(line, start, line, end), message, WEIGHTS[weight]);
  found.source = 'Runyard';
  found.code = { value: 'show alert', target: vscode.Uri.parse(`command:runyard.showAlert?${encodeURIComponent(JSON.stringify([{ alert: alert.id }]))}`) };
  return found;
}
