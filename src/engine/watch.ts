/** Hears of changes to files of the workspace's root. */
import { unwatchFile, watch, watchFile } from 'node:fs';
import path from 'node:path';
import { disposables, type Disposable } from '../core/base/disposable';
import { describeError } from '../core/base/errors';
import type { Log } from '../core/base/log';

/**
 * Calls `changed` soon after one of `names` in `folder` was written, made, removed or put in place by rename.
 * The system's notices are quick but missing on network file systems, so the files are also looked at every 2 s.
 */
export function watchFiles(folder: string, names: readonly string[], options: { changed: () => void; log: Log }): Disposable {
  const all = disposables();
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(options.changed, 100).unref();
  };
  all.add({ dispose: () => clearTimeout(timer) });
  try {
    const watcher = watch(folder, { persistent: false }, (_kind, name) => {
      if (name !== null && names.includes(name)) soon();
    });
    watcher.on('error', (error) => options.log.warn(`${folder} isn't watched any more, only looked at: ${describeError(error)}`));
    all.add({ dispose: () => watcher.close() });
  } catch (error) {
    options.log.warn(`${folder} can't be watched, only looked at: ${describeError(error)}`);
  }
  for (const name of names) {
    const file = path.join(folder, name);
    const look = (): void => soon();
    watchFile(file, { persistent: false, interval: 2000 }, look);
    all.add({ dispose: () => unwatchFile(file, look) });
  }
  return all;
}
