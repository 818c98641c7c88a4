/** Where a version's files come from: a file of the workspace, what a run left, or what was evaluated. */
import path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../../core/base/errors';
import type { RunRow } from '../../../protocol/model';
import { formatBytes } from '../../base/format';
import { pickRun } from '../../base/pick';
import { BACK, pickStep, type Answer } from '../../base/steps';
import { pickEvaluation } from '../../evaluation/history';
import type { Host } from '../../host';
import { line, placeOf, type Row } from '../evaluation/choices';
import type { Source } from './draft';

const HIDDEN = '{**/node_modules/**,**/.runyard/**,**/.venv/**,**/venv/**,**/.git/**,**/__pycache__/**}';
const MODELS = ['onnx', 'pkl', 'joblib', 'pt', 'pth', 'safetensors', 'h5', 'keras', 'ubj'];
type Kind = Source | { kind: 'browse' | 'folder' | 'run' | 'evaluation' };

/** The files of the workspace, and the other ways. */
async function sourceRows(host: Host): Promise<Row<Kind>[]> {
  const found = host.folder ? await vscode.workspace.findFiles(new vscode.RelativePattern(host.folder, `**/*.{${MODELS.join(',')}}`), HIDDEN, 500) : [];
  const files = found.map((uri) => placeOf(host, uri)).sort((a, b) => a.localeCompare(b));
  return [
    { label: '$(history) From a Run…', description: 'one of its artifacts: with its code, data and environment', value: { kind: 'run' } },
    { label: '$(beaker) From an Evaluation…', description: 'the model that was evaluated', value: { kind: 'evaluation' } },
    ...(files.length > 0 ? [line('in this workspace')] : []),
    ...files.map((file): Row<Kind> => ({ label: `$(symbol-misc) ${path.posix.basename(file)}`, description: file.includes('/') ? file : '', value: { file } })),
    line('elsewhere'),
    { label: '$(folder-opened) Choose a File…', value: { kind: 'browse' } },
    { label: '$(folder) Choose a Folder…', description: 'all of its files are one version', value: { kind: 'folder' } },
  ];
}

/** Asks until there is one; nothing where the person turned away. */
export async function askSource(host: Host, title: string): Promise<Source | undefined> {
  for (;;) {
    const chosen: Answer<Kind> = await pickStep<Kind>({ title, placeholder: 'What is to be a version', items: sourceRows(host), back: false });
    if (chosen === undefined || chosen === BACK) return undefined;
    if (!('kind' in chosen)) return chosen;
    const source = await followed(host, chosen.kind, title);
    if (source !== undefined) return source;
  }
}

async function followed(host: Host, kind: 'browse' | 'folder' | 'run' | 'evaluation', title: string): Promise<Source | undefined> {
  if (kind === 'run') {
    const row = await pickRun(host, { title, accept: (one) => one.state === 'finished' });
    return row && artifactOf(host, row, title);
  }
  if (kind === 'evaluation') {
    const one = await pickEvaluation(host, { title });
    return one && { evaluation: one.id, what: `${one.name}, ${one.model}` };
  }
  const [uri] = (await vscode.window.showOpenDialog({ title, canSelectFiles: kind === 'browse', canSelectFolders: kind === 'folder', ...(host.folder ? { defaultUri: host.folder.uri } : {}) })) ?? [];
  return uri && { file: placeOf(host, uri) };
}

/** One of a run's artifacts: the only model among them, else the one that is picked; folders of several files can be taken whole. @throws RunyardError not_found where it left nothing */
export async function artifactOf(host: Host, row: Pick<RunRow, 'id' | 'name'>, title: string): Promise<Source | undefined> {
  const { artifacts } = await host.engine.request('runs.get', { run: row.id });
  if (artifacts.length === 0) throw new RunyardError('not_found', `${row.name} left no artifacts`, 'log the model as an artifact, or register a file with "Runyard: Register Model…"');
  const isModel = (name: string): boolean => MODELS.some((end) => name.toLowerCase().endsWith(`.${end}`));
  const models = artifacts.filter((one) => isModel(one.path));
  const first = models.length === 1 ? models[0]?.path : undefined;
  const folders = [...new Set(artifacts.map((one) => path.posix.dirname(one.path)).filter((name) => name !== '.'))];
  const ordered = [...models, ...artifacts.filter((one) => !isModel(one.path))];
  const items: Row<string>[] = [
    ...ordered.map((one) => ({ label: `$(${isModel(one.path) ? 'symbol-misc' : 'file'}) ${one.path}`, description: formatBytes(one.size), value: one.path })),
    ...folders.map((name) => ({ label: `$(folder) ${name}`, description: 'all of its files', value: name })),
  ];
  const artifact = first ?? (await pickStep<string>({ title, placeholder: `An artifact of ${row.name}`, items, back: false }));
  return typeof artifact === 'string' ? { run: row.id, artifact, runName: row.name } : undefined;
}
