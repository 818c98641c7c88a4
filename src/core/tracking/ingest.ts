/**
 * Takes what runs say in their spools into the store: whole lines only, from the offset the store remembers, so that doing it
 * again changes nothing. One piece a turn of the event loop, so that the engine goes on answering.
 */
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ProblemRow } from '../../protocol/model';
import type { SpoolEvent } from '../../protocol/spool';
import type { Disposable } from '../base/disposable';
import { describeError, RunyardError, systemCode } from '../base/errors';
import type { Log } from '../base/log';
import type { Store } from '../store/store';
import { storeArtifact } from './artifacts';
import { parseLines } from './lines';
import { readPiece, spoolSizes } from './spool-reader';

export interface IngestOptions {
  store: Store; log: Log;
  /** where artifacts' contents are kept: .runyard/objects */
  objects: string;
  onChanged(runs: string[], metrics: boolean): void;
  /** Told of a trace before its line counts as taken in: it may be told again. */
  onTrace?(run: string, event: Extract<SpoolEvent, { e: 'trace' }>): void;
  /** a person should read it, once */
  onNotice?(text: string): void;
}

export interface Ingest extends Disposable {
  /** Takes in what is there now. With `last`, nobody writes any more: half a line at an end is told as a problem. Rejects where the store can't take it; nothing is lost then. */
  drain(folder: string, options?: { last?: boolean }): Promise<void>;
  /** Resolves when every artifact told so far has its digest, or its problem. */
  settled(): Promise<void>;
  /** Hashes what an earlier process had no time for. */
  resumeArtifacts(folder: string): void;
}

export function createIngest({ store, log, objects, onChanged, onTrace, onNotice }: IngestOptions): Ingest {
  const chains = new Map<string, Promise<void>>();
  /** what was there at the last drain, so that an unchanged folder costs its stats only */
  const seen = new Map<string, string>();
  let artifacts: Promise<void> = Promise.resolve();
  let disposed = false;
  let full = false;

  const problem = (run: string, row: ProblemRow): void => store.applyBatch({ run, file: row.file, to: 1, lines: 0, events: [], problems: [row] });

  const keepArtifact = (folder: string, path: string): void => {
    const run = basename(folder);
    artifacts = artifacts.then(async () => {
      if (disposed) return;
      try {
        const facts = await storeArtifact(folder, path, objects);
        if (!disposed) store.setArtifact(run, path, facts);
      } catch (error) {
        log.warn(`run ${run}: ${describeError(error)}`);
        // One that was deleted meanwhile isn't missed.
        const named = (): boolean => store.artifacts(run).some((one) => one.path === path);
        if (!disposed && error instanceof RunyardError && named()) problem(run, { file: `artifacts/${path}`, line: 0, text: describeError(error) });
      }
      if (!disposed) onChanged([run], false);
    }).catch((error: unknown) => log.error(`run ${run}: the artifact ${path} could not be kept`, error));
  };

  const apply = (run: string, file: string, batch: { to: number; lines: number; events: SpoolEvent[]; problems: ProblemRow[] }): void => {
    try {
      store.applyBatch({ run, file, ...batch });
      full = false;
    } catch (error) {
      const noRoom = systemCode(error).includes('FULL') || systemCode(error) === 'ENOSPC' || (error instanceof RunyardError && error.code === 'disk_full');
      if (noRoom && !full) {
        full = true;
        const text = 'the disk is full: runs go on and keep what they say in their folders, and Runyard takes it in once there is space';
        log.warn(text);
        onNotice?.(text);
      }
      throw error;
    }
  };

  async function drainFile(folder: string, file: string, last: boolean): Promise<void> {
    const run = basename(folder);
    let { offset, lines } = store.offset(run, file);
    for (;;) {
      const piece = readPiece(join(folder, file), offset);
      if (!piece || disposed) return;
      const parsed = parseLines(piece.text, file, lines + 1);
      let to = piece.to;
      let count = lines + parsed.lines;
      if (last && piece.end && piece.torn !== '') {
        to += Buffer.byteLength(piece.torn);
        count += 1;
        parsed.problems.push({ file, line: count, text: `the last line is cut short: its writer was ended while it wrote (${piece.torn.slice(0, 60)})` });
      }
      if (to !== offset) {
        if (onTrace) for (const event of parsed.events) if (event.e === 'trace') onTrace(run, event);
        apply(run, file, { to, lines: count, events: parsed.events, problems: parsed.problems });
        act(folder, parsed.events);
        offset = to;
        lines = count;
        onChanged([run], parsed.events.some((event) => event.e === 'm' || event.e === 'summary'));
      }
      if (piece.end) return;
      await turn();
    }
  }

  /** What follows from an event beyond its row. */
  function act(folder: string, events: readonly SpoolEvent[]): void {
    for (const event of events) if (event.e === 'artifact' && !event.deleted) keepArtifact(folder, event.path);
  }

  async function drainAll(folder: string, last: boolean): Promise<void> {
    const sizes = spoolSizes(folder);
    const signature = [...sizes].map(([name, size]) => `${name}:${size}`).join('|');
    if (!last && seen.get(folder) === signature) return;
    for (const name of sizes.keys()) if (!disposed) await drainFile(folder, name, last);
    // What a writer added meanwhile has another size: it is seen at the next round.
    if (last) seen.delete(folder);
    else seen.set(folder, signature);
  }

  return {
    drain(folder, { last = false } = {}) {
      // One at a time for each run: offsets are read and moved by one reader.
      const before = chains.get(folder) ?? Promise.resolve();
      const next = before.catch(() => undefined).then(() => (disposed ? undefined : drainAll(folder, last)));
      chains.set(folder, next);
      const forget = (): void => { if (chains.get(folder) === next) chains.delete(folder); };
      next.then(forget, forget);
      return next;
    },
    settled: () => artifacts,
    resumeArtifacts(folder) {
      for (const artifact of store.artifacts(basename(folder))) if (artifact.digest === '') keepArtifact(folder, artifact.path);
    },
    dispose() { disposed = true; },
  };
}
