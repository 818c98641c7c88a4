/** Everything that Runyard shows inside an editor. */
import * as vscode from 'vscode';
import type { Host } from '../host';
import { registerDiffs } from '../diff';
import { registerCardProblems } from './card-problems';
import { registerCodeLenses, registerConfigLenses } from './code-lenses';
import { registerEvaluationLenses } from './evaluation-lenses';
import { registerEvaluationProblems } from './evaluation-problems';
import { createFactsCache } from './facts';
import { registerHovers } from './hovers';
import { registerInlayHints } from './inlay-hints';
import { registerMonitorLenses } from './monitor-lenses';
import { registerMonitorProblems } from './monitor-problems';
import { registerProblems } from './problems';

/** Settings runyard.codeLens.enabled, runyard.inlayHints.enabled and runyard.hovers.enabled switch the parts off. */
export function startEditor(host: Host): vscode.Disposable {
  const cache = createFactsCache(host);
  return vscode.Disposable.from(
    cache, registerCodeLenses(host, cache), registerInlayHints(cache), registerHovers(host), registerProblems(host), registerConfigLenses(host, cache), registerDiffs(host),
    registerEvaluationLenses(host), registerEvaluationProblems(host), registerCardProblems(host),
    registerMonitorLenses(host), registerMonitorProblems(host),
  );
}
