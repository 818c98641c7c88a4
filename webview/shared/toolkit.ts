/**
 * The only importer of @vscode/webview-ui-toolkit: what a panel needs of it, as functions that give plain elements.
 * The toolkit is archived upstream; replacing it is replacing this file. Has to be loaded before the window's load event,
 * or its components keep their dark fall-back colours.
 */
import {
  provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { append, icon, type IconName } from './dom';

/** Registers the components on this page. */
export function loadToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());
}

export interface ButtonOptions {
  label: string;
  appearance?: 'primary' | 'secondary' | 'icon';
  icon?: IconName;
  title?: string;
  /** a toggle: shown and said as pressed or not */
  pressed?: boolean;
  disabled?: boolean;
  onClick(): void;
}

/** A button; with the appearance 'icon' its label is its accessible name only when it has an icon, else its text. */
export function button(options: ButtonOptions): HTMLElement {
  const node = document.createElement('vscode-button');
  node.setAttribute('appearance', options.appearance ?? 'secondary');
  if (options.icon) {
    append(node, icon(options.icon));
    node.setAttribute('aria-label', options.label);
  } else append(node, options.label);
  const title = options.title ?? (options.icon ? options.label : '');
  if (title) node.title = title;
  if (options.pressed !== undefined) setPressed(node, options.pressed);
  setDisabled(node, options.disabled ?? false);
  node.addEventListener('click', () => {
    if (!node.hasAttribute('disabled')) options.onClick();
  });
  return node;
}

export function setPressed(node: HTMLElement, pressed: boolean): void {
  node.setAttribute('aria-pressed', String(pressed));
  node.classList.toggle('pressed', pressed);
}

export function setDisabled(node: HTMLElement, disabled: boolean): void {
  node.toggleAttribute('disabled', disabled);
}

export interface Choice { value: string; label: string }
export interface DropdownOptions { label: string; value: string; choices: readonly Choice[]; onChange(value: string): void }
export interface Dropdown { node: HTMLElement; set(value: string, choices?: readonly Choice[]): void }

interface ValueElement extends HTMLElement { value: string; currentValue: string }

/** A list to choose one of. `set` changes it without calling onChange. */
export function dropdown(options: DropdownOptions): Dropdown {
  const node = document.createElement('vscode-dropdown') as ValueElement;
  node.setAttribute('aria-label', options.label);
  node.title = options.label;
  let shown = '';
  let current = options.value;
  const set = (value: string, choices = options.choices): void => {
    const key = JSON.stringify(choices);
    current = value;
    if (key !== shown) {
      shown = key;
      node.replaceChildren(...choices.map((choice) => {
        const option = document.createElement('vscode-option') as ValueElement;
        option.setAttribute('value', choice.value);
        option.textContent = choice.label;
        if (choice.value === value) option.setAttribute('selected', '');
        return option;
      }));
    }
    node.setAttribute('current-value', value);
    // Options that were put in just now are known to the component a microtask later.
    queueMicrotask(() => { if (node.isConnected && node.value !== value) node.value = value; });
  };
  set(options.value);
  node.addEventListener('change', () => {
    if (node.value === current) return;
    current = node.value;
    options.onChange(node.value);
  });
  return { node, set };
}

export interface Checkbox { node: HTMLElement; set(checked: boolean): void }

interface CheckedElement extends HTMLElement { checked: boolean }

/** A box to tick, with its text beside it. */
export function checkbox(options: { label: string; checked: boolean; title?: string; onChange(checked: boolean): void }): Checkbox {
  const node = document.createElement('vscode-checkbox') as CheckedElement;
  append(node, options.label);
  node.setAttribute('aria-label', options.label);
  if (options.title) node.title = options.title;
  let current = options.checked;
  node.checked = current;
  node.addEventListener('change', () => {
    if (node.checked === current) return;
    current = node.checked;
    options.onChange(current);
  });
  return {
    node,
    set(checked) {
      current = checked;
      node.checked = checked;
    },
  };
}

export interface TextField { node: HTMLElement; get(): string; set(value: string): void; setError(error: boolean): void }

/** A line of text. onInput comes with every key, onCommit with Enter or when the field is left changed. */
export function textField(options: {
  label: string; value: string; placeholder?: string; onInput?(value: string): void; onCommit?(value: string): void;
}): TextField {
  const node = document.createElement('vscode-text-field') as ValueElement;
  node.setAttribute('aria-label', options.label);
  node.setAttribute('spellcheck', 'false');
  if (options.placeholder) node.setAttribute('placeholder', options.placeholder);
  node.setAttribute('value', options.value);
  node.value = options.value;
  let committed = options.value;
  const commit = (): void => {
    if (node.value === committed) return;
    committed = node.value;
    options.onCommit?.(node.value);
  };
  node.addEventListener('input', () => options.onInput?.(node.value));
  node.addEventListener('change', commit);
  node.addEventListener('keydown', (event) => { if (event.key === 'Enter') commit(); });
  return {
    node,
    get: () => node.value,
    set(value) {
      committed = value;
      node.value = value;
    },
    setError(error) {
      node.classList.toggle('invalid', error);
      node.setAttribute('aria-invalid', String(error));
    },
  };
}
