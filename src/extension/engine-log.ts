/** What the engine writes to its log file, in the output channel too: the newest lines at first, then each as it comes. */
import { watch } from 'node:fs';
import { open } from 'node:fs/promises';
import * as path from 'node:path';
import type * as vscode from 'vscode';
import { disposable, type Disposable } from '../core/base/disposable';
import { describeError, systemCode } from '../core/base/errors';

type Channel = Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error' | 'debug'>;

/** How much of what was written before is shown, in bytes. */
const BEFORE = 8_000;

/** "2026-01-31T10:00:00.000Z warn text" to level and text; nothing for a line that goes on from the one before. Pure. */
export function readLogLine(line: string): { level: 'info' | 'warn' | 'error'; text: string } | undefined {
  const match = /^\S+Z (info|warn|error) (.*)$/.exec(line);
  const level = match?.[1];
  return level === 'info' || level === 'warn' || level === 'error' ? { level, text: match?.[2] ?? '' } : undefined;
}

/** Follows the file until it is disposed of. A file that can't be read is only mentioned: the engine's work doesn't hang on it. */
export function followEngineLog(file: string, channel: Channel): Disposable {
  let at: number | undefined;
  let rest = '';
  let level: 'info' | 'warn' | 'error' = 'info';
  let busy = false;
  let again = false;

  const read = async (): Promise<void> => {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      // Turned over: the new file is read from its start.
      if (at === undefined) at = Math.max(0, size - BEFORE);
      else if (size < at) at = 0;
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(size - at, 1_000_000)), 0, undefined, at);
      at += bytesRead;
      const lines = (rest + buffer.toString('utf8', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const found = readLogLine(line);
        level = found?.level ?? level;
        channel[level](`engine: ${found?.text ?? line}`);
      }
      again ||= at < size;
    } finally {
      await handle.close();
    }
  };
  const follow = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await read();
      } while (again);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') channel.debug(`the engine's log could not be read: ${describeError(error)}`);
    } finally {
      busy = false;
    }
  };
  void follow();
  try {
    const watcher = watch(path.dirname(file), { persistent: false }, (_kind, name) => { if (name === path.basename(file)) void follow(); });
    watcher.on('error', (error) => channel.debug(`the engine's log is not followed any more: ${error.message}`));
    return disposable(() => watcher.close());
  } catch (error) {
    channel.debug(`the engine's log is not followed: ${describeError(error)}`);
    return disposable(() => undefined);
  }
}
