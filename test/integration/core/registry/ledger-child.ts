/**
 * A writer of a workspace's ledger: node ledger-child.js append|full WORKSPACE
 * append: entry after entry until it is ended, each hash said once it is acknowledged. full: on a small disk, with less and less space left.
 */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../../../src/core/base/log';
import { RunyardError, systemCode } from '../../../../src/core/base/errors';
import { parseConfig } from '../../../../src/core/config/load';
import type { LedgerEntry } from '../../../../src/core/registry/ledger/entry';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import { openStore } from '../../../../src/core/store/open';

const [mode = '', workspace = ''] = process.argv.slice(2);
const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock: () => Date.now() / 1000 });
const loaded = { file: 'runyard.yaml', ...parseConfig('registry: {share: team}', 'runyard.yaml') };
const ledger = openLedger({ workspace, store, log: silentLog, clock: () => Date.now() / 1000, loaded: () => loaded, changed: () => undefined, attention: () => undefined });
const append = (version: number, length: number): LedgerEntry => ledger.append({
  by: { name: 'Ana', email: 'ana@example.org' }, kind: 'promoted', model: 'loan', version, environment: 'production', facts: { reason: 'x'.repeat(length) },
});

if (mode === 'append') for (let version = 1; ; version++) writeSync(1, `${append(version, (version * 7919) % 20_000).hash}\n`);
else process.stdout.write(JSON.stringify(fillUp()));

/** Each time the disk is full to another point: what was said of it, and whether the ledger is what was acknowledged. */
function fillUp(): { rounds: { left: number; code: string; acknowledged: boolean; whole: boolean }[] } {
  const own = path.join(workspace, '.runyard', 'ledger', `${ledger.clone}.jsonl`);
  const ballast = path.join(workspace, 'ballast');
  let known = 0;
  const rounds = Array.from({ length: 12 }, (_, round) => {
    const left = 4096 * round;
    takeAllBut(ballast, left);
    let code = '';
    try {
      for (let version = 1; version < 100; version++) {
        append(version, 3000 + round * 100);
        known += 1;
      }
    } catch (error) {
      code = error instanceof RunyardError ? error.code : systemCode(error) || String(error);
    }
    const text = existsSync(own) ? readFileSync(own, 'utf8') : '';
    const acknowledged = known === ledger.entries().length && known === text.split('\n').length - 1 && (text === '' || text.endsWith('\n'));
    rmSync(ballast);
    return { left, code, acknowledged, whole: ledger.verify().ok };
  });
  append(1, 10);
  return { rounds: [...rounds, { left: -1, code: 'disk_full', acknowledged: known + 1 === ledger.entries().length, whole: ledger.verify().ok }] };
}

function takeAllBut(file: string, left: number): void {
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    for (;;) writeSync(handle, page);
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
    ftruncateSync(handle, Math.max(0, fstatSync(handle).size - left));
  } finally {
    closeSync(handle);
  }
  if (statfsSync(workspace).bavail * 4096 > left + 8192) throw new Error('the disk is not full');
}
