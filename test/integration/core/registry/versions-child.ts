/** Registers version after version, each of two files, until it is ended: node versions-child.cjs WORKSPACE FROM */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../../../src/core/base/log';
import { parseConfig } from '../../../../src/core/config/load';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import type { RegistryContext } from '../../../../src/core/registry/types';
import { createVersions } from '../../../../src/core/registry/versions/versions';
import { openStore } from '../../../../src/core/store/open';
import { registerParams } from '../../../../src/protocol/registry';

const [workspace = '', from = '1'] = process.argv.slice(2);
const by = { name: 'Ana', email: '' };
async function main(): Promise<void> {
  const clock = (): number => Date.now() / 1000;
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
  const loaded = { file: null, ...parseConfig('', 'runyard.yaml') };
  const context: RegistryContext = { workspace, store, log: silentLog, clock, loaded: () => loaded, changed: () => undefined, attention: () => undefined };
  const versions = createVersions(context, openLedger(context), { signature: () => Promise.resolve(null), get: () => Promise.reject(new Error('none')) }, () => Promise.resolve(by));
  const watching = { signal: new AbortController().signal, progress: () => undefined };
  for (let made = Number(from); ; made++) {
    for (const name of ['model.onnx', 'weights.bin']) writeFileSync(path.join(workspace, 'out', name), Buffer.alloc(300_000, `${name} ${made}`));
    const { version } = await versions.register(registerParams.parse({ model: 'car-loan', file: 'out' }), by, watching);
    process.stdout.write(`${made} ${version}\n`);
  }
}
void main();
