/** A question after the other, with a way back: quick picks and input boxes that know that they are one of several. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';

/** The person wants the question before this one again. */
export const BACK = Symbol('back');
export type Answer<T> = T | typeof BACK | undefined;

export interface PickStep<T> {
  title: string;
  placeholder: string;
  items: Promise<readonly (vscode.QuickPickItem & { value?: T })[]> | readonly (vscode.QuickPickItem & { value?: T })[];
  back: boolean;
  /** a row that is active at the start */
  active?: (value: T) => boolean;
}

/** One of the rows; nothing where the person turned away. @throws what the rows' promise rejects with */
export function pickStep<T>({ title, placeholder, items, back, active }: PickStep<T>): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { value?: T }>();
  Object.assign(pick, { title, placeholder, matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true, buttons: back ? [vscode.QuickInputButtons.Back] : [] });
  return new Promise<Answer<T>>((resolve, reject) => {
    pick.onDidTriggerButton(() => resolve(BACK));
    pick.onDidHide(() => resolve(undefined));
    pick.onDidAccept(() => {
      // Enter on a row that was made active from here selects nothing.
      const value = (pick.selectedItems[0] ?? pick.activeItems[0])?.value;
      if (value !== undefined) resolve(value);
    });
    pick.busy = true;
    Promise.resolve(items).then((found) => {
      pick.items = found;
      const first = active && found.find((item) => item.value !== undefined && active(item.value));
      if (first) pick.activeItems = [first];
      pick.busy = false;
    }).catch(reject);
    pick.show();
  }).finally(() => pick.dispose());
}

export interface TextStep {
  title: string;
  prompt: string;
  value: string;
  placeholder?: string;
  back?: boolean;
  /** what is wrong, or what is known, of the text as it stands; asked when the typing pauses */
  check?(value: string): Promise<{ wrong?: string; known?: string }> | { wrong?: string; known?: string };
}

const PAUSE_MS = 250;

/** A text; nothing where the person turned away. A wrong one isn't taken. */
export function textStep({ title, prompt, value, placeholder, back, check }: TextStep): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  Object.assign(box, { title, prompt, value, placeholder: placeholder ?? '', ignoreFocusOut: true, buttons: back ? [vscode.QuickInputButtons.Back] : [] });
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  /** True where the text may be taken. */
  const judge = async (): Promise<boolean> => {
    const mine = (asked += 1);
    if (!check) return true;
    box.busy = true;
    const found = await Promise.resolve(check(box.value)).catch((error: unknown) => ({ wrong: describeError(error), known: undefined }));
    // A later keystroke has its own answer.
    if (mine !== asked) return false;
    box.busy = false;
    box.validationMessage = found.wrong !== undefined ? { message: found.wrong, severity: vscode.InputBoxValidationSeverity.Error }
      : found.known !== undefined ? { message: found.known, severity: vscode.InputBoxValidationSeverity.Info } : undefined;
    return found.wrong === undefined;
  };
  return new Promise<Answer<string>>((resolve) => {
    box.onDidTriggerButton(() => resolve(BACK));
    box.onDidHide(() => resolve(undefined));
    box.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void judge(), PAUSE_MS);
    });
    box.onDidAccept(() => {
      clearTimeout(timer);
      void judge().then((fine) => { if (fine) resolve(box.value); });
    });
    box.show();
    if (value !== '') void judge();
  }).finally(() => {
    clearTimeout(timer);
    box.dispose();
  });
}
