/** client.json, and what else a run's folder tells of the processes that speak for it: for the engine that comes next. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { systemCode } from '../base/errors';
import { bootId, type ProcessId } from './process';
import { paths, writeWhole } from './run-folder';
import { spoolSizes } from './spool-reader';

const record = z.object({ bootId: z.string().default(''), processes: z.array(z.object({ pid: z.number().int().positive(), startTime: z.string() })) });

/** Throws disk_full, or the system's error. */
export function writeClients(folder: string, processes: readonly ProcessId[]): void {
  writeWhole(paths.client(folder), `${JSON.stringify({ bootId: bootId(), processes })}\n`, { flush: false });
}

/** The processes that a run's folder names: those that an engine saw, or that our plugin wrote down while there was none. */
export function clientsIn(folder: string): ProcessId[] {
  return [...kept(folder), ...started(folder)];
}

function kept(folder: string): ProcessId[] {
  try {
    const { bootId: boot, processes } = record.parse(JSON.parse(readFileSync(paths.client(folder), 'utf8')));
    // Since then the machine was started anew: whoever has that pid now is another, and its start time can't be compared.
    return boot === bootId() ? processes : processes.map(({ pid }) => ({ pid, startTime: 'before' }));
  } catch (error) {
    if (systemCode(error) === '' && !(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
    return [];
  }
}

const startedLine = z.object({ e: z.literal('started'), started: z.object({ pid: z.number().int().positive(), startTime: z.string().min(1) }) });

function started(folder: string): ProcessId[] {
  return [...spoolSizes(folder).keys()].flatMap((name) => head(path.join(folder, name)).split('\n').slice(0, -1)).flatMap((line) => {
    if (!line.includes('"started"')) return [];
    try {
      return [startedLine.parse(JSON.parse(line)).started];
    } catch (error) {
      if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
      return []; // not one of ours: ingest tells of it
    }
  });
}

/** What a process is says the first thing it writes. */
function head(file: string): string {
  const buffer = Buffer.alloc(4096);
  try {
    const fd = openSync(file, 'r');
    try {
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return '';
  }
}

/** When any of its spools was written last, in milliseconds since the epoch; 0 where there is none. */
export const lastWord = (folder: string): number => Math.max(0, ...[...spoolSizes(folder).keys()].map((name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0));
