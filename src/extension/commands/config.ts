/** runyard.yaml, the command line, the engine and its log. */
import * as vscode from 'vscode';
import { RunyardError } from '../../core/base/errors';
import type { Host } from '../host';
import type { Handlers } from './parts';

export function configCommands(host: Host): Handlers {
  return {
    'runyard.openConfig': () => openConfig(host),
    'runyard.createConfig': () => openConfig(host),
    'runyard.installCommand': async () => {
      const { installLauncher } = await import('../launcher');
      await installLauncher(host);
    },
    'runyard.showLog': () => host.log.show(),
    'runyard.restartEngine': () => vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Runyard: restarting the engine' }, () => host.engine.restart()),
    'runyard.openWalkthrough': () => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${host.context.extension.id}#start`, false),
  };
}

/** Opens the file that is there, or makes one with everything explained and opens that. */
async function openConfig(host: Host): Promise<void> {
  const { folder } = host;
  if (!folder) throw new RunyardError('refused', 'no folder is open', 'open the folder that holds your training scripts');
  for (const name of ['runyard.yaml', 'runyard.yml']) {
    const uri = vscode.Uri.joinPath(folder.uri, name);
    if (await vscode.workspace.fs.stat(uri).then(() => true, () => false)) return void (await vscode.window.showTextDocument(uri));
  }
  const uri = vscode.Uri.joinPath(folder.uri, 'runyard.yaml');
  const scripts = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '{train*,main,run*}.py'), null, 1);
  const { configTemplate } = await import('../template');
  const script = scripts[0] === undefined ? 'train.py' : vscode.workspace.asRelativePath(scripts[0], false);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(configTemplate(script)));
  await vscode.window.showTextDocument(uri);
}
