/** The `runyard` command for terminals: a small script in the person's own bin folder that starts the bundled command line. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError, systemCode } from '../core/base/errors';
import type { Host } from './host';

const MARK = 'made by the Runyard extension';

export interface LauncherFacts { program: string; cli: string; windows: boolean }

/** The script's text. `program` may be the editor's own binary, which is Node when it is told so. Pure. */
export function launcherText({ program, cli, windows }: LauncherFacts): string {
  if (windows) {
    return ['@echo off', `rem ${MARK}`, `if not exist "${cli}" (echo runyard: the extension was updated or removed: run its command "Install the runyard Command" again 1>&2 & exit /b 2)`,
      'set ELECTRON_RUN_AS_NODE=1', `"${program}" "${cli}" %*`, ''].join('\r\n');
  }
  return ['#!/bin/sh', `# ${MARK}`, `cli=${quote(cli)}`,
    'if [ ! -f "$cli" ]; then echo \'runyard: the extension was updated or removed: run its command "Install the runyard Command" again\' >&2; exit 2; fi',
    `ELECTRON_RUN_AS_NODE=1 exec ${quote(program)} "$cli" "$@"`, ''].join('\n');
}

const quote = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

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
