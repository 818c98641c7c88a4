/** Alerts, runbooks and back-tests as read-only Markdown documents, shown rendered. What is of alerts follows what happens. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Backtest } from '../../protocol/monitoring';
import { previewsOf } from '../base/previews';
import type { Host } from '../host';
import { backtestMarkdown } from './backtest-report';
import { HELP } from './help';
import { alertMarkdown, alertsMarkdown, runbookMarkdown } from './report';

const SCHEME = 'runyard-monitoring';
/** Back-tests of this window, by the document's address: a report is of the moment at which it was made. */
const reports = new Map<string, string>();
const MOST = 50;
const previews = previewsOf();

export function registerMonitoringDocuments(host: Host): vscode.Disposable {
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: previews.onDidChange,
    async provideTextDocumentContent(uri) {
      previews.read(uri);
      const name = new URLSearchParams(uri.query).get('name') ?? '';
      switch (uri.authority) {
        case 'help': return HELP;
        case 'backtest': return reports.get(uri.toString()) ?? '# This report is gone\n\nBack-tests are kept as long as the window is open. Run it again.\n';
        case 'alert': return alertMarkdown(await host.monitoring.alert(name), Date.now());
        case 'alerts': {
          const [{ open, resolved }, rota] = await Promise.all([host.monitoring.overview(), host.engine.request('monitors.onCall', {})]);
          return alertsMarkdown([...open, ...resolved], rota, Date.now());
        }
        case 'runbook': {
          const found = (await host.monitoring.overview()).monitors.find((one) => one.name === name);
          return runbookMarkdown(name, found?.runbook ?? '');
        }
        default: throw new RunyardError('bad_input', `${uri.toString()} names no report`);
      }
    },
  });
  const changes = host.monitoring.onChange(() => previews.changed(({ authority }) => authority.startsWith('alert')));
  return vscode.Disposable.from(provider, changes);
}

export const showAlert = (id: string, text: string): Promise<void> => previews.show(uriOf('alert', text, { name: id }));
export const showAlerts = (): Promise<void> => previews.show(uriOf('alerts', 'alerts', {}));
export const showRunbook = (monitor: string): Promise<void> => previews.show(uriOf('runbook', `runbook of ${monitor}`, { name: monitor }));
export const showHelp = (): Promise<void> => previews.show(uriOf('help', 'how monitoring works', {}));

export async function showBacktest(result: Backtest): Promise<void> {
  const uri = uriOf('backtest', `back-test of ${result.name}`, { t: String(Date.now()) });
  reports.set(uri.toString(), backtestMarkdown(result));
  for (const old of [...reports.keys()].slice(0, -MOST)) reports.delete(old);
  await previews.show(uri);
}

const uriOf = (authority: string, name: string, query: Record<string, string>): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, authority, path: `/${name.replace(/[/\\?#]/g, ' ').slice(0, 80)}.md`, query: new URLSearchParams(query).toString() });
