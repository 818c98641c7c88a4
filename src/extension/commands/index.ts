/** Every command by its id, as package.json contributes it. A handler that fails tells the person and leaves nothing else broken. */
import * as vscode from 'vscode';
import { guarded } from '../base/failure';
import type { Host } from '../host';
import { againCommands } from './again';
import { compareCommands } from './compare';
import { configCommands } from './config';
import { driftCommands } from './drift';
import { editCommands } from './edit';
import { evaluateCommands } from './evaluate';
import { evaluationsCommands } from './evaluations';
import { lookCommands } from './look';
import { mlflowCommands } from './mlflow';
import { monitoringCommands } from './monitoring';
import { monitoringAlertCommands } from './monitoring-alerts';
import { monitoringModelCommands } from './monitoring-models';
import type { Handlers, Parts } from './parts';
import { registryCommands } from './registry';
import { registryLookCommands } from './registry-look';
import { registryMoveCommands } from './registry-moves';
import { runCommands } from './run';
import { stopCommands } from './stop';
import { traceCommands } from './traces';
import { trashCommands } from './trash';
import { treeCommands } from './tree';

export function registerCommands(host: Host, parts: Parts): vscode.Disposable {
  const tables: Handlers[] = [
    runCommands(host), againCommands(host), stopCommands(host, parts), editCommands(host), trashCommands(host),
    lookCommands(host, parts), compareCommands(host), configCommands(host), treeCommands(host, parts), mlflowCommands(host), traceCommands(host, parts),
    evaluateCommands(host), evaluationsCommands(host), driftCommands(host), registryCommands(host, parts), registryMoveCommands(host, parts), registryLookCommands(host, parts),
    monitoringCommands(host, parts), monitoringAlertCommands(host, parts), monitoringModelCommands(host, parts),
  ];
  const registered = tables.flatMap((table) => Object.entries(table)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (...args: unknown[]) => guarded(host, () => handler(args))));
  return vscode.Disposable.from(...registered);
}
