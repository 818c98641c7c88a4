/** What the engine knows of a script, asked once and kept until a run of it changes. */
import * as vscode from 'vscode';
import type { ScriptFacts } from '../../protocol/engine';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';

export interface FactsCache extends vscode.Disposable {
  /** Fires when something shown may be old. */
  readonly onStale: vscode.Event<void>;
  /** Nothing where the file isn't of the folder, nothing is kept there yet, or the engine can't say. */
  of(document: vscode.TextDocument): Promise<ScriptFacts | undefined>;
}

/** Documents of the folder that the editor's parts look at. */
export const scripts: vscode.DocumentFilter = { language: 'python', scheme: 'file' };

export function createFactsCache(host: Host): FactsCache {
  const known = new Map<string, Promise<ScriptFacts | undefined>>();
  const stale = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const forget = (): void => {
    known.clear();
    // Live runs change several times a second; a lens that redraws that often can't be clicked.
    timer ??= setTimeout(() => {
      timer = undefined;
      stale.fire();
    }, 500);
  };
  const changes = host.engine.onChanged(forget);
  const ask = async (document: vscode.TextDocument): Promise<ScriptFacts | undefined> => {
    if (!vscode.workspace.isTrusted || !host.folder || !(await host.hasStore())) return undefined;
    if (vscode.workspace.getWorkspaceFolder(document.uri)?.uri.toString() !== host.folder.uri.toString()) return undefined;
    try {
      return await host.engine.request('editor.script', { script: document.uri.fsPath });
    } catch (error) {
      host.log.debug(`no facts about ${document.uri.fsPath}: ${describeError(error)}`);
      return undefined;
    }
  };
  return {
    onStale: stale.event,
    of(document) {
      const key = document.uri.toString();
      const before = known.get(key);
      if (before) return before;
      const answer = ask(document);
      known.set(key, answer);
      return answer;
    },
    dispose() {
      clearTimeout(timer);
      changes.dispose();
      stale.dispose();
    },
  };
}

/** One switch of the settings; nothing is shown in a workspace that isn't trusted. */
export const switchedOn = (name: keyof typeof switches): boolean =>
  vscode.workspace.isTrusted && vscode.workspace.getConfiguration().get(switches[name], true);

const switches = { codeLens: 'runyard.codeLens.enabled', inlayHints: 'runyard.inlayHints.enabled', hovers: 'runyard.hovers.enabled' } as const;
