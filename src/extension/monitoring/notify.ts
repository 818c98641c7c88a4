/** Notifications of alerts, by severity, as loud as the setting says. Each is told once, also over a reload of the window; what opened while no window was there is told when one is. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { EngineEvents } from '../../protocol/engine';
import type { AlertRow } from '../../protocol/monitoring';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import { acknowledge } from './alerts';
import { levelOf, loudness, openKey, stillOpen, type Loudness } from './notify-rule';
import { isWaiting, served } from './words';

const TOLD = 'monitoring.told';
const SETTING = 'runyard.monitoring.notifications';

export function createAlertNotifications(host: Host): vscode.Disposable {
  const memory = host.context.workspaceState;
  const told = new Set(memory.get<string[]>(TOLD, []));
  const keep = (): void => void memory.update(TOLD, [...told]);
  const loudOf = (row: AlertRow): Loudness => loudness(row.severity, levelOf(vscode.workspace.getConfiguration().get(SETTING)));

  /** True where it was not told before; it counts as told then, whether or not it was loud enough. */
  const first = (row: AlertRow): boolean => {
    const key = openKey(row);
    if (told.has(key)) return false;
    told.add(key);
    keep();
    return true;
  };
  const hear = ({ alert, what }: EngineEvents['alert']): void => {
    if (what === 'opened' && !first(alert)) return;
    if (what === 'resolved') return over(alert);
    const loud = loudOf(alert);
    if (loud !== 'none') void guarded(host, () => say(alert, what, loud));
  };
  /** A critical one that is over is good news that somebody waits for. */
  const over = (alert: AlertRow): void => {
    if (alert.severity === 'critical' && loudOf(alert) !== 'none') void vscode.window.showInformationMessage(`Runyard: ${alert.monitor}: ${alert.text}: this is over.`);
  };
  const catchUp = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { open } = await host.monitoring.overview();
    for (const row of open) if (isWaiting(row) && first(row) && loudOf(row) !== 'none') void guarded(host, () => say(row, 'opened', loudOf(row)));
    const left = stillOpen([...told], open);
    if (left.length === told.size) return;
    told.clear();
    for (const key of left) told.add(key);
    keep();
  };
  const look = (): void => void catchUp().catch((error: unknown) => host.log.debug(`nothing is known of alerts: ${describeError(error)}`));
  look();
  return vscode.Disposable.from(host.engine.onAlert(hear), host.monitoring.onChange(look));

  async function say(row: AlertRow, what: 'opened' | 'woke', loud: Loudness): Promise<void> {
    const words = `Runyard: ${row.monitor}: ${row.text}${what === 'woke' ? ' (it was snoozed, and still fails)' : ''}`;
    const about = served(row.model);
    const buttons = ['Open', ...(loud === 'error' && about ? ['Roll Back\u2026'] : []), 'Acknowledge'];
    const show = loud === 'error' ? vscode.window.showErrorMessage : loud === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    const choice = await show(words, ...buttons);
    if (choice === 'Open') await vscode.commands.executeCommand('runyard.showAlert', { alert: row.id });
    if (choice === 'Roll Back\u2026' && about) await vscode.commands.executeCommand('runyard.rollBack', about);
    if (choice === 'Acknowledge') await acknowledge(host, row);
  }
}
