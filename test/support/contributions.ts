// What package.json promises the editor, and what the extension's sources hold for it.
import ts from 'typescript';
import { walk } from './sources';
import type { Source } from './sources';

interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { command: string }[];
    readonly menus?: Readonly<Record<string, readonly { command?: string; submenu?: string }[]>>;
    readonly keybindings?: readonly { command: string }[];
    readonly views?: Readonly<Record<string, readonly { id: string }[]>>;
    readonly configuration?: Configuration | readonly Configuration[];
  };
}

interface Configuration {
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface Contributions {
  readonly commands: readonly string[];
  /** Commands that menus and keys name. */
  readonly usedCommands: readonly string[];
  readonly views: readonly string[];
  readonly settings: readonly string[];
}

/** @param text package.json */
export function readContributions(text: string): Contributions {
  const { contributes = {} } = JSON.parse(text) as Manifest;
  const configurations = [contributes.configuration ?? []].flat();
  const menus = Object.values(contributes.menus ?? {}).flat();
  return {
    commands: (contributes.commands ?? []).map((one) => one.command),
    usedCommands: [...menus, ...(contributes.keybindings ?? [])].flatMap((one) => one.command ?? []),
    views: Object.values(contributes.views ?? {}).flatMap((views) => views.map((one) => one.id)),
    settings: configurations.flatMap((one) => Object.keys(one.properties ?? {})),
  };
}

/**
 * The ids that the sources register: first arguments of calls whose name says so (`registerCommand('runyard.x', ...)`) and,
 * for tables of handlers, quoted keys of object literals.
 */
export function registeredIds(sources: readonly Source[], callee: RegExp, options: { tables: boolean }): Set<string> {
  const ids = new Set<string>();
  const add = (text: string): void => {
    if (text.startsWith('runyard.')) ids.add(text);
  };
  for (const source of sources) {
    walk(source.tree, (node) => {
      if (ts.isCallExpression(node) && callee.test(calleeName(node))) {
        const first = node.arguments[0];
        if (first && ts.isStringLiteralLike(first)) add(first.text);
      }
      const named = ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node);
      if (options.tables && named && ts.isStringLiteral(node.name)) add(node.name.text);
    });
  }
  return ids;
}

function calleeName(node: ts.CallExpression): string {
  if (ts.isIdentifier(node.expression)) return node.expression.text;
  return ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : '';
}

/** Every string that stands in the sources as a literal. */
export function stringLiterals(sources: readonly Source[]): Set<string> {
  const found = new Set<string>();
  for (const source of sources) {
    walk(source.tree, (node) => {
      if (ts.isStringLiteralLike(node)) found.add(node.text);
    });
  }
  return found;
}
