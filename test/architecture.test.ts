// The invariants of the design, each as a test that names the places that break it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readContributions, registeredIds, stringLiterals } from './support/contributions';
import { doors, importFault, layerOf } from './support/layers';
import { findCycles, listFiles, loadedBy, parseSource, place, readSources, walk } from './support/sources';
import type { Source } from './support/sources';

const root = path.resolve(import.meta.dirname, '..');
const files = listFiles(root, ['src', 'webview', 'test', 'scripts', 'bench'], ['.ts', '.mjs']);
const sources = readSources(root, files);
const ours = sources.filter((source) => /^(src|webview)\//.test(source.file));
const inFolder = (folder: string): Source[] => sources.filter((source) => source.file.startsWith(`${folder}/`));
const importersOf = (wanted: string): string[] =>
  ours.filter((source) => source.imports.some(({ specifier }) => specifier === wanted || specifier.startsWith(`${wanted}/`))).map(({ file }) => file);
const placesOf = (among: readonly Source[], matches: (node: ts.Node, source: Source) => boolean): string[] => {
  const found: string[] = [];
  for (const source of among) walk(source.tree, (node) => void (matches(node, source) && found.push(place(source, node))));
  return found;
};
const linesOf = (among: readonly string[], pattern: RegExp): string[] =>
  among.flatMap((file) => {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, at) => (pattern.test(line) ? `${file}:${at + 1}: ${line.trim()}` : []));
  });

