/** A growing file, as it grows. */
import { closeSync, openSync, readSync } from 'node:fs';
import { systemCode } from '../core/base/errors';

export interface Tail {
  /** Hands over what is new, byte for byte; returns how many bytes that was. */
  pull(): number;
  close(): void;
}

/** Reads `file` from its beginning on. A file that isn't there yet is empty. */
export function tail(file: string, write: (piece: Uint8Array) => void): Tail {
  let handle: number | null = null;
  const buffer = Buffer.alloc(65_536);
  const open = (): number | null => {
    try {
      return openSync(file, 'r');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    }
  };
  return {
    pull() {
      handle ??= open();
      if (handle === null) return 0;
      let all = 0;
      for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) {
        write(Uint8Array.from(buffer.subarray(0, read)));
        all += read;
      }
      return all;
    },
    close() {
      if (handle !== null) closeSync(handle);
      handle = null;
    },
  };
}
