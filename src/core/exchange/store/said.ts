/**
 * What an import said of a run so far: its spool, events.import.jsonl, read back. The next import appends what differs, so that one that was
 * interrupted is completed and one that is repeated changes nothing; what a person changed here meanwhile is in other spools and stays.
 */
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { spoolEvent, type SpoolEvent, type WireNumber } from '../../../protocol/spool';
import { RunyardError, systemCode } from '../../base/errors';

export interface Said {
  params: Map<string, string>; tags: Map<string, string>; points: Set<string>; datasets: Set<string>; models: Set<string>;
  /** path → bytes */
  files: Map<string, number>;
  state: string; name: string | null; experiment: string | null; notes: string | null; trashed: boolean; commit: string | null;
}

export const spoolOf = (folder: string): string => path.join(folder, 'events.import.jsonl');
const nothing = (): Said => ({
  params: new Map(), tags: new Map(), points: new Set(), datasets: new Set(), models: new Set(), files: new Map(),
  state: '', name: null, experiment: null, notes: null, trashed: false, commit: null,
});

/** A point's identity: what MLflow tells points apart by. Time in milliseconds. */
export const pointKey = ({ key, step, time, value }: SaidPoint, model = ''): string => `${key}\u0000${step}\u0000${time}\u0000${value}\u0000${model}`;
interface SaidPoint { key: string; step: number; time: number; value: WireNumber }
export const modelKey = (io: string, model: string, step: number): string => `${io} ${model} ${io === 'output' ? step : 0}`;

export async function readSaid(folder: string): Promise<Said> {
  const said = nothing();
  const file = spoolOf(folder);
  if (!existsSync(file)) return said;
  await dropTorn(file);
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const parsed = spoolEvent.safeParse(parse(line));
    if (parsed.success) hear(said, parsed.data, line);
  }
  return said;
}

function parse(line: string): unknown {
  try { return JSON.parse(line); } catch { return null; /* a torn line of an interrupted import: nobody heard it */ }
}

function hear(said: Said, event: SpoolEvent, line: string): void {
  switch (event.e) {
    case 'm':
      for (const [key, value] of Object.entries(event.m)) said.points.add(pointKey({ key, step: event.s ?? 0, time: Math.round(event.t * 1000), value }, event.model && `${event.model} ${JSON.stringify(event.dataset ?? null)}`));
      return;
    case 'p': for (const [key, value] of Object.entries(event.p)) said.params.set(key, value); return;
    case 'tag':
      for (const [key, value] of Object.entries(event.set ?? {})) said.tags.set(key, value);
      for (const key of event.del ?? []) said.tags.delete(key);
      return;
    case 'dataset': said.datasets.add(JSON.stringify(event.dataset)); return;
    case 'model': said.models.add(modelKey(event.io, event.model, event.step)); return;
    case 'artifact': said.files.set(event.path, sizeIn(line)); return;
    case 'state': said.state = `${event.state} ${event.t}`; return;
    case 'code': said.commit = event.code.commit ?? null; return;
    case 'edit':
      said.name = event.name ?? said.name;
      said.experiment = event.experiment ?? said.experiment;
      said.notes = event.notes ?? said.notes;
      said.trashed = event.trashed ?? said.trashed;
      return;
    default: return;
  }
}

/** An import's own addition to an artifact's event. */
const sizeIn = (line: string): number => Number(/"size":(\d+)/.exec(line)?.[1] ?? -1);

/** Half a line at the end was never taken in: it goes, so that what follows isn't half of it. */
async function dropTorn(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const piece = Buffer.alloc(Math.min(size, 1 << 20));
    await handle.read(piece, 0, piece.length, size - piece.length);
    const last = piece.lastIndexOf(10);
    if (size > 0 && last !== piece.length - 1) await handle.truncate(last < 0 && size === piece.length ? 0 : size - piece.length + last + 1);
  } finally {
    await handle.close();
  }
}

export interface Writer { say(...events: (SpoolEvent & { size?: number })[]): Promise<void>; close(): Promise<void>; /** how many events */ readonly count: number }

/** Appends whole lines to the spool of an import. Nothing is written, and no folder made, until something is said. Throws disk_full. */
export function openWriter(folder: string): Writer {
  let handle: Awaited<ReturnType<typeof open>> | null = null;
  let held: string[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (held.length === 0) return;
    mkdirSync(folder, { recursive: true });
    handle ??= await open(spoolOf(folder), 'a', 0o600);
    const text = held.join('');
    held = [];
    try {
      await handle.appendFile(text);
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space for the import', 'free some space on the disk of the workspace, and start it again: it goes on', { cause: error });
      throw error;
    }
  };
  return {
    async say(...events) {
      for (const event of events) held.push(`${JSON.stringify(event)}\n`);
      count += events.length;
      if (held.length > 2000) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await handle?.close();
        handle = null;
      }
    },
    get count() { return count; },
  };
}
