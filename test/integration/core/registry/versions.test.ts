import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../../../src/core/base/log';
import { parseConfig } from '../../../../src/core/config/load';
import { openLedger } from '../../../../src/core/registry/ledger/log';
import { createRegistry } from '../../../../src/core/registry/registry';
import type { RegistryContext } from '../../../../src/core/registry/types';
import { createVersions } from '../../../../src/core/registry/versions/versions';
import { openStore } from '../../../../src/core/store/open';
import { bundle } from '../../../support/bundle';
import { until } from '../../../support/until';

let workspace = '';
beforeEach(() => {
  workspace = realpathSync(mkdtempSync(path.join(tmpdir(), 'runyard-versions-')));
  mkdirSync(path.join(workspace, 'out'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

/** What an engine that starts now finds: each version whole, in the records as in the ledger, and nothing besides. Returns how many there are. */
async function look(): Promise<number> {
  const clock = (): number => Date.now() / 1000;
  const store = openStore({ dir: path.join(workspace, '.runyard'), log: silentLog, clock });
  try {
    const loaded = { file: null, ...parseConfig('', 'runyard.yaml') };
    const context: RegistryContext = { workspace, store, log: silentLog, clock, loaded: () => loaded, changed: () => undefined, attention: () => undefined };
    const ledger = openLedger(context);
    const versions = createVersions(context, ledger, { signature: () => Promise.resolve(null), get: () => Promise.reject(new Error('none')) }, () => Promise.resolve({ name: 'Ana', email: '' }));
    await versions.swept;
    expect(ledger.verify().faults).toEqual([]);
    const numbers = versions.numbers('car-loan');
    const records = createRegistry(store.records, clock).versions('car-loan');
    expect(records.map(({ version, status }) => [version, status])).toEqual(numbers.map((version) => [version, 'READY']));
    expect(ledger.entries().map(({ version }) => version).sort((a, b) => Number(b) - Number(a))).toEqual(numbers);
    for (const version of numbers) expect(await versions.altered('car-loan', version)).toEqual([]);
    // What was put in place without its entry is nobody's: the next collection takes it.
    await versions.collect(false);
    expect(readdirSync(path.join(workspace, '.runyard', 'weights'))).toHaveLength(numbers.length);
    return numbers.length;
  } finally {
    store.dispose();
  }
}

test('an engine that is killed while it registers leaves whole versions, and nothing of the one that it was at', async () => {
  const script = bundle('test/integration/core/registry/versions-child.ts');
  let made = 0;
  let known = 0;
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, [script, workspace, String(made + 1)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const first = made;
    let said = 0;
    child.stdout.on('data', (text: Buffer) => { said += String(text).split('\n').length - 1; made = first + said; });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await until('some versions', () => said >= 1 + (round % 3), 20_000);
    // At another moment of the next one each time.
    const stop = performance.now() + round * 6;
    await until('a while', () => performance.now() >= stop);
    child.kill('SIGKILL');
    await ended;
    const count = await look();
    // What was told is there; one more may have been made, and not told any more.
    expect(count - known - said).toBeGreaterThanOrEqual(0);
    expect(count - known - said).toBeLessThanOrEqual(1);
    known = count;
    made += 1;
  }
});

test.each([['copying', 1], ['reading', 1], ['before entry', 1], ['after entry', 2]])('one that is killed at %j of its second version has %i', async (moment, count) => {
  const child = spawn(process.execPath, [bundle('test/integration/core/registry/versions-child.ts'), workspace, '1', moment], { stdio: ['ignore', 'ignore', 'inherit'] });
  const signal = await new Promise((resolve) => child.on('exit', (_, killed) => resolve(killed)));
  expect(signal).toBe('SIGKILL');
  expect(await look()).toBe(count);
});
