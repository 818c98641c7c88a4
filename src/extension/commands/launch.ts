/** Starting a run: files saved, the chosen interpreter asked for, the output shown as the person set it. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { LaunchParams } from '../../protocol/engine';
import { configuredFor } from '../base/command';
import type { Host } from '../host';
import { chosenInterpreter } from '../python';

/** The Python file that is meant: the one clicked, else the one in the editor. @throws RunyardError bad_input */
export function scriptOf(args: readonly unknown[]): vscode.Uri {
  const [first] = args;
  const active = vscode.window.activeTextEditor?.document;
  const uri = first instanceof vscode.Uri ? first : active?.languageId === 'python' ? active.uri : undefined;
  if (!uri) throw new RunyardError('bad_input', 'no Python file is open', 'open the script that is to be run, or use "Runyard: Run Command…"');
  if (uri.scheme !== 'file') throw new RunyardError('bad_input', 'the script is not a file yet', 'save it first');
  return uri;
}

/** Path as the store has it: relative to the workspace, with slashes. */
export function relativeScript(host: Host, uri: vscode.Uri): string {
  return host.folder ? path.relative(host.folder.uri.fsPath, uri.fsPath).split(path.sep).join('/') : uri.fsPath;
}

/** What starts a script: by its experiment's entry in runyard.yaml where exactly one names it, else by its path. */
export async function scriptLaunch(host: Host, uri: vscode.Uri): Promise<LaunchParams> {
  const interpreter = await chosenInterpreter(uri, host.log);
  const { experiments } = await host.engine.request('config.get', {});
  const script = relativeScript(host, uri);
  const configured = configuredFor(script, experiments);
  const how = configured === undefined ? { script } : { configured };
  return { ...how, source: 'editor', ...(interpreter === undefined ? {} : { interpreter }) };
}

export async function experimentLaunch(host: Host, name: string): Promise<LaunchParams> {
  const interpreter = host.folder === undefined ? undefined : await chosenInterpreter(host.folder.uri, host.log);
  return { configured: name, source: 'editor', ...(interpreter === undefined ? {} : { interpreter }) };
}

/** Saves what the person is writing, where they want that. */
export async function saveFirst(): Promise<void> {
  if (vscode.workspace.getConfiguration('runyard').get('saveBeforeRun', true)) await vscode.workspace.saveAll(false);
}

/** Starts it and answers the runs' ids, newest last. */
export async function launch(host: Host, params: LaunchParams): Promise<string[]> {
  await saveFirst();
  const { runs } = await host.engine.request('runs.launch', params);
  await showStarted(host, runs);
  return runs;
}

/** Follows the output of the first of the runs, unless the settings say no. */
export async function showStarted(host: Host, runs: readonly string[]): Promise<void> {
  const run = runs[0];
  if (run === undefined || vscode.workspace.getConfiguration('runyard').get('output.reveal', 'always') !== 'always') return;
  const { showOutput } = await import('../output');
  await showOutput(host, run, { focus: false, automatic: true });
}
