/** In a terminal, the address of a run that MLflow's client prints opens the run here: there is no web page behind it. */
import * as vscode from 'vscode';
import { runLinks } from './link-text';

interface RunLink extends vscode.TerminalLink { run: string }

const provider: vscode.TerminalLinkProvider<RunLink> = {
  provideTerminalLinks: ({ line }) => runLinks(line).map((link) => ({ ...link, tooltip: 'Show the run in Runyard' })),
  handleTerminalLink: ({ run }) => vscode.commands.executeCommand('runyard.showDetails', run),
};

export const registerRunLinks = (): vscode.Disposable => vscode.window.registerTerminalLinkProvider(provider);
