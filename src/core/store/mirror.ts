/** Lines beside the database of what no run's folder tells: experiments and records. A database that was lost is made again from them. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { RunyardError, systemCode } from '../base/errors';

export interface MirrorLine { kind: string; id: string; scope: string; sort: number; /** null: it is gone */ doc: unknown }
export interface Mirror {
  /** Appends a line before the database has it, so that the file is never behind. Throws disk_full. */
  append(line: MirrorLine): void;
  /** The newest line of each thing, in the order in which they came up first; a line cut short at the end says nothing. */
  read(): MirrorLine[];
}

const line = z.object({ kind: z.string(), id: z.string(), scope: z.string(), sort: z.number(), doc: z.unknown() });

export function createMirror(dir: string): Mirror {
  const file = path.join(dir, 'records.jsonl');
  return {
    append(entry) {
      try {
        appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      } catch (error) {
        if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space to keep the change', 'free some space on the disk of the workspace', { cause: error });
        throw error;
      }
    },
    read() {
      const newest = new Map<string, MirrorLine>();
      if (!existsSync(file)) return [];
      for (const text of readFileSync(file, 'utf8').split('\n')) {
        const parsed = line.safeParse(parse(text));
        if (parsed.success) newest.set(`${parsed.data.kind} ${parsed.data.id}`, { ...parsed.data, doc: parsed.data.doc ?? null });
      }
      return [...newest.values()];
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // half a line: its writer was ended while it wrote, and said nothing to anybody
  }
}
