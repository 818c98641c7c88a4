/** Reports of the registry as read-only Markdown documents, shown rendered. Histories, verifications and comments follow what happens. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { CommentTarget, GateReport, VersionDetail } from '../../protocol/registry';
import { previewsOf } from '../base/previews';
import type { Host } from '../host';
import { commentsMarkdown, gateMarkdown, historyMarkdown, verificationMarkdown } from './report';

const SCHEME = 'runyard-registry';
/** Gate reports of this window, by the document's path: a report is of the moment at which it was made. */
const reports = new Map<string, string>();
const MOST = 50;
const previews = previewsOf();

export function registerRegistryDocuments(host: Host): vscode.Disposable {
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: previews.onDidChange,
    async provideTextDocumentContent(uri) {
      previews.read(uri);
      const query = new URLSearchParams(uri.query);
      const model = query.get('model');
      switch (uri.authority) {
        case 'gates': return reports.get(uri.toString()) ?? '# This report is gone\n\nReports of gates are kept as long as the window is open. Check the gates again: what is known is told at once.\n';
        case 'history': {
          const { rows } = await host.engine.request('registry.history', model === null ? {} : { model });
          return historyMarkdown(model === null ? 'What happened to all models' : `What happened to ${model}`, rows);
        }
        case 'version': return versionText(await host.engine.request('registry.version', { model: model ?? '', version: Number(query.get('version')) }));
        case 'ledger': return verificationMarkdown(await host.engine.request('registry.verify', {}));
        case 'comments': {
          const on = targetIn(query);
          return commentsMarkdown(`Comments on ${targetWords(on)}`, (await host.engine.request('registry.comments', { on })).comments);
        }
        default: throw new RunyardError('bad_input', `${uri.toString()} names no report`);
      }
    },
  });
  const changes = host.registry.onChange(() => previews.changed(({ authority }) => authority !== 'gates'));
  return vscode.Disposable.from(provider, changes);
}

/** What is known of a version for good, as text that differs only where the facts do. */
function versionText({ row, facts }: VersionDetail): string {
  const { description, licence, tags, aliases } = row;
  return `${JSON.stringify({ ...facts, description, licence, tags, aliases: [...aliases].sort() }, null, 2)}\n`;
}

/** Two versions in the editor's own diff. */
export async function openVersionDiff(model: string, left: number, right: number): Promise<void> {
  const uri = (version: number): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, authority: 'version', path: `/${model} ${version}.json`, query: new URLSearchParams({ model, version: String(version) }).toString() });
  await vscode.commands.executeCommand('vscode.diff', uri(left), uri(right), `${model}: version ${left} ↔ version ${right}`, { preview: true });
}

function targetIn(query: URLSearchParams): CommentTarget {
  const text = (key: 'run' | 'model' | 'slice'): Partial<CommentTarget> => (query.get(key) === null ? {} : { [key]: query.get(key) });
  const version = Number(query.get('version') ?? 0);
  return { ...text('run'), ...text('model'), ...text('slice'), ...(version > 0 ? { version } : {}) };
}

/** "car-loan 3", "run 1a2b3c4d", "slice young, of car-loan". */
export function targetWords({ run, model, version, slice }: CommentTarget): string {
  const named = model === undefined ? '' : `${model}${version === undefined ? '' : ` ${version}`}`;
  if (slice !== undefined) return `slice ${slice}${named === '' ? '' : `, of ${named}`}`;
  return run === undefined ? named : `run ${run.slice(0, 8)}`;
}

export async function showGateReport(report: GateReport): Promise<void> {
  const { model, version, environment, t } = report;
  const uri = uriOf('gates', `${model} ${version} to ${environment}`, { t: String(t) });
  reports.set(uri.toString(), gateMarkdown(report));
  for (const old of [...reports.keys()].slice(0, -MOST)) reports.delete(old);
  await previews.show(uri);
}

export const showHistory = (model: string | undefined): Promise<void> => previews.show(uriOf('history', `history of ${model ?? 'all models'}`, model === undefined ? {} : { model }));
export const showVerification = (): Promise<void> => previews.show(uriOf('ledger', 'ledger', {}));
export const showComments = (on: CommentTarget): Promise<void> => previews.show(uriOf('comments', `comments on ${targetWords(on)}`, Object.fromEntries(Object.entries(on).map(([key, value]) => [key, String(value)]))));

const uriOf = (authority: string, name: string, query: Record<string, string>): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, authority, path: `/${name.replace(/[/\\?#]/g, ' ')}.md`, query: new URLSearchParams(query).toString() });
