/** Ten thousand runs in the tree, and a tree that is true again after kill -9 of the extension host. */
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../src/core/base/log';
import { openStore } from '../../src/core/store/open';
import { runSpec } from '../../src/protocol/spool';
import { shippedCli } from '../support/runs';
import { until } from '../support/until';
import { expandTreeItem, openContainer, openWorkbench, screenshot, temporaryWorkspace, treeItem, type Workbench } from '../support/workbench';

const RUNS = 10_000;
let workbench: Workbench;
let folder: string;

beforeAll(async () => {
  folder = temporaryWorkspace();
  const store = openStore({ dir: path.join(folder, '.runyard'), log: silentLog, clock: () => 1_700_000_000 });
  for (let n = 0; n < RUNS; n++) {
    const runId = randomBytes(16).toString('hex');
    store.createRun(runSpec.parse({ format: 1, runId, experiment: 'many', name: `run-${n}`, created: 1_700_000_000 + n, argv: ['true'], params: { lr: String(n % 7) } }), 'running');
    store.setState(runId, { state: 'finished', t: 1_700_000_001 + n, code: 0 });
  }
  store.dispose();
  workbench = await openWorkbench({ folder });
  await openContainer(workbench.page);
}, 180_000);

afterAll(async () => {
  await workbench?.close();
});

test('10,000 runs open as a page, the newest first, and more come when they are asked for', async () => {
  const { page } = workbench;
  await expandTreeItem(page, 'many');
  await treeItem(page, `run-${RUNS - 1}`).waitFor();
  const tree = page.locator('.part.sidebar .monaco-list').first();
  await tree.focus();
  await page.keyboard.press('End');
  const more = treeItem(page, /more/i);
  await more.waitFor();
  await screenshot(page, 'tree-10000');
  await more.click();
  await until('the second page', async () => {
    await tree.focus();
    await page.keyboard.press('End');
    return treeItem(page, `run-${RUNS - 400}`).isVisible();
  }, 20_000, 200);
  await screenshot(page, 'tree-10000-more');
});

test('after kill -9 of the extension host the tree is true again, and a run goes on meanwhile', async () => {
  const { page, server } = workbench;
  const cli = shippedCli(folder);
  const started = cli('run', '--experiment', 'alive', '--name', 'survivor', '--detach', '--', 'sh', '-c', 'while [ ! -e go ]; do sleep 0.1; done; exit 3');
  expect(started.status, started.stderr).toBe(0);
  await expandTreeItem(page, 'alive');
  await treeItem(page, 'survivor').waitFor();
  const hosts = extensionHosts(server.pid);
  expect(hosts.length).toBeGreaterThan(0);
  for (const pid of hosts) process.kill(pid, 'SIGKILL');
  writeFileSync(path.join(folder, 'go'), '');
  await until('the true end of the run in the store', () => (JSON.parse(cli('show', 'survivor', '--json').stdout) as { state: string }).state === 'failed', 60_000, 200);
  await until('a new extension host', () => extensionHosts(server.pid).some((pid) => !hosts.includes(pid)), 60_000, 200);
  await until('the failed run in the tree', async () => /failed|exit/.test((await treeItem(page, 'survivor').getAttribute('aria-label', { timeout: 5000 }).catch(() => '')) ?? ''), 60_000, 200);
}, 120_000);

/** Extension hosts among the server's processes. */
function extensionHosts(group: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    .filter((pid) => commandOf(pid).includes('--type=extensionHost') && groupOf(pid) === group);
}

const groupOf = (pid: number): number => Number(spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout);

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    return `gone: ${String(error)}`;
  }
}
