/** How a failure reaches the person: what is wrong, the way out, and the log one click away. */
import * as vscode from 'vscode';
import { describeError, RunyardError } from '../../core/base/errors';
import type { Host } from '../host';

/** Shows an error; one that the person caused by cancelling is only logged. */
export async function showFailure(host: Pick<Host, 'log'>, error: unknown): Promise<void> {
  if (error instanceof RunyardError && error.code === 'cancelled') return;
  host.log.error(describeError(error), error instanceof Error ? (error.stack ?? '') : '');
  const choice = await vscode.window.showErrorMessage(`Runyard: ${describeError(error)}`, 'Show Log');
  if (choice) host.log.show(true);
}

/** Runs `act` and shows what goes wrong. */
export async function guarded(host: Pick<Host, 'log'>, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    await showFailure(host, error);
  }
}
