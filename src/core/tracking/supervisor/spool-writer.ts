/** Appends whole lines to a spool of which this process is the only writer. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { SpoolEvent } from '../../../protocol/spool';
import { disposable, type Disposable } from '../../base/disposable';

export interface SpoolWriter extends Disposable {
  /** Never throws for the disk's sake: what it doesn't take waits, up to 4 MiB, and goes out before what comes next. */
  write(event: SpoolEvent & Record<string, unknown>): void;
}

const WAITING_LIMIT = 4 * 1024 * 1024;

/** Opens (or makes) the file at its end, at the first write. */
export function openSpoolWriter(path: string): SpoolWriter {
  let fd = -1;
  let waiting = Buffer.alloc(0);
  const flush = (): void => {
    try {
      if (fd < 0) fd = openSync(path, 'a', 0o600);
      while (waiting.length > 0) waiting = waiting.subarray(writeSync(fd, waiting));
    } catch {
      // A full disk: the lines wait in `waiting` for the next write.
      return;
    }
  };
  const end = disposable(() => {
    if (waiting.length > 0) flush();
    if (fd >= 0) closeSync(fd);
    fd = -1;
  });
  return {
    write(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      if (waiting.length + line.length <= WAITING_LIMIT) waiting = waiting.length === 0 ? line : Buffer.concat([waiting, line]);
      flush();
    },
    dispose: () => end.dispose(),
  };
}
