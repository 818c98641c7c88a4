/** MLflow's client outside of the workspace's terminals: a notebook, another shell, a container. */
import * as vscode from 'vscode';
import type { Host } from '../host';
import { notate, type Notation } from '../mlflow/words';
import type { Handlers } from './parts';

interface Choice extends vscode.QuickPickItem { notation: Notation }

const CHOICES: readonly Choice[] = [
  { label: 'Shell', description: 'export MLFLOW_TRACKING_URI=…', notation: 'shell' },
  { label: 'PowerShell', description: '$env:MLFLOW_TRACKING_URI = …', notation: 'powershell' },
  { label: 'Notebook', description: '%env MLFLOW_TRACKING_URI=…', notation: 'notebook' },
  { label: '.env File', description: 'MLFLOW_TRACKING_URI=…', notation: 'dotenv' },
  { label: 'The URI Alone', description: 'without the token that it needs', notation: 'uri' },
];

export function mlflowCommands(host: Host): Handlers {
  return { 'runyard.copyMlflowUri': () => copyUri(host) };
}

async function copyUri(host: Host): Promise<void> {
  const chosen = await vscode.window.showQuickPick(CHOICES, { title: 'Copy MLflow Tracking URI', placeHolder: 'Where it will be pasted; the token in it lets whoever has it read and write this workspace' });
  if (!chosen) return;
  const address = await host.engine.request('mlflow.serve', { token: true });
  await vscode.env.clipboard.writeText(notate(address, chosen.notation));
  vscode.window.setStatusBarMessage(`$(copy) Copied ${address.uri}`, 4000);
}
