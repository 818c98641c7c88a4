/** From click to pixels: the sample is trained from the CodeLens, seen live, compared, and the verdict read. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeForTools } from '../../scripts/lib/setup.mjs';
import { root } from '../../scripts/lib/paths.mjs';
import { copySample } from '../../scripts/workbench/sample.mjs';
import { answerQuickInput, clickTreeItem, codeLens, expandTreeItem, expectAccessible, openContainer, openFile, openWorkbench, runCommand, screenshot, temporaryWorkspace, treeItem, webviewFrame, type Workbench } from '../support/workbench';
import { until } from '../support/until';

interface Row { id: string; name: string; state: string; metrics: Record<string, { value: number }> }

let workbench: Workbench;
let folder: string;

const cli = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(nodeForTools(), [path.join(root, 'dist', 'cli.js'), ...args, '--workspace', folder], { encoding: 'utf8', cwd: folder });
const rows = (): Row[] => (JSON.parse(cli('runs', '--json').stdout) as { rows: Row[] }).rows;

beforeAll(async () => {
  folder = await copySample(temporaryWorkspace());
  workbench = await openWorkbench({ folder });
});

afterAll(async () => {
  await workbench?.close();
});

test('a click on the lens over the entry point runs the script, and the tree shows it live and then finished', async () => {
  const { page } = workbench;
  await openContainer(page);
  await openFile(page, 'train.py');
  await goTo(page, '__main__');
  await codeLens(page, /Run$/).click();
  const [run] = await until('a run in the store', () => { const all = rows(); return all.length > 0 && all; }, 60_000, 300);
  if (!run) throw new Error('no run');
  await expandTreeItem(page, 'car-loan');
  const item = treeItem(page, run.name);
  await item.waitFor();
  await screenshot(page, 'journey-live');
  await until('the end of the run', () => rows().find((one) => one.id === run.id)?.state === 'finished', 120_000, 500);
  await until('the main metric in the tree', async () => /val_auc|0\.9/.test(await item.innerText()), 60_000, 200);
  await until('the last run over the entry point', () => codeLens(page, /finished/).isVisible(), 60_000, 200);
  await screenshot(page, 'journey-finished');
}, 240_000);

test('the last value stands beside the line that logs it', async () => {
  const { page } = workbench;
  await goTo(page, 'runyard.log(');
  const hint = page.locator('.monaco-editor .view-lines', { hasText: /0\.9\d/ }).first();
  await hint.waitFor();
  await screenshot(page, 'journey-hints');
});

test('two groups of seeds are compared in the panel, which gives a verdict with an interval and its method', async () => {
  for (const lr of ['0.02', '0.5']) {
    const ran = cli('run', 'car-loan', '--param', `lr=${lr}`, '--param', 'epochs=2', '--param', 'limit=4000', '--seeds', '2', '--detach');
    expect(ran.status, ran.stderr).toBe(0);
  }
  await until('four more runs', () => rows().filter((row) => row.state === 'finished').length >= 5, 180_000, 500);
  const { page } = workbench;
  await openContainer(page);
  await expandTreeItem(page, 'car-loan');
  const four = rows().filter((row) => row.name.includes('seed'));
  expect(four).toHaveLength(4);
  for (const [at, row] of four.entries()) await clickTreeItem(page, row.name, at === 0 ? {} : { modifiers: ['Control'] });
  await runCommand(page, 'Runyard: Compare Runs');
  const frame = await webviewFrame(page, 'Compare');
  for (const row of four) await frame.getByText(row.name, { exact: false }).first().waitFor();
  await page.keyboard.press('Control+J');
  await frame.locator('.chart canvas[aria-label]').first().waitFor();
  await screenshot(page, 'compare-curves');
  await tab(frame, 'Groups');
  await frame.getByText(/Method: /).first().waitFor();
  expect(await frame.locator('.verdict .word').first().innerText()).toMatch(/better|worse|cannot tell/);
  expect(await frame.locator('.verdict').first().innerText()).toMatch(/interval/i);
  await screenshot(page, 'compare-verdict');
  await expectAccessible(frame);
}, 300_000);

const tab = async (frame: Frame, name: string): Promise<void> => frame.getByRole('tab', { name: new RegExp(name) }).click();

/** Brings the first line of train.py that holds the text into view. */
async function goTo(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+G');
  await answerQuickInput(page, { type: `:${lineOf(text)}` });
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

function lineOf(text: string): number {
  const source = spawnSync('grep', ['-n', '-m1', text, path.join(folder, 'train.py')], { encoding: 'utf8' }).stdout;
  return Number(source.split(':')[0]);
}
