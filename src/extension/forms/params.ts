/** The form in which params are edited before a run: a quick pick with a row for each, where "lr=0.05" can be typed at once. */
import * as vscode from 'vscode';
import { formRows, readAssignment, type FormRow, type FormState } from './rows';

export interface FormOptions {
  title: string;
  state: FormState;
  /** Shown under the Run row: what would be started. */
  preview?(state: FormState): Promise<string>;
  /** Text of the first row. */
  action?: string;
}

type Item = vscode.QuickPickItem & { row?: FormRow };

/** The edited state once the person chose to run, or nothing. */
export async function editParams(options: FormOptions): Promise<FormState | undefined> {
  let state = options.state;
  let active: string | undefined;
  for (;;) {
    const chosen = await showRows(options, state, active);
    if (chosen === undefined) return undefined;
    if (chosen.kind === 'run') return state;
    // After a typed param the Run row is next, so that Enter runs.
    active = chosen.kind === 'set' ? undefined : chosen.key;
    state = await edited(state, chosen);
  }
}

async function showRows(options: FormOptions, state: FormState, active: string | undefined): Promise<FormRow | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = options.title;
  pick.placeholder = 'Choose a param to change it, or type lr=0.05; the first row runs';
  pick.matchOnDescription = true;
  const preview = await options.preview?.(state).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const items = (typed: string): Item[] => {
    const set = readAssignment(typed);
    const head: Item[] = set ? [{ label: `$(edit) Set ${set.key} to ${set.value || '(empty)'}`, alwaysShow: true, row: { kind: 'set', ...set } }] : [];
    return [...head, ...formRows(state, { action: options.action ?? 'Run', preview: preview ?? '' }).map((row): Item => {
      if (row.kind === 'separator') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
      return { label: row.label, description: row.description, ...(row.detail ? { detail: row.detail } : {}), row };
    })];
  };
  pick.items = items('');
  const again = pick.items.find((item) => item.row?.key !== undefined && item.row.key === active);
  if (again) pick.activeItems = [again];
  return new Promise((resolve) => {
    pick.onDidChangeValue((value) => {
      if (readAssignment(value) || pick.items[0]?.row?.kind === 'set') pick.items = items(value);
    });
    pick.onDidAccept(() => {
      resolve(pick.activeItems[0]?.row);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** The state after the person answered the question that a row asks; the same one where they turned away. */
async function edited(state: FormState, row: FormRow): Promise<FormState> {
  if (row.kind === 'set') return { ...state, params: { ...state.params, [row.key]: row.value } };
  if (row.kind === 'add') {
    const typed = await vscode.window.showInputBox({
      title: 'Add a Param', prompt: 'name=value', ignoreFocusOut: true,
      validateInput: (value) => (value === '' || readAssignment(value) ? undefined : 'a name, an equals sign and a value, such as lr=0.05'),
    });
    const set = typed === undefined ? undefined : readAssignment(typed);
    return set ? { ...state, params: { ...state.params, [set.key]: set.value } } : state;
  }
  if (row.kind === 'seeds') {
    const typed = await vscode.window.showInputBox({
      title: 'How many seeds?', value: String(state.seeds), prompt: 'That many runs which differ in the seed only', ignoreFocusOut: true,
      validateInput: (value) => (/^[1-9]\d{0,2}$/.test(value) ? undefined : 'a whole number from 1 to 999'),
    });
    return typed === undefined ? state : { ...state, seeds: Number(typed) };
  }
  if (row.kind === 'text') {
    const value = await vscode.window.showInputBox({
      title: row.label, value: state.texts[row.key] ?? '', ignoreFocusOut: true,
      validateInput: (typed) => (typed.trim() === '' ? 'this can’t be empty' : undefined),
    });
    return value === undefined ? state : { ...state, texts: { ...state.texts, [row.key]: value.trim() } };
  }
  if (row.kind !== 'param') return state;
  const before = state.params[row.key] ?? '';
  const value = await vscode.window.showInputBox({
    title: row.key, value: before, valueSelection: [0, before.length], ignoreFocusOut: true,
    prompt: state.original[row.key] === undefined ? 'A new param' : `It was ${state.original[row.key]}`,
  });
  return value === undefined ? state : { ...state, params: { ...state.params, [row.key]: value } };
}
