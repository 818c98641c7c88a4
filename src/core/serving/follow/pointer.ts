/** Follows what an environment of a model points at: `.runyard/models/<NAME>/<ENVIRONMENT>`. */
import { mkdirSync, watch, type FSWatcher } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { describeError, systemCode } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import { readPointer, type Manifest } from '../../registry/live/pointer';

/** `folder`: of that very version, whatever is pointed at later. */
export interface Pointed { version: number; folder: string; files: Manifest['files'] }
export const modelsRoot = (workspace: string): string => path.join(workspace, '.runyard', 'models');

/** Null where nothing is live. Throws store_corrupt where the link leads nowhere. */
export async function pointedAt(workspace: string, model: string, environment: string): Promise<Pointed | null> {
  const root = modelsRoot(workspace);
  try {
    // the folder first: what is read in it is of one version, whatever is pointed at meanwhile
    const folder = await realpath(path.join(root, model, environment));
    const manifest = await readPointer({ root: path.dirname(path.dirname(folder)), model: path.basename(path.dirname(folder)), environment: path.basename(folder) });
    if (manifest) return { version: manifest.version, folder, files: manifest.files };
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const left = await readPointer({ root, model, environment });
  return left && pointedAt(workspace, model, environment);
}

/** Calls back, one after the other, whenever it may point elsewhere: told by the file system, and looked for every so often, as not every file system tells. */
export function onPointed(workspace: string, model: string, changed: () => Promise<void>, everyMs = 1000): Disposable {
  let running = false;
  let again = false;
  let over = false;
  const look = (): void => {
    again = true;
    if (running || over) return;
    running = true;
    void (async () => {
      while (again && !over) {
        again = false;
        await changed();
      }
    })().catch((error: unknown) => process.stderr.write(`runyard: ${describeError(error)}\n`)).finally(() => { running = false; });
  };
  const folder = path.join(modelsRoot(workspace), model);
  mkdirSync(folder, { recursive: true });
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(folder, look);
    watcher.on('error', () => watcher?.close());
  } catch (error) {
    // a limit on watches: looking now and then is enough
    if (systemCode(error) === '') throw error;
  }
  const timer = setInterval(look, everyMs);
  timer.unref();
  return { dispose() { over = true; clearInterval(timer); watcher?.close(); } };
}