describe('imports', () => {
  test('go one way, from the doors down to the protocol', () => {
    const faults = inFolder('src').flatMap((source) =>
      source.imports.flatMap(({ file }) => (file ? (importFault(source.file, file) ?? []) : [])),
    );
    expect(faults).toEqual([]);
  });

  test('of our own files all lead somewhere', () => {
    const lost = ours.flatMap((source) =>
      source.imports.flatMap(({ specifier, file }) => (specifier.startsWith('.') && !file && !/\.(css|json)$/.test(specifier) ? `${source.file} -> ${specifier}` : [])),
    );
    expect(lost).toEqual([]);
  });

  test('have no cycle, between files or between folders', () => {
    const targets = (source: Source): string[] => source.imports.flatMap(({ file }) => file ?? []);
    const byFile = new Map(sources.map((source) => [source.file, targets(source)]));
    expect(findCycles(byFile)).toEqual([]);
    const byLayer = new Map<string, Set<string>>();
    for (const source of inFolder('src')) {
      const from = layerOf(source.file) ?? source.file;
      const others = targets(source).map((file) => layerOf(file) ?? file);
      byLayer.set(from, new Set([...(byLayer.get(from) ?? []), ...others.filter((layer) => layer !== from)]));
    }
    expect(findCycles(byLayer)).toEqual([]);
  });

  test('of vscode are in src/extension only', () => {
    expect(importersOf('vscode').filter((file) => !file.startsWith('src/extension/'))).toEqual([]);
  });

  test.each([
    ['better-sqlite3', 'src/core/store/'],
    ['node:sqlite', 'src/core/store/'],
    ['onnxruntime-node', 'src/core/evaluation/'],
    ['@duckdb/node-api', 'src/core/evaluation/'],
    ['chart.js', 'webview/shared/'],
    ['@vscode/webview-ui-toolkit', 'webview/shared/'],
  ])('of %s are in one module of %s', (name, folder) => {
    const importers = importersOf(name);
    expect(importers.filter((file) => !file.startsWith(folder))).toEqual([]);
    expect(importers.length, importers.join(', ')).toBeLessThanOrEqual(1);
  });

  test('of the panels are src/protocol, themselves and packages', () => {
    const faults = inFolder('webview').flatMap((source) =>
      source.imports.flatMap(({ specifier, file }) => {
        const outside = file ? !/^(webview|src\/protocol)\//.test(file) : /^node:/.test(specifier);
        return outside ? `${source.file} -> ${specifier}` : [];
      }),
    );
    expect(faults).toEqual([]);
  });

  test.each(doors)('of the door src/%s never load a database', (door) => {
    const faults = inFolder(`src/${door}`).flatMap(({ file }) =>
      [...loadedBy(file, sources)].filter((name) => name === 'better-sqlite3' || name === 'node:sqlite' || name.startsWith('src/core/store/')).map((name) => `${file} loads ${name}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('doors', () => {
  test('hold no SQL', () => {
    const sql = /\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b/s;
    const shown = [...doors.flatMap((door) => inFolder(`src/${door}`)), ...inFolder('webview')];
    expect(placesOf(shown, (node) => (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) && sql.test(node.getText()))).toEqual([]);
  });
});

describe('sources', () => {
  test('have at most 400 lines a file', () => {
    const texts = [...files, ...listFiles(root, ['webview', 'python', 'examples', 'test', 'bench'], ['.py', '.css'])];
    const counted = texts.map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n').length }));
    expect(counted.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  test('say what they mean instead of any', () => {
    expect(placesOf(sources, (node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test('do something in each catch', () => {
    const empty = (node: ts.Node): boolean => ts.isCatchClause(node) && node.block.statements.length === 0;
    expect(placesOf(sources, empty)).toEqual([]);
  });

  test('never make markup of a text', () => {
    expect(linesOf(files.filter((file) => /^(src|webview)\//.test(file)), /\.(innerHTML|outerHTML)\s*=[^=]|\.insertAdjacentHTML\(/)).toEqual([]);
  });

  test('leave no notes to do later', () => {
    // Put together, or this line would be found.
    const note = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    expect(linesOf([...files, ...listFiles(root, ['python', 'examples'], ['.py', '.yaml'])], note)).toEqual([]);
  });

  test('name no path of the machine that they were written on', () => {
    const machine = new RegExp(['/wo' + 'rk/', '/tmp/l' + 'ab', '/ro' + 'ot/'].map((one) => `(^|[\\s'"\`(=])${one}`).join('|'));
    expect(linesOf([...files, ...listFiles(root, ['python', 'examples'], ['.py', '.yaml', '.md'])], machine)).toEqual([]);
  });

  test('name no address outside this machine', () => {
    const remote = (node: ts.Node): boolean =>
      ts.isStringLiteralLike(node) && /^(https?|wss?):\/\//.test(node.text) && !/^\w+:\/\/(127\.0\.0\.1|localhost|\[::1\]|www\.w3\.org\/)/.test(node.text);
    expect(placesOf(ours, remote)).toEqual([]);
  });
});

describe('package.json', () => {
  const contributions = readContributions(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const extension = inFolder('src/extension');

  test('contributes the commands that the extension registers, and no others', () => {
    const registered = registeredIds(extension, /command/i, { tables: true });
    const internal = (id: string): boolean => id.startsWith('runyard._');
    const contributed = new Set(contributions.commands);
    const settings = new Set(contributions.settings);
    expect(contributions.commands.filter((id) => !registered.has(id))).toEqual([]);
    expect([...registered].filter((id) => !contributed.has(id) && !internal(id) && !settings.has(id))).toEqual([]);
  });

  test('names only contributed commands in menus and keys', () => {
    const known = new Set(contributions.commands);
    expect(contributions.usedCommands.filter((id) => id.startsWith('runyard.') && !known.has(id))).toEqual([]);
  });

  test('contributes the views that the extension fills, and no others', () => {
    const filled = registeredIds(extension, /^(createTreeView|registerTreeDataProvider|registerWebviewViewProvider)$/, { tables: false });
    expect([...filled].sort()).toEqual([...contributions.views].sort());
  });

  test('contributes settings that something reads', () => {
    const literals = stringLiterals(inFolder('src'));
    const unread = contributions.settings.filter((key) => !literals.has(key) && !literals.has(key.replace(/^runyard\./, '')));
    expect(unread).toEqual([]);
  });
});

describe('the rules themselves', () => {
  test('see an upward import, a door that imports the store, and a file that is not on the map', () => {
    expect(importFault('src/core/store/runs.ts', 'src/core/queries/table.ts')).toContain('store is below queries');
    expect(importFault('src/cli/main.ts', 'src/core/store/runs.ts')).toContain('a door asks');
    expect(importFault('src/cli/main.ts', 'src/extension/tree.ts')).toContain('a door asks');
    expect(importFault('src/cli/main.ts', 'src/engine/client.ts')).toBeUndefined();
    expect(importFault('src/core/misc/x.ts', 'src/protocol/spool.ts')).toContain('not on the map');
  });

  test('see a cycle, and tell type imports from others', () => {
    expect(findCycles(new Map([['a', ['b']], ['b', ['c']], ['c', ['a']], ['d', ['a']]]))).toEqual([['a', 'b', 'c']]);
    const known = new Set(['src/b.ts']);
    const parsed = parseSource('src/a.ts', `import type { B } from './b';\nimport { c } from './b';\nawait import('vscode');`, known);
    expect(parsed.imports).toEqual([
      { specifier: './b', typeOnly: true, file: 'src/b.ts' },
      { specifier: './b', typeOnly: false, file: 'src/b.ts' },
      { specifier: 'vscode', typeOnly: false },
    ]);
  });
});
