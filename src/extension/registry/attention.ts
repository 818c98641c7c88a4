/** Notifications of what a person should know at once: an approval that is wanted, a forced promotion, an automatic roll back, a conflict. Each is told once. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { WaitingRow } from '../../protocol/registry';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import { askedHere, isOwn, standingKey, stillStanding, toAskFor, waitingKey, type Attention } from './attention-keys';
import { showHistory, showVerification } from './documents';

const TOLD = 'registry.told';

export function createAttention(host: Host): vscode.Disposable {
  const memory = host.context.workspaceState;
  const told = new Set(memory.get<string[]>(TOLD, []));
  const keep = (): void => void memory.update(TOLD, [...told]);

  /** True where it was not told before; it counts as told then. */
  const first = (key: string): boolean => {
    if (told.has(key)) return false;
    told.add(key);
    keep();
    return !askedHere(key);
  };
  const hear = (what: Attention): void => {
    // By what waits, which says whether this person may approve it.
    if (what.kind === 'approval') return look();
    const key = standingKey(what);
    if (key !== undefined ? first(key) : !isOwn(what)) void guarded(host, () => say(what));
  };
  /** What is wanted already when the window opens, or came with a pull, is told too; what is settled may be told again another time. */
  const catchUp = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { waiting, conflicts } = await host.registry.overview();
    for (const row of toAskFor(waiting)) if (first(waitingKey(row))) void guarded(host, () => say({ kind: 'approval', ...row, text: waitingText(row) }));
    const conflictKeys = conflicts.map(({ model, environment }) => standingKey({ kind: 'conflict', model, version: null, environment }) ?? '');
    const left = stillStanding([...told], [...waiting.map(waitingKey), ...conflictKeys]);
    if (left.length === told.size) return;
    told.clear();
    for (const key of left) told.add(key);
    keep();
  };
  const look = (): void => void catchUp().catch((error: unknown) => host.log.debug(`nothing is known of what waits: ${describeError(error)}`));
  look();
  return vscode.Disposable.from(host.engine.onAttention(hear), host.registry.onChange(look));

  async function say({ kind, model, version, environment, text }: Attention): Promise<void> {
    const words = `Runyard: ${text}`;
    if (kind === 'approval') {
      const choice = await vscode.window.showInformationMessage(words, 'Approve…', 'Open Registry');
      if (choice === 'Approve…') await vscode.commands.executeCommand('runyard.approve', { model, version, environment });
      if (choice === 'Open Registry') await vscode.commands.executeCommand('runyard.openRegistry', { model, version, environment });
    } else if (kind === 'conflict') {
      // The panel has the way out as buttons, beside what each of the two is.
      const choice = await vscode.window.showWarningMessage(words, 'Settle…', 'Show Ledger');
      if (choice === 'Settle…') await vscode.commands.executeCommand('runyard.openRegistry', { model, environment });
      if (choice === 'Show Ledger') await showVerification();
    } else {
      const choice = await vscode.window.showWarningMessage(words, 'Open Registry', 'Show History');
      if (choice === 'Open Registry') await vscode.commands.executeCommand('runyard.openRegistry', { model, environment });
      if (choice === 'Show History') await showHistory(model);
    }
  }
}

const waitingText = ({ model, version, environment, have, need }: WaitingRow): string => `${model} ${version} waits for approval before it goes to ${environment} (${have} of ${need})`;
