import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { script, shippedCli, writeProject } from '../support/runs';
import { answerQuickInput, clickTreeItem, notification, openContainer, openWorkbench, runCommand, screenshot, temporaryWorkspace, treeItem, type Workbench } from '../support/workbench';
import { until } from '../support/until';
import { writeFileSync } from 'node:fs';

let workbench: Workbench;
const folder = temporaryWorkspace();

beforeAll(async () => {
  writeProject(folder);
  const cli = shippedCli(folder);
  for (const args of [['--param', 'lr=0.05', '--name', 'slow'], ['--param', 'lr=0.1', '--name', 'fast'], ['--param', 'code=3', '--name', 'broken']]) {
    const { status, stderr } = cli('run', 'demo', ...args);
    if (status !== 0 && status !== 3) throw new Error(stderr);
  }
  workbench = await openWorkbench({ folder });
  await openContainer(workbench.page);
  await treeItem(workbench.page, 'fast').waitFor();
});

afterAll(async () => {
  await workbench?.close();
});

test('runs stand under their experiment with main metric and state', async () => {
  const { page } = workbench;
  expect(await treeItem(page, 'fast').getAttribute('aria-label')).toMatch(/fast, finished, acc 0\.9/);
  expect(await treeItem(page, 'broken').getAttribute('aria-label')).toMatch(/broken, failed/);
});

test('a selected run shows what is known of it', async () => {
  const { page } = workbench;
  await clickTreeItem(page, 'slow');
  await treeItem(page, 'Command').waitFor();
  await screenshot(page, 'tree-details');
  // How much of them is in sight depends on what else is in the side bar.
  await treeItem(page, 'Command').hover();
  await until('its params', async () => {
    if (await treeItem(page, 'lr').isVisible()) return true;
    await page.mouse.wheel(0, 44);
    return false;
  }, 30_000, 100);
});

test('a pinned run is the baseline', async () => {
  const { page } = workbench;
  await clickTreeItem(page, 'slow');
  await runCommand(page, 'Runyard: Pin as Baseline');
  await until('the star', async () => (await treeItem(page, 'slow').innerText()).includes('★ baseline'));
});

test('a deleted run leaves the tree, and Undo brings it back', async () => {
  const { page } = workbench;
  await clickTreeItem(page, 'broken');
  await page.keyboard.press('Delete');
  const told = notification(page, 'Moved broken to the trash');
  await told.waitFor();
  await until('the run to leave the tree', async () => (await treeItem(page, 'broken').count()) === 0);
  await told.getByText('Undo').click();
  await treeItem(page, 'broken').waitFor();
});

test('a filter that is wrong is told while it is typed; a right one leaves what matches', async () => {
  const { page } = workbench;
  await runCommand(page, 'Runyard: Filter Runs');
  const input = page.locator('.quick-input-widget:visible input').first();
  await input.fill('metrics.acc >> 0.8');
  await page.locator('.quick-input-widget:visible', { hasText: /should|expected/ }).waitFor();
  await screenshot(page, 'tree-filter-wrong');
  await answerQuickInput(page, { type: 'metrics.acc > 0.8' });
  await until('the others to leave', async () => (await treeItem(page, 'slow').count()) === 0);
  await treeItem(page, 'fast').waitFor();
  await runCommand(page, 'Runyard: Clear Filter');
  await treeItem(page, 'slow').waitFor();
});

test('groups by params say what differs', async () => {
  const { page } = workbench;
  await runCommand(page, 'Runyard: Group Runs');
  await answerQuickInput(page, { pick: 'By Params' });
  await treeItem(page, 'lr 0.05').waitFor();
  await screenshot(page, 'tree-groups');
  await runCommand(page, 'Runyard: Group Runs');
  await answerQuickInput(page, { pick: 'None' });
  await treeItem(page, 'fast').waitFor();
});

test('in a folder that is not trusted nothing starts, and the tree says why', async () => {
  const other = temporaryWorkspace();
  writeFileSync(path.join(other, 'train.py'), script);
  await using untrusted = await openWorkbench({ folder: other, trusted: false });
  const { page } = untrusted;
  // The editor asks whether the folder is to be trusted; it isn't.
  const no = page.locator('.dialog-buttons .monaco-button', { hasText: /No|browse/i }).first();
  await no.click({ timeout: 10_000 }).catch(() => page.keyboard.press('Escape'));
  await openContainer(page);
  await page.locator('.part.sidebar', { hasText: 'not trusted yet' }).waitFor();
  await screenshot(page, 'tree-untrusted');
  expect(existsSync(path.join(other, '.runyard'))).toBe(false);
});
