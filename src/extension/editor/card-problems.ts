/** Model cards that are open: figures whose evidence changed stand as problems at their place, with the right ones as a quick fix; so do sections that only a person can write. */
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { CardProblem } from '../../protocol/registry';
import type { Host } from '../host';

/** What binds a figure to its evidence: a Markdown file without it is no card. */
const BOUND = '<!-- ry:';
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
    if (file === undefined || document.isClosed || !text.includes(BOUND) || !(await host.hasStore())) return forget(document.uri);
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
      check(document).catch((error: unknown) => host.log.debug(`the card could not be checked: ${describeError(error)}`));
    }, PAUSE_MS));
  };
  const all = (): void => { for (const document of vscode.workspace.textDocuments) soon(document); };
  all();
  return vscode.Disposable.from(
    marks, vscode.workspace.onDidOpenTextDocument(soon), vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri)), host.registry.onChange(all),
    vscode.languages.registerCodeActionsProvider({ language: 'markdown', scheme: 'file' }, {
      provideCodeActions: (document, range) => fixesOf(document, range, checked.get(document.uri.toString())),
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

const rangeOf = ({ line, column, endLine, endColumn }: CardProblem): vscode.Range => new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);

function markOf(problem: CardProblem): vscode.Diagnostic {
  // What nobody has written yet is a wish, not a fault.
  const severity = problem.kind === 'missing' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
  const mark = new vscode.Diagnostic(rangeOf(problem), problem.section === '' ? problem.message : `${problem.section}: ${problem.message}`, severity);
  mark.source = 'Runyard';
  mark.code = problem.kind;
  return mark;
}

/** The figure at the cursor, and all of them at once. */
function fixesOf(document: vscode.TextDocument, range: vscode.Range, known: Checked | undefined): vscode.CodeAction[] {
  // Places in an older text are no places in this one.
  if (!known || known.version !== document.version) return [];
  const mendable = known.found.filter(({ problem }) => problem.replacement !== null);
  const here = mendable.filter(({ mark }) => mark.range.intersection(range) !== undefined);
  if (here.length === 0) return [];
  const one = here.map((each) => fix('Update to what the evidence says', document, [each]));
  for (const action of one) action.isPreferred = true;
  return mendable.length > here.length ? [...one, fix(`Update all ${mendable.length} that are stale`, document, mendable)] : one;
}

function fix(title: string, document: vscode.TextDocument, found: Checked['found']): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { problem, mark } of found) action.edit.replace(document.uri, mark.range, problem.replacement ?? '');
  action.diagnostics = found.map(({ mark }) => mark);
  return action;
}
