// The sources as data: what each file imports and what stands in it. Pure over text, so that the rules can be tested too.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As it is written: `vscode`, `../base/errors`. */
  readonly specifier: string;
  /** The repository's path of the imported file, where it is one of ours. */
  readonly file?: string;
  /** Erased by the compiler, so it costs nothing at run time. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

const skipped = new Set(['node_modules', 'dist', '.git', '.cache', '.venv', 'coverage', 'screenshots', '__pycache__', '.runyard']);

/** All files below some folders of the repository that have one of the extensions, sorted; a folder that isn't there has none. */
export function listFiles(root: string, folders: readonly string[], extensions: readonly string[]): string[] {
  const visit = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : visit(name);
      return extensions.includes(path.extname(entry.name)) ? [name] : [];
    });
  return folders.filter((folder) => existsSync(path.join(root, folder))).flatMap(visit).sort();
}

/** Parses TypeScript and JavaScript sources and resolves the relative imports among them. */
export function readSources(root: string, files: readonly string[]): Source[] {
  const known = new Set(files);
  return files.map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8'), known));
}

/** @param known the files that a relative import may lead to */
export function parseSource(file: string, text: string, known: ReadonlySet<string>): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean): void => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    const target = resolveImport(file, node.text, known);
    imports.push({ specifier: node.text, typeOnly, ...(target ? { file: target } : {}) });
  };
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node.arguments[0], false);
  });
  return { file, text, tree, imports };
}

function isImportCall(node: ts.CallExpression): boolean {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(node.expression) && node.expression.text === 'require';
}

function isTypeImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((one) => one.isTypeOnly);
}

function resolveImport(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const base = path.posix.join(path.posix.dirname(from), specifier);
  return [base, `${base}.ts`, `${base}/index.ts`, base.replace(/\.js$/, '.ts'), `${base}.mjs`].find((one) => known.has(one));
}

/** Visits a node and all below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** Where a node stands, as `file:line`. */
export function place(source: Source, node: ts.Node): string {
  return `${source.file}:${source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1}`;
}

/**
 * The cycles of a graph: each strongly connected part with more than one node, or a node that leads to itself.
 * Tarjan, "Depth-first search and linear graph algorithms", 1972.
 */
export function findCycles(graph: ReadonlyMap<string, Iterable<string>>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const lowOf = (node: string): number => low.get(node) ?? Infinity;
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    let toItself = false;
    for (const next of graph.get(node) ?? []) {
      if (next === node) toItself = true;
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(lowOf(node), lowOf(next)));
      } else if (stack.includes(next)) low.set(node, Math.min(lowOf(node), index.get(next) ?? 0));
    }
    if (low.get(node) !== index.get(node)) return;
    const part = stack.splice(stack.indexOf(node));
    if (part.length > 1 || toItself) cycles.push(part.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return cycles;
}

/** Everything that a file loads at run time, itself included: our files and the names of packages. */
export function loadedBy(file: string, sources: readonly Source[]): Set<string> {
  const byName = new Map(sources.map((source) => [source.file, source]));
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const one of byName.get(name)?.imports ?? []) if (!one.typeOnly) visit(one.file ?? one.specifier);
  };
  visit(file);
  return seen;
}
