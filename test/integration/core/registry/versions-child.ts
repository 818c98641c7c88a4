/**
 * Registers version after version, each of two files, until it is ended: node versions-child.cjs WORKSPACE FROM [MOMENT]
 * With a moment it ends itself there as kill -9 does, at its second version: 'copying', 'reading', 'before entry', 'after entry'.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../../../src/core/base/log';
import { parseConfig } from '../../../../src/core/config/load';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import type { RegistryContext } from '../../../../src/core/registry/types';
import { createVersions } from '../../../../src/core/registry/versions/versions';
import { openStore } from '../../../../src/core/store/open';
import { registerParams } from '../../../../src/protocol/registry';

const [workspace = '', from = '1', moment = ''] = process.argv.slice(2);
const by = { name: 'Ana', email: '' };
let second = false;
function endAt(here: string): void {
  if (second && here === moment) process.kill(process.pid, 'SIGKILL');
}
async function main(): Promise<void> {
  const clock = (): number => Date.now() / 1000;
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
  const loaded = { file: null, ...parseConfig('', 'runyard.yaml') };
  const context: RegistryContext = { workspace, store, log: silentLog, clock, loaded: () => loaded, changed: () => undefined, attention: () => undefined };
  const opened = openLedger(context);
  const ledger: typeof opened = { ...opened, append(facts) {
    endAt('before entry');
    const entry = opened.append(facts);
    endAt('after entry');
    return entry;
  } };
  const signature = (): Promise<null> => { endAt('reading'); return Promise.resolve(null); };
  const versions = createVersions(context, ledger, { signature, get: () => Promise.reject(new Error('none')) }, () => Promise.resolve(by));
  const watching = { signal: new AbortController().signal, progress: () => endAt('copying') };
  for (let made = Number(from); ; made++) {
    for (const name of ['model.onnx', 'weights.bin']) writeFileSync(path.join(workspace, 'out', name), Buffer.alloc(300_000, `${name} ${made}`));
    const { version } = await versions.register(registerParams.parse({ model: 'car-loan', file: 'out' }), by, watching);
    process.stdout.write(`${made} ${version}\n`);
    second = true;
  }
}
void main();
