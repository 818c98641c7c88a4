/** Over a script's entry point: Run, Run with…, and how the last run did against the baseline. */
import * as vscode from 'vscode';
import { scripts, switchedOn, type FactsCache } from './facts';
import { scanScript } from './scan';
import { lastRunWords } from './words';

export function registerCodeLenses(cache: FactsCache): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(scripts, {
    onDidChangeCodeLenses: cache.onStale,
    async provideCodeLenses(document, token) {
      const entry = switchedOn('codeLens') ? scanScript(document.getText()).entry : null;
      if (entry === null) return [];
      const range = new vscode.Range(entry, 0, entry, 0);
      const lens = (title: string, command: string, tooltip: string, ...rest: unknown[]): vscode.CodeLens => new vscode.CodeLens(range, { title, command, tooltip, arguments: rest });
      const lenses = [
        lens('$(play) Run', 'runyard.run', 'Run this script and keep what happens', document.uri),
        lens('Run with…', 'runyard.runWithParams', 'Edit the params, then run', document.uri),
      ];
      const facts = await cache.of(document);
      const words = facts ? lastRunWords(facts) : undefined;
      if (!facts?.last || !words || token.isCancellationRequested) return lenses;
      lenses.push(lens(`last: ${words}`, 'runyard.showDetails', `Show ${facts.last.name}`, facts.last.id));
      if (facts.baseline) lenses.push(lens('Compare', 'runyard.compareWithBaseline', `Compare ${facts.last.name} with ${facts.baseline.name}${facts.baseline.pinned ? ', the pinned baseline' : ''}`, facts.last.id));
      return lenses;
    },
  });
}
