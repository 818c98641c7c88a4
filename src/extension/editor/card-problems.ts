/** Model cards that are open: figures whose evidence changed stand as problems at their place, with the right ones as a quick fix; so do sections that only a person can write. */
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { CardProblem } from '../../protocol/registry';
import type { Host } from '../host';
import { fixesAt, rangeOf } from './card-fixes';

/** What says whose card it is: a Markdown file without it is none. */
const CARD = /<!--[ \t]*ry:card[ \t]/;
const PAUSE_MS = 400;
/** What was found of a document, and of which text. */
interface Checked { version: number; found: { problem: CardProblem; mark: vscode.Diagnostic }[] }

export function registerCardProblems(host: Host): vscode.Disposable {
  const marks = vscode.languages.createDiagnosticCollection('runyard.cards');
  const checked = new Map<string, Checked>();
  const timers = new Map<string, NodeJS.Timeout>();

  const forget = (uri: vscode.Uri): void => {
    clearTimeout(timers.get(uri.toString()));
    timers.delete(uri.toString());
    checked.delete(uri.toString());
    marks.delete(uri);
  };
  const check = async (document: vscode.TextDocument): Promise<void> => {
    const file = placeOf(host, document);
    const text = document.getText();
    if (file === undefined || document.isClosed || !CARD.test(text) || !(await host.hasStore())) return forget(document.uri);
    const { version } = document;
    const { problems } = await host.engine.request('registry.checkCard', { file, text });
    if (document.version !== version || document.isClosed) return;
    const found = problems.map((problem) => ({ problem, mark: markOf(problem) }));
    checked.set(document.uri.toString(), { version, found });
    marks.set(document.uri, found.map(({ mark }) => mark));
  };
  const soon = (document: vscode.TextDocument): void => {
    if (placeOf(host, document) === undefined) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => {
      timers.delete(key);
      check(document).catch((error: unknown) => {
        // A card of a version that is gone, say: what was found before holds no more.
        forget(document.uri);
        host.log.debug(`the card could not be checked: ${describeError(error)}`);
      });
    }, PAUSE_MS));
  };
  const all = (): void => { for (const document of vscode.workspace.textDocuments) soon(document); };
  all();
  return vscode.Disposable.from(
    marks, vscode.workspace.onDidOpenTextDocument(soon), vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri)), host.registry.onChange(all),
    vscode.languages.registerCodeActionsProvider({ language: 'markdown', scheme: 'file' }, {
      provideCodeActions: (document, range) => actionsAt(document, range, checked.get(document.uri.toString())),
    }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    { dispose() { for (const timer of timers.values()) clearTimeout(timer); } },
  );
}

/** Relative to the workspace; nothing for what is no Markdown file in it. */
function placeOf({ folder }: Host, { uri, languageId }: vscode.TextDocument): string | undefined {
  if (!folder || uri.scheme !== 'file' || languageId !== 'markdown') return undefined;
  const relative = path.relative(folder.uri.fsPath, uri.fsPath);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.split(path.sep).join('/');
}

function placeIn(problem: CardProblem): vscode.Range {
  const { start, end } = rangeOf(problem);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function markOf(problem: CardProblem): vscode.Diagnostic {
  // What nobody has written yet is a wish, not a fault.
  const severity = problem.kind === 'missing' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
  const mark = new vscode.Diagnostic(placeIn(problem), problem.message, severity);
  mark.source = 'Runyard';
  mark.code = problem.kind;
  return mark;
}

/** The figure at the cursor, and all of them at once. */
function actionsAt(document: vscode.TextDocument, range: vscode.Range, known: Checked | undefined): vscode.CodeAction[] {
  // Places in an older text are no places in this one.
  if (!known || known.version !== document.version) return [];
  return fixesAt(known.found.map(({ problem }) => problem), range).map(({ title, problems }) => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    for (const problem of problems) action.edit.replace(document.uri, placeIn(problem), problem.replacement ?? '');
    action.diagnostics = known.found.filter(({ problem }) => problems.includes(problem)).map(({ mark }) => mark);
    action.isPreferred = problems.length === 1;
    return action;
  });
}
