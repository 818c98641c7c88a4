/** Starting runs: a script, a script with params, an experiment of runyard.yaml, a script under the debugger. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import { launchForm } from '../forms/launch';
import type { Host } from '../host';
import { commandText } from '../base/command';
import { experimentLaunch, launch, scriptLaunch, scriptOf } from './launch';
import type { Handlers } from './parts';

export function runCommands(host: Host): Handlers {
  return {
    'runyard.run': async (args) => launch(host, await scriptLaunch(host, scriptOf(args))),
    'runyard.runWithParams': async (args) => {
      const uri = scriptOf(args);
      const form = await launchForm(host, await scriptLaunch(host, uri), uri);
      if (form) await launch(host, form);
    },
    'runyard.runExperiment': async (args) => {
      const name = typeof args[0] === 'string' ? args[0] : experimentOf(args[0]) ?? (await pickExperiment(host));
      if (name !== undefined) await launch(host, await experimentLaunch(host, name));
    },
    'runyard.runExperimentWithParams': async (args) => {
      const name = typeof args[0] === 'string' ? args[0] : experimentOf(args[0]) ?? (await pickExperiment(host));
      const form = name === undefined ? undefined : await launchForm(host, await experimentLaunch(host, name));
      if (form) await launch(host, form);
    },
    'runyard.debug': async (args) => {
      const { debugScript } = await import('../debug');
      await debugScript(host, scriptOf(args));
    },
  };
}

/** The experiment behind a row of the tree. */
function experimentOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'experiment' || !('row' in node)) return undefined;
  const { row } = node;
  return typeof row === 'object' && row !== null && 'name' in row && typeof row.name === 'string' ? row.name : undefined;
}

async function pickExperiment(host: Host): Promise<string | undefined> {
  const { experiments } = await host.engine.request('config.get', {});
  if (experiments.length === 0) {
    const choice = await vscode.window.showInformationMessage('Runyard: runyard.yaml names no experiment yet.', 'Open runyard.yaml');
    if (choice) await vscode.commands.executeCommand('runyard.openConfig');
    throw new RunyardError('cancelled', 'no experiment to run');
  }
  const items = experiments.map((one) => ({ label: `$(beaker) ${one.name}`, description: commandText(one), name: one.name }));
  return (await vscode.window.showQuickPick(items, { title: 'Run Experiment', placeHolder: 'Named in runyard.yaml', matchOnDescription: true }))?.name;
}
