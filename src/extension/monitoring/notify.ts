/** Notifications of alerts, by severity, as loud as the setting says. Each is told once, also over a reload of the window; what opened while no window was there is told when one is. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { EngineEvents } from '../../protocol/engine';
import type { AlertRow } from '../../protocol/monitoring';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import { acknowledge } from './alerts';
import { bundles, levelOf, loudness, openKey, overWords, stillOpen, toldWords, type Loudness, type Told } from './notify-rule';
import { isWaiting, served } from './words';

const TOLD = 'monitoring.told';
const SETTING = 'runyard.monitoring.notifications';
/** A run's alerts come one after another within this time, in ms. */
const MOMENT_MS = 300;

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
    if (what === 'resolved') over(alert);
    else if (what === 'woke' || first(alert)) together.add({ row: alert, woke: what === 'woke' });
  };
  /** What one run opens is told in one notification a monitor. */
  const together = gathering<Told>((all) => {
    for (const { loud, rows } of bundles(all, loudOf)) void guarded(host, () => say(rows, loud));
  });
  /** A critical one that is over is what somebody waits for: good news, or that nobody looks any more. */
  const over = (alert: AlertRow): void => {
    if (alert.severity === 'critical' && loudOf(alert) !== 'none') void vscode.window.showInformationMessage(`Runyard: ${overWords(alert)}.`);
  };
  const catchUp = async (): Promise<void> => {
    if (host.engine.state !== 'ready') return;
    const { open } = await host.monitoring.overview();
    for (const row of open) if (isWaiting(row) && first(row)) together.add({ row, woke: false });
    const left = stillOpen([...told], open);
    if (left.length === told.size) return;
    told.clear();
    for (const key of left) told.add(key);
    keep();
  };
  const look = (): void => void catchUp().catch((error: unknown) => host.log.debug(`nothing is known of alerts: ${describeError(error)}`));
  look();
  return vscode.Disposable.from(together, host.engine.onAlert(hear), host.monitoring.onChange(look));

  async function say(told: readonly Told[], loud: Loudness): Promise<void> {
    const rows = told.map(({ row }) => row);
    const [row] = rows;
    if (!row) return;
    const about = served(row.model);
    const buttons = ['Open', ...(loud === 'error' && about ? ['Roll Back\u2026'] : []), rows.length === 1 ? 'Acknowledge' : 'Acknowledge All'];
    const show = loud === 'error' ? vscode.window.showErrorMessage : loud === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    const choice = await show(`Runyard: ${toldWords(told)}`, ...buttons);
    // Every answer to it is a button there, beside the column, its slices and the runbook.
    if (choice === 'Open') await vscode.commands.executeCommand('runyard.showDrift', { monitor: row.monitor, alert: row.id });
    if (choice === 'Roll Back\u2026' && about) await vscode.commands.executeCommand('runyard.rollBack', about);
    if (choice?.startsWith('Acknowledge')) await acknowledge(host, rows);
  }
}

/** Hands on what came within a moment, together. */
function gathering<T>(done: (all: readonly T[]) => void): vscode.Disposable & { add(one: T): void } {
  let all: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    add(one) {
      all.push(one);
      timer ??= setTimeout(() => {
        timer = undefined;
        done(all.splice(0));
      }, MOMENT_MS);
    },
    dispose() {
      clearTimeout(timer);
      all = [];
    },
  };
}
