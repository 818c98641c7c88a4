/** The `runyard` command for terminals: a small script in the person's own bin folder that starts the bundled command line. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError, systemCode } from '../core/base/errors';
import type { Host } from './host';
import { launcherText, MARK } from './launcher-text';

/** Asks, writes it, and says so where the folder isn't on PATH. @throws RunyardError refused where another program is in the way */
export async function installLauncher(host: Host): Promise<void> {
  const windows = process.platform === 'win32';
  const folder = windows ? path.join(process.env['LOCALAPPDATA'] ?? os.homedir(), 'Microsoft', 'WindowsApps') : path.join(os.homedir(), '.local', 'bin');
  const file = path.join(folder, windows ? 'runyard.cmd' : 'runyard');
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (before !== undefined && !before.includes(MARK)) throw new RunyardError('refused', `${file} is another program`, 'move it away, then try again');
  const choice = await vscode.window.showInformationMessage('Install the runyard command?', { modal: true, detail: `This writes ${file}, which starts the command line that comes with the extension. Nothing else is changed.` }, 'Install');
  if (!choice) return;
  await mkdir(folder, { recursive: true });
  await writeFile(file, launcherText({ program: process.execPath, cli: host.context.asAbsolutePath('dist/cli.js'), windows }));
  if (!windows) await chmod(file, 0o755);
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).includes(folder);
  void vscode.window.showInformationMessage(onPath ? 'Runyard: installed. Try "runyard runs" in a new terminal.' : `Runyard: installed in ${folder}, which is not on your PATH: add it in your shell's profile.`);
}
