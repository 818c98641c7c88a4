/** Windows that come and go: two on one folder, a reload, an engine that is killed, a runyard.yaml with a mistake. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { nodeForTools } from '../../scripts/lib/setup.mjs';
import { codeLens, expandTreeItem, openContainer, openFile, openWorkbench, runCommand, screenshot, temporaryWorkspace, treeItem, webviewFrame, type Workbench } from '../support/workbench';
import { until } from '../support/until';

let workbench: Workbench;
let folder: string;

const cli = (command: string, ...args: string[]): string => {
  const ran = spawnSync(nodeForTools(), [path.join(root, 'dist', 'cli.js'), command, '--workspace', folder, ...args], { encoding: 'utf8', cwd: folder });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout;
};
const run = (name: string, script: string, ...more: string[]): string => cli('run', '--experiment', 'trial', '--name', name, ...more, '--', 'sh', '-c', script);

beforeAll(async () => {
  folder = temporaryWorkspace();
  writeFileSync(path.join(folder, 'runyard.yaml'), 'version: 1\nqueue:\n  concurrency: 4\n');
  run('first', 'echo loss=0.5');
  run('second', 'echo loss=0.4');
  workbench = await openWorkbench({ folder });
  await openContainer(workbench.page);
  await expandTreeItem(workbench.page, 'trial');
});

afterAll(async () => {
  await workbench?.close();
});

test('a run started anywhere appears in both of two windows', async () => {
  const { page } = workbench;
  const other = await workbench.openWindow();
  await openContainer(other);
  await expandTreeItem(other, 'trial');
  run('third', 'echo loss=0.3');
  await treeItem(page, 'third').waitFor();
  await treeItem(other, 'third').waitFor();
  await other.context().close();
});

test('after kill -9 of the engine the tree goes on and a live run reaches its true end', async () => {
  const { page } = workbench;
  run('survivor', 'while [ ! -e go ]; do sleep 0.1; done; echo loss=0.2; exit 3', '--detach');
  await treeItem(page, 'survivor').waitFor();
  const lock = JSON.parse(readFileSync(path.join(folder, '.runyard', 'engine.lock'), 'utf8')) as { pid: number };
  process.kill(lock.pid, 'SIGKILL');
  writeFileSync(path.join(folder, 'go'), '');
  await until('the failed run in the tree', async () => /failed|exit/.test((await treeItem(page, 'survivor').getAttribute('aria-label')) ?? ''), 60_000, 100);
  await screenshot(page, 'after-engine-kill');
});

test('a reload brings the compare panel back with its runs', async () => {
  const { page } = workbench;
  await treeItem(page, 'first').click();
  await treeItem(page, 'second').click({ modifiers: ['Control'] });
  await runCommand(page, 'Runyard: Compare Runs');
  await (await webviewFrame(page, 'Compare')).getByText('second').first().waitFor();
  await Promise.all([page.waitForEvent('domcontentloaded'), runCommand(page, 'Developer: Reload Window')]);
  await page.locator('.tab', { hasText: 'Compare' }).first().waitFor();
  const frame = await webviewFrame(page, 'Compare');
  await frame.getByText('first').first().waitFor();
  await frame.getByText('second').first().waitFor();
});

test('a mistake in runyard.yaml is in the Problems panel with its line and column, and its way out', async () => {
  const { page } = workbench;
  writeFileSync(path.join(folder, 'runyard.yaml'), 'version: 1\nqueue:\n  concurency: 2\n');
  await runCommand(page, 'Problems: Focus on Problems View');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'concurrency' }).first();
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/Ln 3, Col 3/);
  await screenshot(page, 'problems');
});

test('in a folder that is not trusted nothing runs, whatever runyard.yaml schedules; the tree says so, and leads to where trust is given', async () => {
  const strange = temporaryWorkspace('car-loan');
  const ran = path.join(strange, 'ran');
  const began = JSON.stringify(['touch', ran]);
  writeFileSync(path.join(strange, 'runyard.yaml'), `version: 1
experiments: {fit: {command: ${began}}}
registry: {environments: {production: {autoRollback: {health: {command: ${began}, every: 1}}}}}
monitors:
  daily: {model: loan@production, log: {data: data/current.csv, time: month}, schedule: {every: 1s}, checks: [{check: command, command: ${began}}]}
serving: {loan@production: {sample: 1}}
retraining: {often: {model: loan@production, experiment: fit, triggers: [{on: schedule, every: 1s}]}}
`);
  await using untrusted = await openWorkbench({ folder: strange, trusted: false });
  const { page } = untrusted;
  const dialog = page.getByRole('button', { name: /No, I don't trust/ });
  if (await dialog.isVisible({ timeout: 5000 }).catch(() => false)) await dialog.click();
  await openContainer(page);
  const told = page.locator('.part.sidebar', { hasText: /runs nothing of it, no script, monitor, retraining or server/ }).first();
  await told.waitFor();
  await openFile(page, 'runyard.yaml');
  await screenshot(page, 'untrusted');
  expect(await page.locator('.part.sidebar .pane-header', { hasText: 'Monitoring' }).count() + await codeLens(page, /Run/).count()).toBe(0);
  expect(existsSync(path.join(strange, '.runyard')) || existsSync(ran)).toBe(false);
  await told.locator('.monaco-button', { hasText: 'Manage Workspace Trust' }).click();
  await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
  await until('the engine, once the folder is trusted', () => existsSync(path.join(strange, '.runyard', 'engine.lock')), 30_000);
  // With nothing scheduled any more it ends after this window.
  writeFileSync(path.join(strange, 'runyard.yaml'), 'version: 1\n');
});
