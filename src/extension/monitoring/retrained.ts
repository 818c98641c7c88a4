/** What came of a retraining is told once, when it ends: it may have begun by itself, and a candidate waits for a person. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { RetrainingRow, RetrainingRun } from '../../protocol/monitoring';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import { isGoing, served } from './words';

/** Those that were seen to go on, in this window. */
const going = new Set<string>();

/** It was begun here: its end is told, however soon it comes. */
export const expectEnd = (id: string): void => void going.add(id);

export function createRetrainingNotifications(host: Host): vscode.Disposable {
  const look = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { retrainings } = await host.monitoring.overview();
    for (const row of retrainings) {
      for (const one of row.runs) {
        if (isGoing(one)) going.add(one.id);
        else if (going.delete(one.id)) void guarded(host, () => say(row, one));
      }
    }
  };
  return host.monitoring.onChange(() => void look().catch((error: unknown) => host.log.debug(`nothing is known of retrainings: ${describeError(error)}`)));
}

async function say({ name, model }: RetrainingRow, { state, text, run, version }: RetrainingRun): Promise<void> {
  const about = served(model);
  const made = about && version !== null && (state === 'registered' || state === 'promoted') ? { ...about, version } : undefined;
  const words = `Runyard: ${name}: ${text}`;
  const buttons = [...(made ? [state === 'registered' ? 'Open Candidate' : 'Open Registry'] : []), ...(run === null ? [] : ['Show Run'])];
  const show = state === 'failed' || state === 'held' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const choice = await show(words, ...buttons);
  if (choice === 'Show Run') await vscode.commands.executeCommand('runyard.showDetails', run);
  else if (choice !== undefined) await vscode.commands.executeCommand('runyard.openRegistry', { ...made, part: 'candidate' });
}
