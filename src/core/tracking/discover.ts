/** Run folders that the store doesn't know: copied in from another machine, or left over from a store that was lost. */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { disposable, type Disposable } from '../base/disposable';
import { systemCode } from '../base/errors';
import { isRunId } from './run-folder';

const EVERY_MS = 2000;

export interface DiscoverOptions {
  runs: string;
  known: ReadonlySet<string>;
  /** Takes a folder in; false where it isn't whole yet (no spec.json), to be tried again. */
  take(run: string): Promise<boolean>;
  failed(error: unknown): void;
}

/**
 * Looks now and whenever the folder of runs has a new entry (its time changes: one stat each round, no list). A folder that
 * isn't whole yet is tried again until it is. `first` resolves after the first look.
 */
export function startDiscovery({ runs, known, take, failed }: DiscoverOptions): Disposable & { first: Promise<void> } {
  let seen = -1;
  let busy = false;
  let done = false;
  const incomplete = new Set<string>();
  const look = async (): Promise<void> => {
    const changed = changedAt(runs);
    if (busy || done || (changed === seen && incomplete.size === 0)) return;
    busy = true;
    try {
      const names = changed === seen ? [...incomplete] : (await readdir(runs)).filter(isRunId);
      incomplete.clear();
      for (const name of names) {
        if (done) return;
        if (!known.has(name) && !await take(name)) incomplete.add(name);
      }
      seen = changed;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') failed(error);
    } finally {
      busy = false;
    }
  };
  const first = look();
  const timer = setInterval(() => void look(), EVERY_MS);
  const end = disposable(() => { done = true; clearInterval(timer); });
  return { first, dispose: () => end.dispose() };
}

const changedAt = (folder: string): number => statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
