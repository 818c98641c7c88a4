/** Results that are kept: each a JSON file with all that was found, and a record in short. A window has one result, the newest. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import type { Log } from '../../base/log';
import type { LogPlace, LogWindow, ReferencePlace } from '../../domain/log-place';
import type { Records } from '../../store/records';
import type { MonitorResult, ResultSummary } from '../../../protocol/monitoring';
import type { Window } from './window';

/** What the rows can be found again by. */
export interface AskedAgain { log: LogPlace; window: LogWindow; reference: ReferencePlace }
export type KeptResult = MonitorResult & { asked: AskedAgain };

/** Of a monitor that are kept, newest windows first. */
export const MOST_RESULTS = 400;

/** The same for the same window, so that looking at it again replaces what was found. */
export const resultId = (monitor: string, { from, to }: Window): string => createHash('sha256').update(JSON.stringify([monitor, from, to])).digest('hex').slice(0, 32);

export interface Results {
  /** largest window first; those that can't be read are left out */
  list(monitor: string, limit: number): ResultSummary[];
  summary(id: string): ResultSummary | undefined;
  /** Throws not_found; store_corrupt where the file can't be read. */
  get(id: string): Promise<KeptResult>;
  /** Writes the file; what it says counts once `put` wrote the record. Throws disk_full, refused. */
  write(result: KeptResult): void;
  put(summary: ResultSummary): void;
  /** Removes what is beyond the number that is kept, and files that no record knows. Never throws. */
  tidy(monitor: string): void;
  folder(monitor: string): string;
}

const outcome = z.enum(['pass', 'fail', 'cannot tell']);
/** What everything here rests on; the rest is as it was written. */
const summaryShape = z.looseObject({ id: z.string(), monitor: z.string(), created: z.number(), window: z.object({ from: z.number(), to: z.number(), rows: z.number() }), outcome, checks: z.array(z.looseObject({ key: z.string(), outcome })) });
const resultShape = z.looseObject({ format: z.literal(1), id: z.string(), monitor: z.string(), window: z.looseObject({ from: z.number(), to: z.number() }), checks: z.array(z.unknown()), asked: z.looseObject({}) });

export function openResults({ workspace, records, log }: { workspace: string; records: Records; log: Log }): Results {
  const folder = (monitor: string): string => path.join(workspace, '.runyard', 'monitoring', monitor);
  const fileOf = (monitor: string, id: string): string => path.join(folder(monitor), `${id}.json`);
  const parsed = (doc: unknown): ResultSummary[] => {
    const found = summaryShape.safeParse(doc);
    return found.success ? [doc as ResultSummary] : [];
  };
  const summary = (id: string): ResultSummary | undefined => parsed(records.get('monitorResult', id)?.doc)[0];
  return {
    folder, summary,
    list: (monitor, limit) => records.list('monitorResult', { scopes: [monitor], limit }).flatMap(({ doc }) => parsed(doc)),
    async get(id) {
      const known = summary(id);
      if (!known) throw new RunyardError('not_found', `there is no result ${id.slice(0, 12)}`, 'runyard monitor list names the newest; the oldest are removed');
      return await readResult(fileOf(known.monitor, id));
    },
    write(result) {
      const file = fileOf(result.monitor, result.id);
      const part = `${file}.part`;
      try {
        mkdirSync(folder(result.monitor), { recursive: true });
        writeFileSync(part, JSON.stringify(result), { flush: true });
        renameSync(part, file);
      } catch (error) {
        rmSync(part, { force: true });
        const code = systemCode(error);
        throw new RunyardError(code === 'ENOSPC' ? 'disk_full' : 'refused', `the result of ${result.monitor} can't be written (${code || describeError(error)})`, code === 'ENOSPC' ? 'free some space on the disk of the workspace' : 'make .runyard/monitoring writable', { cause: error });
      }
    },
    put: (one) => records.put('monitorResult', { id: one.id, scope: one.monitor, sort: one.window.from, doc: one }),
    tidy(monitor) {
      try {
        const all = records.list('monitorResult', { scopes: [monitor] });
        for (const { id } of all.slice(MOST_RESULTS)) records.remove('monitorResult', id);
        const known = new Set(all.slice(0, MOST_RESULTS).map(({ id }) => `${id}.json`));
        for (const file of readdirSync(folder(monitor))) if (!known.has(file)) rmSync(path.join(folder(monitor), file), { force: true, recursive: true });
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') log.warn(`old results of ${monitor} could not be removed: ${describeError(error)}`);
      }
    },
  };
}

async function readResult(file: string): Promise<KeptResult> {
  try {
    const said: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (resultShape.safeParse(said).success) return said as KeptResult;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `the file of the result is gone: ${file}`, 'run the monitor for that window again', { cause: error });
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RunyardError('store_corrupt', `${file} can't be read`, 'run the monitor for that window again');
}
