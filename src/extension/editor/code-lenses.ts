/** Over a script's entry point: Run, Run with…, and how the last run did against the baseline. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import { isLive } from '../../protocol/model';
import { commandText } from '../base/command';
import { scriptLaunch } from '../commands/launch';
import type { Host } from '../host';
import { scripts, switchedOn, type FactsCache } from './facts';
import { scanScript } from './scan';
import { lastRunWords } from './words';

export function registerCodeLenses(host: Host, cache: FactsCache): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(scripts, {
    onDidChangeCodeLenses: cache.onStale,
    async provideCodeLenses(document, token) {
      const entry = switchedOn('codeLens') ? scanScript(document.getText()).entry : null;
      if (entry === null) return [];
      const range = new vscode.Range(entry, 0, entry, 0);
      const lens = (title: string, command: string, tooltip: string, ...rest: unknown[]): vscode.CodeLens => new vscode.CodeLens(range, { title, command, tooltip, arguments: rest });
      const lenses = [
        lens('$(play) Run', 'runyard.run', await startWords(host, document), document.uri),
        lens('Run with…', 'runyard.runWithParams', 'Edit the params, then run', document.uri),
      ];
      const facts = await cache.of(document);
      const words = facts ? lastRunWords(facts) : undefined;
      if (!facts?.last || !words || token.isCancellationRequested) return lenses;
      lenses.push(lens(`last: ${words}`, 'runyard.showDetails', `Show ${facts.last.name}`, facts.last.id));
      if (isLive(facts.last.state)) lenses.push(lens('$(debug-stop) Stop', 'runyard.stop', `Stop ${facts.last.name}`, facts.last.id));
      if (facts.baseline) lenses.push(lens('Compare', 'runyard.compare', `Compare ${facts.last.name} with ${facts.baseline.name}${facts.baseline.pinned ? ', the pinned baseline' : ''}`, [facts.baseline.id, facts.last.id]));
      return lenses;
    },
  });
}

/** What Run would start and with which Python, before it is pressed. Where nobody knows yet, what it does. */
async function startWords(host: Host, document: vscode.TextDocument): Promise<string> {
  const plain = 'Run this script and keep what happens';
  if (!(await host.hasStore())) return plain;
  try {
    const preview = await host.engine.request('runs.preview', await scriptLaunch(host, document.uri));
    return `${commandText(preview)}\n${preview.interpreter ?? 'no Python'}: ${preview.interpreterFrom}`;
  } catch (error) {
    host.log.debug(`no preview of ${document.uri.fsPath}: ${describeError(error)}`);
    return plain;
  }
}

/** Over each experiment that runyard.yaml names: Run, Run with… */
export function registerConfigLenses(host: Host, cache: FactsCache): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: '**/runyard.{yaml,yml}' }, {
    onDidChangeCodeLenses: cache.onStale,
    async provideCodeLenses(document) {
      const own = host.folder !== undefined && vscode.workspace.asRelativePath(document.uri, false) === document.uri.path.split('/').at(-1);
      if (!own || !switchedOn('codeLens') || !(await host.hasStore())) return [];
      const { experiments } = await host.engine.request('config.get', {});
      return experiments.filter((one) => one.line <= document.lineCount).flatMap((one) => {
        const range = new vscode.Range(one.line - 1, 0, one.line - 1, 0);
        return [
          new vscode.CodeLens(range, { title: '$(play) Run', command: 'runyard.runExperiment', tooltip: commandText(one), arguments: [one.name] }),
          new vscode.CodeLens(range, { title: 'Run with…', command: 'runyard.runExperimentWithParams', tooltip: 'Edit the params, then run', arguments: [one.name] }),
        ];
      });
    },
  });
}
