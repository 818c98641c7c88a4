/** Drift in a real editor: a log in which things change is looked at window by window, a cell opened, an alert answered, two files compared. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY, driftMonitor, writeDriftLog } from '../support/drift-log';
import { shippedCli } from '../support/runs';
import { answerQuickInput, expectAccessible, openContainer, openWorkbench, runCommand, answerPathDialog, screenshot, temporaryWorkspace, webviewFrame, type Workbench } from '../support/workbench';
import { until } from '../support/until';

const DAYS = 6;
const folder = temporaryWorkspace();
const today = Math.floor(Date.now() / DAY) * DAY;
let workbench: Workbench;
let page: Page;
const cell = (frame: Frame, column: string) => frame.locator('.heat-map .grid-row', { has: frame.locator('[role=rowheader]', { hasText: column }) }).locator('.heat');

beforeAll(async () => {
  writeDriftLog(folder, { today, now: Date.now(), days: DAYS, rows: 700 });
  workbench = await openWorkbench({ folder });
  page = workbench.page;
  await openContainer(page);
});
afterAll(async () => { await workbench?.close(); });

test('without a monitor the panel says what one is', async () => {
  await runCommand(page, 'Runyard: Open Drift Panel');
  const frame = await webviewFrame(page, 'Drift');
  await frame.getByText('No monitor yet').waitFor();
  await expectAccessible(frame);
  await page.keyboard.press('Control+w');
});

test('a monitor\u2019s windows are a heat map, and a cell is the column against its reference', async () => {
  writeFileSync(path.join(folder, 'runyard.yaml'), driftMonitor(null));
  const run = shippedCli(folder);
  for (let day = 1; day < DAYS; day += 1) {
    const { status, stderr } = run('monitor', 'run', 'loans', '--at', new Date(today - day * DAY - DAY / 2).toISOString());
    expect([0, 1, 3], stderr).toContain(status);
  }
  await runCommand(page, 'Runyard: Open Drift Panel');
  const frame = await webviewFrame(page, 'Drift: loans');
  await frame.locator('vscode-button', { hasText: 'Run now' }).first().click();
  await until('every window', async () => (await cell(frame, 'income').count()) === DAYS, 60_000);
  expect(await cell(frame, 'income').last().getAttribute('title')).toMatch(/drifted; largest effect/);
  expect(await cell(frame, 'loan_length').last().getAttribute('title')).toMatch(/not drifted/);
  await cell(frame, 'branch').last().click();
  await frame.locator('.picture h2', { hasText: 'branch against the reference' }).waitFor();
  await until('the bars', async () => (await frame.locator('.category-scroll canvas').getAttribute('aria-label'))?.includes('online') ?? false);
  await cell(frame, 'income').last().click();
  await until('the histogram', async () => (await frame.locator('.distribution .picture canvas').first().getAttribute('aria-label'))?.startsWith('income: median') ?? false);
  await until('the line', async () => (await frame.locator('.column-view > .picture canvas').getAttribute('aria-label'))?.startsWith('PSI over 6 windows') ?? false);
  await screenshot(page, 'drift-real');
  await expectAccessible(frame);
  for (const [name, ready] of [['All columns', '.together-facts .figures-head'], ['Performance', '.performance-view tbody tr'], ['Slices', '.slice-table tbody tr'], ['New rows', '.rows-view .grid-body .grid-row'], ['Checks', '.scroll-view tbody tr']] as const) {
    await frame.getByRole('tab', { name }).click();
    await frame.locator(ready).locator('visible=true').first().waitFor({ timeout: 60_000 });
    await screenshot(page, `drift-real-${name.toLowerCase().replace(' ', '-')}`);
  }
});

test('its alert is acknowledged where it is seen', async () => {
  const frame = await webviewFrame(page, 'Drift: loans');
  await frame.getByRole('tab', { name: /^Alerts/ }).click();
  await frame.locator('.alert-list .alert').first().waitFor();
  await frame.locator('.markdown strong', { hasText: 'form' }).waitFor();
  await frame.locator('.alert-detail vscode-button', { hasText: 'Acknowledge' }).click();
  await frame.locator('.write-form textarea').fill('the new form went out');
  await frame.locator('.write-form vscode-button', { hasText: 'Acknowledge' }).click();
  await frame.locator('.events').getByText('the new form went out').waitFor();
  await screenshot(page, 'drift-real-alerts');
});

test('it comes back after a reload of the window, with the column that was chosen', async () => {
  const before = await webviewFrame(page, 'Drift: loans');
  await cell(before, 'branch').nth(1).click();
  await before.locator('.picture h2', { hasText: 'branch against the reference' }).waitFor();
  await screenshot(page, 'drift-real-branch');
  // Not the browser's own: the editor keeps what a panel says of itself when it ends in good order.
  await Promise.all([page.waitForEvent('domcontentloaded'), runCommand(page, 'Developer: Reload Window')]);
  // Which tab is in front is kept a moment late.
  await page.locator('.tab', { hasText: 'Drift: loans' }).first().click();
  const frame = await webviewFrame(page, 'Drift: loans', 60_000);
  await until('every window', async () => (await cell(frame, 'income').count()) === DAYS, 60_000);
  await frame.locator('.picture h2', { hasText: 'branch against the reference' }).waitFor();
  expect(await cell(frame, 'branch').nth(1).getAttribute('class')).toContain('chosen');
});

test('two files are compared, and the report is saved', async () => {
  await runCommand(page, 'Runyard: Compare Two Data Sets for Drift');
  await answerQuickInput(page, { title: '(1/2)', type: 'reference.csv', pick: 'reference.csv' });
  await answerQuickInput(page, { title: '(2/2)', type: 'log.csv', pick: 'log.csv' });
  const frame = await webviewFrame(page, 'Drift: log.csv');
  await until('the columns', async () => (await cell(frame, 'income').count()) === 1, 60_000);
  await frame.locator('.distribution .picture h2', { hasText: 'against the reference' }).first().waitFor();
  await screenshot(page, 'drift-real-comparison');
  await frame.locator('.head vscode-button', { hasText: 'Markdown' }).click();
  const file = path.join(folder, 'drift.md');
  await answerPathDialog(page, file);
  await until('the report', () => existsSync(file) && readFileSync(file, 'utf8').includes('income'), 60_000);
});
