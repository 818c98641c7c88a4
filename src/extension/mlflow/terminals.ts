/** Terminals of the workspace know where MLflow's client logs to: a script that is started in one needs no change. */
import * as vscode from 'vscode';
import { describeError } from '../../core/base/errors';
import type { Host } from '../host';
import { ownServer, terminalVariables } from './words';

const SETTING = 'runyard.mlflow.terminals';

/** Keeps the terminals' variables true: of the folder that has a store, while it is trusted and the setting is on. */
export function createTerminals(host: Host): vscode.Disposable {
  const { context, engine, folder, log } = host;
  if (!folder) return new vscode.Disposable(() => undefined);
  // Of this folder alone: in a workspace of several folders the others' terminals are not ours.
  const variables = context.environmentVariableCollection.getScoped({ workspaceFolder: folder });
  const help = new vscode.MarkdownString(`MLflow's client, unchanged, logs into this workspace: Runyard sets \`MLFLOW_TRACKING_URI\`, its token, and short retries ([setting](command:workbench.action.openSettings?%5B%22${SETTING}%22%5D))`);
  help.isTrusted = { enabledCommands: ['workbench.action.openSettings'] };
  variables.description = help;
  let told = '';

  const apply = (wanted: Readonly<Record<string, string>>): void => {
    // Setting the same again would mark every open terminal as outdated.
    const before = [...variables].map(([name, { value }]) => `${name}=${value}`).sort().join('\n');
    if (before === Object.entries(wanted).map(([name, value]) => `${name}=${value}`).sort().join('\n')) return;
    variables.clear();
    for (const [name, value] of Object.entries(wanted)) variables.replace(name, value, { applyAtProcessCreation: true, applyAtShellIntegration: true });
  };

  const refresh = async (): Promise<void> => {
    if (!vscode.workspace.isTrusted || !vscode.workspace.getConfiguration('runyard', folder).get('mlflow.terminals', true) || !(await host.hasStore())) return apply({});
    const own = ownServer(process.env, terminalSettings(folder));
    if (own !== undefined) {
      const text = `terminals keep their own MLflow server (${own})`;
      if (told !== text) log.info(text);
      told = text;
      return apply({});
    }
    // Whoever starts the engine starts it for a reason; this isn't one: its address waits until it is there.
    if (engine.state === 'ready') apply(terminalVariables(await engine.request('mlflow.serve', { token: true })));
  };
  let last = Promise.resolve();
  const soon = (): void => {
    last = last.then(refresh).catch((error: unknown) => log.warn(`terminals could not be told where MLflow's client logs to: ${describeError(error)}`));
  };
  soon();
  return vscode.Disposable.from(
    // An engine that was started anew may have another port.
    engine.onState((state) => { if (state === 'ready') soon(); }),
    vscode.workspace.onDidGrantWorkspaceTrust(soon),
    vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration(SETTING, folder) || event.affectsConfiguration('terminal.integrated.env', folder)) soon(); }),
  );
}

const SYSTEM = { win32: 'windows', darwin: 'osx' } as const;

/** What a person has their terminals set anyway. */
function terminalSettings(folder: vscode.WorkspaceFolder): Record<string, string | null> {
  const system = process.platform === 'win32' || process.platform === 'darwin' ? SYSTEM[process.platform] : 'linux';
  return vscode.workspace.getConfiguration('terminal.integrated.env', folder).get<Record<string, string | null>>(system, {});
}
