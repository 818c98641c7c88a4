/**
 * Runs that a client outside speaks for. What it says is appended to a spool of the run's folder, which is what is acknowledged, and taken
 * into the store with the next flush: before any answer that could show it, and within a tenth of a second anyway.
 */
import { closeSync, existsSync, openSync } from 'node:fs';
import type { RunSpec, SpoolEvent } from '../../protocol/spool';
import { RunyardError, systemCode } from '../base/errors';
import type { Disposable } from '../base/disposable';
import type { Ingest } from './ingest';
import { appendLines, isOwnSpool, paths } from './run-folder';
import { spoolSizes } from './spool-reader';

export interface Clients extends Disposable {
  /** Makes a run with its first words. `watched`: its own process may write to its folder too. Throws already_exists, disk_full. */
  create(spec: RunSpec, events: readonly SpoolEvent[], watched: boolean): void;
  /** Keeps what a client says of a run. Throws not_found where its folder is gone, disk_full (then nothing of it is kept). */
  say(run: string, events: readonly SpoolEvent[]): void;
  /** What was said of the run so far is in the store when this resolves; of every run without one. */
  flush(run?: string): Promise<void>;
  /** A run of a client that ended goes on: where its process writes to its folder, it is watched again. */
  follow(run: string): void;
  /** True for the first who asks: the client that Runyard's own run belongs to from then on. */
  claim(run: string): boolean;
}

export interface ClientsOptions {
  folder(run: string): string;
  ingest: Ingest;
  /** Makes the folder and then the store's row; `first` writes what the client said first. */
  begun(spec: RunSpec, first: () => void): void;
  follow(run: string): void;
  /** runs to whose spools their own processes write */
  watched(): string[];
  onChanged(runs: string[], metrics: boolean): void;
}

const FLUSH_MS = 100;

export function createClients({ folder, ingest, begun, follow, watched, onChanged }: ClientsOptions): Clients {
  /** runs with something said and not taken in */
  const dirty = new Set<string>();
  /** runs that are being taken in: who asks now waits for them too */
  const under = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  const append = (run: string, events: readonly SpoolEvent[]): void => {
    if (events.length === 0) return;
    try {
      appendLines(paths.clientSpool(folder(run)), events);
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') throw new RunyardError('disk_full', 'no space to keep what was logged', 'free some space on the disk of the workspace', { cause: error });
      if (systemCode(error) === 'ENOENT') throw new RunyardError('not_found', `the folder of the run ${run} is gone`, '', { cause: error });
      throw error;
    }
    dirty.add(run);
    timer ??= setTimeout(() => void flushAll(), FLUSH_MS).unref();
  };

  const flushOne = async (run: string): Promise<void> => {
    dirty.delete(run);
    under.set(run, (under.get(run) ?? 0) + 1);
    try {
      await ingest.drain(folder(run));
    } catch (error) {
      dirty.add(run);
      throw error;
    } finally {
      const left = (under.get(run) ?? 1) - 1;
      if (left > 0) under.set(run, left);
      else under.delete(run);
    }
  };
  async function flushAll(runs = [...dirty]): Promise<void> {
    timer = null;
    // One by one: a run that can't be taken in now is tried again, and holds up no other. Ingest says why.
    for (const run of runs) await flushOne(run).catch(() => { timer ??= setTimeout(() => void flushAll(), FLUSH_MS * 10).unref(); });
  }

  return {
    create(spec, events, byItself) {
      begun(spec, () => append(spec.runId, events));
      if (byItself) follow(spec.runId);
      onChanged([spec.runId], false);
    },
    say: append,
    flush: (run) => (run === undefined ? flushAll([...new Set([...dirty, ...under.keys(), ...watched()])]) : flushOne(run)),
    follow(run) {
      if ([...spoolSizes(folder(run)).keys()].some(isOwnSpool)) follow(run);
    },
    claim(run) {
      if (!existsSync(folder(run))) return false;
      try {
        closeSync(openSync(paths.adopted(folder(run)), 'wx', 0o600));
        return true;
      } catch (error) {
        if (systemCode(error) === 'EEXIST') return false;
        throw error;
      }
    },
    dispose() {
      if (timer) clearTimeout(timer);
    },
  };
}
