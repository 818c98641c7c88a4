/** The engine's log: one file, turned over at a size. Nothing said here may hold a token or the value of an environment variable. */
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../core/base/log';
import { describeError, systemCode } from '../core/base/errors';

export interface LogFileOptions { limit?: number; kept?: number; onWritten?: (line: string) => void }

/**
 * Appends lines `time level text`. At `limit` bytes (5 MB) the file becomes `.1`, that one `.2`, and so on up to `kept` (2).
 * A log that can't be written (a full disk) is silent: the engine goes on.
 */
export function openLogFile(file: string, options: LogFileOptions = {}): Log {
  const { limit = 5_000_000, kept = 2 } = options;
  let size = sizeOf(file);
  const write = (level: string, text: string): void => {
    const line = `${new Date().toISOString()} ${level} ${text.replaceAll('\n', '\n  ')}\n`;
    options.onWritten?.(line);
    try {
      if (size > 0 && size + line.length > limit) {
        turnOver(file, kept);
        size = 0;
      }
      makeFolder(path.dirname(file));
      appendFileSync(file, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch (error) {
      if (!['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT'].includes(systemCode(error))) throw error;
    }
  };
  return {
    info: (text) => write('info', text),
    warn: (text) => write('warn', text),
    error: (text, cause) => write('error', cause === undefined ? text : `${text}: ${cause instanceof Error && cause.stack ? cause.stack : describeError(cause)}`),
  };
}

/** Not what is above it: a workspace that was moved away must not come to be again. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function turnOver(file: string, kept: number): void {
  rmSync(`${file}.${kept}`, { force: true });
  for (let number = kept - 1; number >= 1; number--) {
    if (sizeOf(`${file}.${number}`) > 0) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  if (kept > 0) renameSync(file, `${file}.1`);
  else rmSync(file, { force: true });
}
