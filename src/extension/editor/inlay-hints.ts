/** Beside each call that logs a metric: its last value, and how it differs from the baseline's. */
import * as vscode from 'vscode';
import { scripts, switchedOn, type FactsCache } from './facts';
import { scanScript } from './scan';
import { metricWords } from './words';

export function registerInlayHints(cache: FactsCache): vscode.Disposable {
  return vscode.languages.registerInlayHintsProvider(scripts, {
    onDidChangeInlayHints: cache.onStale,
    async provideInlayHints(document, range) {
      const spots = switchedOn('inlayHints') ? scanScript(document.getText()).metrics.filter((one) => range.contains(new vscode.Position(one.line, one.end))) : [];
      const facts = spots.length > 0 ? await cache.of(document) : undefined;
      if (!facts?.last) return [];
      const { last, baseline } = facts;
      return spots.flatMap((spot) => {
        const words = metricWords(facts, spot.name);
        if (!words) return [];
        // Behind the closing quote of the metric's name.
        const hint = new vscode.InlayHint(new vscode.Position(spot.line, spot.end + 1), words);
        hint.paddingLeft = true;
        hint.tooltip = `${spot.name}: the last value of ${last.name}${baseline ? `, and the difference from ${baseline.name}${baseline.pinned ? ' (the pinned baseline)' : ' (the run before)'}` : ''}`;
        return [hint];
      });
    },
  });
}
