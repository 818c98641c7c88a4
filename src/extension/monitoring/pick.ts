/** Which monitor, alert, model or retraining a command is about: what was clicked or passed, the row that is selected in the Monitoring tree, or what the person picks. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { AlertRow } from '../../protocol/monitoring';
import type { Host } from '../host';
import { alertWords, logWords, monitorWords, retrainingWords, severityLooks, titleWords } from './words';

/** What a call is about, as far as it says so: a row of the tree, or what our own parts pass. */
export interface MonitoringTarget { monitor?: string; alert?: string; column?: string; /** NAME@ENVIRONMENT */ served?: string; retraining?: string; all?: boolean; /** from 1: where what is wrong stands */ line?: number }
type Text = Exclude<keyof MonitoringTarget, 'all' | 'line'>;

function textOf(value: object, key: string): string | undefined {
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The first argument of a command, whatever it is; a lone text is what `key` says. */
export function monitoringTarget(value: unknown, key: Text = 'monitor'): MonitoringTarget {
  if (typeof value === 'string') return { [key]: value };
  if (typeof value !== 'object' || value === null) return {};
  const target: MonitoringTarget = {};
  for (const name of ['monitor', 'alert', 'column', 'served', 'retraining'] as const) {
    const found = textOf(value, name);
    if (found !== undefined) target[name] = found;
  }
  const [model, environment] = [textOf(value, 'model'), textOf(value, 'environment')];
  if (target.served === undefined && model !== undefined) target.served = environment === undefined ? model : `${model}@${environment}`;
  if (Reflect.get(value, 'all') === true) target.all = true;
  const line: unknown = Reflect.get(value, 'line');
  if (typeof line === 'number') target.line = line;
  return target;
}

const shown = { matchOnDescription: true, matchOnDetail: true };

/** The monitor that is named, the only one there is, or the one that the person picks. @throws RunyardError not_found where there is none */
export async function meantMonitor(host: Host, { monitor }: MonitoringTarget, title: string, accept?: (row: { runbook: string }) => boolean): Promise<string | undefined> {
  if (monitor !== undefined) return monitor;
  const rows = (await host.monitoring.overview()).monitors.filter((row) => accept?.(row) ?? true);
  if (rows.length === 0) throw new RunyardError('not_found', accept ? 'no monitor has such a thing' : 'runyard.yaml has no monitors', 'write one with "Runyard: Add Monitor to runyard.yaml"');
  if (rows.length === 1) return rows[0]?.name;
  const now = Date.now();
  const items = rows.map((row) => ({ label: `$(pulse) ${row.name}`, description: monitorWords(row, now), detail: row.model ?? '', name: row.name }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'A monitor', ...shown }))?.name;
}

export interface AlertPick { title: string; accept?: (row: AlertRow) => boolean; none: string }

/** The alert that is named, the only one that fits, or the one that the person picks. @throws RunyardError not_found */
export async function meantAlert(host: Host, { alert, monitor }: MonitoringTarget, { title, accept, none }: AlertPick): Promise<AlertRow | undefined> {
  const { open, resolved } = await host.monitoring.overview();
  const all = [...open, ...resolved];
  if (alert !== undefined) return all.find(({ id }) => id === alert) ?? (await host.monitoring.alert(alert)).row;
  const rows = all.filter((row) => (monitor === undefined || row.monitor === monitor) && (accept?.(row) ?? true));
  if (rows.length === 0) throw new RunyardError('not_found', none);
  if (rows.length === 1) return rows[0];
  const now = Date.now();
  const items = rows.map((row) => ({ label: `$(${severityLooks[row.severity].icon}) ${titleWords(row)}`, description: alertWords(row, now), detail: `${row.monitor}: ${row.text}`, row }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'An alert', ...shown }))?.row;
}

/** Several: those that are selected together with the one that was clicked, all of a monitor, or those that the person ticks. Empty where they turned away. @throws RunyardError not_found */
export async function meantAlerts(host: Host, target: MonitoringTarget, { title, accept, none, selected = [] }: AlertPick & { selected?: readonly unknown[] }): Promise<AlertRow[]> {
  const { open, resolved } = await host.monitoring.overview();
  const fits = (row: AlertRow): boolean => accept?.(row) ?? true;
  const ids = selected.flatMap((one) => monitoringTarget(one, 'alert').alert ?? []);
  if (target.alert !== undefined) {
    if (!ids.includes(target.alert)) return [(await meantAlert(host, target, { title, none }))].flatMap((row) => row ?? []);
    return [...open, ...resolved].filter((row) => ids.includes(row.id) && fits(row));
  }
  const rows = [...open, ...resolved].filter((row) => (target.monitor === undefined || row.monitor === target.monitor) && fits(row));
  if (rows.length === 0) throw new RunyardError('not_found', none);
  if (rows.length === 1 || target.monitor !== undefined) return rows;
  const now = Date.now();
  const items = rows.map((row) => ({ label: `$(${severityLooks[row.severity].icon}) ${titleWords(row)}`, description: alertWords(row, now), detail: `${row.monitor}: ${row.text}`, row }));
  return ((await vscode.window.showQuickPick(items, { title, placeHolder: 'Tick the alerts', canPickMany: true, ...shown })) ?? []).map(({ row }) => row);
}

/** NAME@ENVIRONMENT: named, or picked among what is logged, watched or live. @throws RunyardError not_found where there is none */
export async function meantServed(host: Host, { served }: MonitoringTarget, title: string, { live }: { live: boolean } = { live: false }): Promise<string | undefined> {
  if (served?.includes('@')) return served;
  const [{ monitors, logs }, { models }] = await Promise.all([host.monitoring.overview(), host.registry.overview()]);
  const now = Date.now();
  const found = new Map<string, string>();
  for (const row of live ? [] : logs) found.set(row.model, logWords(row, now));
  for (const { model } of live ? [] : monitors) if (model !== null && !found.has(model)) found.set(model, 'watched');
  for (const row of models) for (const one of row.live) if (one.version !== null && !found.has(`${row.name}@${one.environment}`)) found.set(`${row.name}@${one.environment}`, `version ${one.version} is live`);
  const rows = [...found].filter(([name]) => served === undefined || name.startsWith(`${served}@`));
  if (rows.length === 0) throw new RunyardError('not_found', `${served === undefined ? 'no model' : `nothing of ${served}`} is live in any environment`, 'promote a version with "Runyard: Promote…"');
  if (rows.length === 1) return rows[0]?.[0];
  const items = rows.map(([name, description]) => ({ label: `$(server-environment) ${name}`, description, name }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'A model and its environment', ...shown }))?.name;
}

/** Named, the only one, of the model that was named, or picked. @throws RunyardError not_found where runyard.yaml has none */
export async function meantRetraining(host: Host, { retraining, served }: MonitoringTarget, title: string): Promise<string | undefined> {
  if (retraining !== undefined) return retraining;
  const { retrainings } = await host.monitoring.overview();
  const own = retrainings.filter(({ model }) => model === served);
  const rows = own.length > 0 ? own : retrainings;
  if (rows.length === 0) throw new RunyardError('not_found', 'runyard.yaml has no retraining', 'say under retraining: which experiment makes a model anew, and when');
  if (rows.length === 1) return rows[0]?.name;
  const now = Date.now();
  const items = rows.map((row) => ({ label: `$(sync) ${row.name}`, description: retrainingWords(row, now), detail: row.model, name: row.name }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'A retraining', ...shown }))?.name;
}
