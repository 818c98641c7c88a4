/** What the host does for the drift panel: running and comparing with the editor's Python, runyard.yaml, the registry's own steps, files. */
import * as vscode from 'vscode';
import { driftHostActions, type DriftHostAction, type DriftHostResults, type DriftSource } from '../../protocol/drift-panel';
import { addMonitor, openMonitor } from '../monitoring/config';
import { python } from '../monitoring/run';
import { saveFirst } from '../commands/launch';
import type { Host } from '../host';
import { saveFile } from './files';

type Actions = { [A in DriftHostAction]: (params: unknown) => Promise<DriftHostResults[A]> };
/** `opened`: the panel is of this monitor from now on. */
export interface DriftActionsOptions { source(): DriftSource; opened(monitor: string): void }

/** Params come from a webview: each is parsed before anything is done. */
export function driftActions(host: Host, { source, opened }: DriftActionsOptions): Actions {
  const command = async (name: string, ...args: unknown[]): Promise<Record<string, never>> => {
    await vscode.commands.executeCommand(name, ...args);
    return {};
  };
  return {
    async 'host.saveFile'(params) {
      return { saved: await saveFile(host, driftHostActions['host.saveFile'].parse(params)) };
    },
    async 'host.copy'(params) {
      await vscode.env.clipboard.writeText(driftHostActions['host.copy'].parse(params).text);
      return {};
    },
    async 'host.openConfig'(params) {
      const { monitor } = driftHostActions['host.openConfig'].parse(params);
      if (monitor === undefined) return command('runyard.openConfig');
      await openMonitor(host, monitor);
      return {};
    },
    async 'host.writeExample'(params) {
      driftHostActions['host.writeExample'].parse(params);
      const monitor = (await addMonitor(host)) ?? null;
      if (monitor !== null && 'none' in source()) opened(monitor);
      return { monitor };
    },
    async 'host.compare'(params) {
      const { request, job } = driftHostActions['host.compare'].parse(params);
      return host.engine.request('drift.run', { job, request, ...(await python(host)) });
    },
    async 'host.runMonitor'(params) {
      const { monitor, job, at } = driftHostActions['host.runMonitor'].parse(params);
      await saveFirst();
      return host.engine.request('monitors.run', { job, monitors: [monitor], ...(at === undefined ? {} : { at }), ...(await python(host)) });
    },
    async 'host.openOther'(params) {
      return command(driftHostActions['host.openOther'].parse(params).what === 'monitor' ? 'runyard.drift.open' : 'runyard.compareDrift');
    },
    async 'host.openRegistry'(params) {
      return command('runyard.openRegistry', driftHostActions['host.openRegistry'].parse(params));
    },
    async 'host.rollBack'(params) {
      return command('runyard.rollBack', driftHostActions['host.rollBack'].parse(params));
    },
    async 'host.retrain'(params) {
      const { model, environment, alert } = driftHostActions['host.retrain'].parse(params);
      return command('runyard.retrain', { served: `${model}@${environment}`, ...(alert === undefined ? {} : { alert }) });
    },
  };
}
