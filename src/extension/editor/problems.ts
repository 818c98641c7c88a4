/** What is wrong in runyard.yaml, marked where it stands. */
import * as vscode from 'vscode';
import { isAbsolute, join } from 'node:path';
import { describeError } from '../../core/base/errors';
import type { FileProblem } from '../../protocol/model';
import type { Host } from '../host';

export function registerProblems(host: Host): vscode.Disposable {
  const marks = vscode.languages.createDiagnosticCollection('runyard');
  const refresh = async (): Promise<void> => {
    if (!vscode.workspace.isTrusted || !host.folder || !(await host.hasStore())) return;
    const root = host.folder.uri.fsPath;
    try {
      const { problems } = await host.engine.request('config.get', {});
      marks.clear();
      for (const file of new Set(problems.map((problem) => problem.file))) {
        const list = problems.filter((problem) => problem.file === file);
        marks.set(vscode.Uri.file(isAbsolute(file) ? file : join(root, file)), list.map(diagnostic));
      }
    } catch (error) {
      host.log.debug(`runyard.yaml could not be checked: ${describeError(error)}`);
    }
  };
  const changes = host.engine.onChanged((event) => { if (event.config) void refresh(); });
  void refresh();
  return vscode.Disposable.from(marks, changes);
}

function diagnostic(problem: FileProblem): vscode.Diagnostic {
  const range = new vscode.Range(problem.line - 1, problem.column - 1, problem.endLine - 1, problem.endColumn - 1);
  const severity = problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const found = new vscode.Diagnostic(range, problem.message, severity);
  found.source = 'Runyard';
  return found;
}
