/** The status bar's one item: runs that are live, alerts that nobody has acknowledged, what waits for a person, and what of the registry is live. Nothing to see where there is none of it. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';
import { isWaiting } from '../monitoring/words';
import { liveRuns, statusLook, type StatusFacts } from './status-words';

export function createStatusItem(host: Host): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('runyard.live', vscode.StatusBarAlignment.Left, 5);
  item.name = 'Runyard: live runs, alerts and models';
  let asking = false;
  let again = false;

  const facts = async (): Promise<StatusFacts> => {
    const { live, queued } = await host.engine.request('engine.status', {});
    // An engine that can't tell of models still tells of runs.
    const overview = await host.registry.overview().catch((error: unknown) => {
      host.log.debug(`the status bar has no models: ${describeError(error)}`);
      return undefined;
    });
    const watched = await host.monitoring.overview().catch((error: unknown) => {
      host.log.debug(`the status bar has no alerts: ${describeError(error)}`);
      return undefined;
    });
    return { live, queued, alerts: watched?.open.filter(isWaiting) ?? [], models: overview?.models ?? [], waiting: overview?.waiting ?? [], conflicts: overview?.conflicts.length ?? 0 };
  };
  const show = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return item.hide();
    const now = await facts();
    await vscode.commands.executeCommand('setContext', 'runyard.hasLive', liveRuns(now) > 0);
    const look = statusLook(now, Date.now());
    if (!look) return item.hide();
    item.text = look.text;
    const tooltip = new vscode.MarkdownString(look.tooltip, true);
    tooltip.isTrusted = { enabledCommands: ['runyard.showLive', 'runyard.openRegistry', 'runyard.approve', 'runyard.verifyLedger', 'runyard.showAlert', 'runyard.showAlerts', 'runyard.acknowledgeAlert'] };
    item.tooltip = tooltip;
    item.command = { title: 'Show', ...look.command };
    item.accessibilityInformation = { label: look.label };
    item.show();
  };

  /** One question at a time, and one more where something happened meanwhile. */
  const update = async (): Promise<void> => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      await show();
    } catch (error) {
      host.log.warn(`the status bar could not follow: ${describeError(error)}`);
      item.hide();
    } finally {
      asking = false;
    }
    if (again) {
      again = false;
      await update();
    }
  };
  const subscriptions = [host.engine.onChanged(() => void update()), host.engine.onState(() => void update()), host.registry.onChange(() => void update()), host.monitoring.onChange(() => void update())];
  return { dispose() { for (const one of [...subscriptions, item]) one.dispose(); } };
}
