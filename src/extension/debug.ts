/**
 * A script under the debugger as a run like any other: the engine starts it under debugpy, which waits, and the Python
 * debugger of the editor is attached. So its params, metrics and end state are kept too.
 */
import { createServer } from 'node:net';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { RunyardError } from '../core/base/errors';
import { isLive } from '../protocol/model';
import { commandText } from './base/command';
import { launch, relativeScript, scriptLaunch } from './commands/launch';
import type { Host } from './host';

const DEBUGGER = 'ms-python.debugpy';

/** @throws RunyardError unsupported where the Python debugger isn't installed */
export async function debugScript(host: Host, uri: vscode.Uri): Promise<void> {
  const extension = vscode.extensions.getExtension(DEBUGGER);
  if (!extension) throw new RunyardError('unsupported', 'the Python debugger is not installed', 'install the extension "Python Debugger" (ms-python.debugpy)');
  const base = await scriptLaunch(host, uri);
  const preview = await host.engine.request('runs.preview', base);
  const program = preview.interpreter;
  if (program === null) throw new RunyardError('not_found', 'no Python was found to debug with', preview.interpreterFrom);
  const port = await freePort();
  const debugpy = path.join(extension.extensionPath, 'bundled', 'libs', 'debugpy');
  const argv = [preview.argv[0] ?? program, debugpy, '--listen', `127.0.0.1:${port}`, '--wait-for-client', ...preview.argv.slice(1)];
  host.log.info(`debugging: ${commandText({ argv })}`);
  const [run] = await launch(host, { ...base, argv, script: relativeScript(host, uri), params: preview.params, tags: { debug: 'true' } });
  if (run === undefined) return;
  await listening(host, run, port);
  const started = await vscode.debug.startDebugging(host.folder, {
    name: `Runyard: ${path.basename(uri.fsPath)}`, type: 'debugpy', request: 'attach', connect: { host: '127.0.0.1', port }, justMyCode: true,
  });
  // Nobody would ever let it go on.
  if (!started) await host.engine.request('runs.stop', { run });
}

/** A port of loopback that nobody listens on at the moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}

/** Waits until debugpy listens: the run may wait in the queue, or end before. Its own socket isn't touched, for it serves one client. */
async function listening(host: Host, run: string, port: number): Promise<void> {
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Runyard: waiting for the script to start' }, async () => {
    for (;;) {
      const row = await host.engine.request('runs.get', { run });
      if (!isLive(row.state)) throw new RunyardError('conflict', 'the script ended before the debugger came', 'look at its output');
      if (row.state === 'running' && (await taken(port))) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
}

/** True once somebody listens there, found out by trying to listen too. */
function taken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
