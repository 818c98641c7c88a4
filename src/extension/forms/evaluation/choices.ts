/** The rows of the evaluation form: models and data files of the workspace, columns of the data. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelSpec } from '../../../protocol/evaluation/request';
import type { Inspection } from '../../../protocol/evaluation/result';
import { count, shorten } from '../../base/format';
import type { Host } from '../../host';

export type Row<T> = vscode.QuickPickItem & { value?: T };

export const DATA_KINDS = ['csv', 'tsv', 'jsonl', 'ndjson', 'parquet', 'duckdb', 'sqlite', 'db'];
const HIDDEN = '{**/node_modules/**,**/.runyard/**,**/.venv/**,**/venv/**,**/.git/**,**/__pycache__/**}';
const MOST = 500;

export const line = (label: string): { label: string; kind: vscode.QuickPickItemKind } => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** Relative to the workspace where it lies in it, with slashes. */
export function placeOf(host: Host, uri: vscode.Uri): string {
  const relative = host.folder ? path.relative(host.folder.uri.fsPath, uri.fsPath) : uri.fsPath;
  return relative.startsWith('..') || path.isAbsolute(relative) ? uri.fsPath : relative.split(path.sep).join('/');
}

async function filesOf(host: Host, kinds: readonly string[]): Promise<string[]> {
  if (!host.folder) return [];
  const pattern = kinds.length === 1 ? `**/*.${kinds[0]}` : `**/*.{${kinds.join(',')}}`;
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(host.folder, pattern), HIDDEN, MOST);
  return found.map((uri) => placeOf(host, uri)).sort((a, b) => a.localeCompare(b));
}

export type What = { kind: 'configured'; name: string } | { kind: 'model'; model: ModelSpec } | { kind: 'browse' | 'command' | 'predictions' | 'none' };

/** What can be evaluated: what runyard.yaml names, models of the workspace, and the other ways to predictions. */
export async function modelRows(host: Host, { configured, none }: { configured: boolean; none: boolean }): Promise<Row<What>[]> {
  const [files, { configured: names }] = await Promise.all([filesOf(host, ['onnx']), configured ? host.evaluations.list() : { configured: [] }]);
  const named = names.map((name): Row<What> => ({ label: `$(beaker) ${name}`, value: { kind: 'configured', name } }));
  return [
    ...(none ? [{ label: '$(circle-slash) None', description: 'no comparison', value: { kind: 'none' as const } }] : []),
    ...(named.length > 0 ? [line('in runyard.yaml'), ...named, line('models')] : []),
    ...files.map((file): Row<What> => ({ label: `$(symbol-misc) ${path.basename(file)}`, description: file, value: { kind: 'model', model: { file } } })),
    { label: '$(folder-opened) Choose a Model File…', description: '.onnx', value: { kind: 'browse' } },
    { label: '$(terminal) A Command…', description: 'any program that reads rows and writes predictions', value: { kind: 'command' } },
    { label: '$(table) Predictions in the Data…', description: 'a column that holds what the model said', value: { kind: 'predictions' } },
  ];
}

/** Data files; `browse` opens a dialog. */
export async function dataRows(host: Host): Promise<Row<string | { kind: 'browse' }>[]> {
  const files = await filesOf(host, DATA_KINDS);
  return [
    ...files.map((file) => ({ label: `$(database) ${path.basename(file)}`, description: file, value: file })),
    { label: '$(folder-opened) Choose a Data File…', description: DATA_KINDS.map((kind) => `.${kind}`).join(' '), value: { kind: 'browse' as const } },
  ];
}

type Column = Inspection['data']['columns'][number];

/** Columns with what they hold; `first` stand on top. */
export function columnRows(columns: readonly Column[], first: (column: Column) => boolean): Row<string>[] {
  const ordered = [...columns.filter(first), ...columns.filter((one) => !first(one))];
  return ordered.map((one) => ({
    label: one.name, value: one.name,
    description: [one.type, `${one.distinct.toLocaleString('en-US')} different`, one.missing > 0 ? `${one.missing.toLocaleString('en-US')} missing` : ''].filter(Boolean).join(' · '),
    detail: shorten(one.examples.join(', '), 100),
  }));
}

/** Columns that tell rows apart. */
export const idRows = (data: Inspection['data']): Row<string | { kind: 'none' }>[] => [
  { label: '$(circle-slash) None', description: 'a row is known by a hash of what it says', value: { kind: 'none' } },
  ...columnRows(data.columns.filter((one) => one.missing === 0 && one.distinct === data.rows), (one) => /(^|_)(id|key|uuid)$/i.test(one.name)),
];

export const dataWords = (data: Inspection['data']): string => `${count(data.rows, 'row')}, ${count(data.columns.length, 'column')}`;
