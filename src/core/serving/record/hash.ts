/** Hashes of personal values with a key of the workspace's own, and shares told by a request's id. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunyardError, systemCode } from '../../base/errors';

const KEY_BYTES = 32;

/** `<folder>/key`, made where it isn't there; only its owner may read it. Throws store_corrupt where it is no key. */
export function workspaceKey(folder: string): Buffer {
  const file = path.join(folder, 'key');
  const read = (): Buffer => {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
    if (key.length !== KEY_BYTES) throw new RunyardError('store_corrupt', `${file} holds no key`, 'delete it: a new one is made, and hashes from then on are others than before');
    return key;
  };
  try {
    return read();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  mkdirSync(folder, { recursive: true });
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600 });
  chmodSync(aside, 0o600);
  try {
    linkSync(aside, file);
  } catch (error) {
    // another server was quicker: its key is the one
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return read();
}

/** HMAC-SHA-256, the first 128 bits in hexadecimal: equal values stay equal, and nobody finds the value without the key. */
export const hashed = (key: Buffer, value: string): string => createHmac('sha256', key).update(value).digest('hex').slice(0, 32);

/** A number in [0, 1) that is the same for a request each time; `what` makes it another for each use. */
export function shareOf(request: string, what: string): number {
  return createHash('sha256').update(`${what}\u0000${request}`).digest().readUInt32BE(0) / 2 ** 32;
}
