import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shippedCli, writeProject } from '../support/runs';
import { codeLens, openFile, openWorkbench, runCommand, screenshot, temporaryWorkspace, type Workbench } from '../support/workbench';
import { until } from '../support/until';

let workbench: Workbench;
const folder = temporaryWorkspace();

beforeAll(async () => {
  writeProject(folder);
  const cli = shippedCli(folder);
  for (const lr of ['0.05', '0.1']) {
    const { status, stderr } = cli('run', 'demo', '--param', `lr=${lr}`);
    if (status !== 0) throw new Error(stderr);
  }
  workbench = await openWorkbench({ folder });
  await openFile(workbench.page, 'train.py');
});

afterAll(async () => {
  await workbench?.close();
});

test('over the entry point stand Run and how the last run did against the one before', async () => {
  const { page } = workbench;
  await codeLens(page, /Run$/).waitFor();
  await codeLens(page, /finished · acc 0\.9\s▲\s\+0\.2/).waitFor();
});

test('beside the call that logs it stands the last value with its difference', async () => {
  const { page } = workbench;
  await page.locator('.monaco-editor .view-line', { hasText: /"acc".*0\.9\s▲\s\+0\.2/ }).waitFor();
  await screenshot(page, 'editor-hints');
});

/** Points at a string of the script until a hover with that text is there. */
async function hoverOver(literal: string, text: string): Promise<Locator> {
  const { page } = workbench;
  const hover = page.locator('.monaco-hover:visible', { hasText: text }).first();
  await until(`a hover with "${text}"`, async () => {
    await page.mouse.move(0, 0);
    await page.locator('.monaco-editor .view-line span > span', { hasText: new RegExp(`^${literal}$`) }).first().hover();
    return hover.waitFor({ timeout: 3000 }).then(() => true, () => false);
  }, 20_000);
  return hover;
}

test('pointing at a flag shows the values that were tried', async () => {
  const { page } = workbench;
  const hover = await hoverOver('"--lr"', 'higher is better');
  const text = await hover.innerText();
  expect(text).toMatch(/0\.1\s/);
  expect(text).toMatch(/0\.05\s/);
  await screenshot(page, 'editor-param');
});

test('pointing at a metric shows its course over the runs', async () => {
  const hover = await hoverOver('"acc"', 'best');
  await hover.locator('img[src^="data:image/svg+xml"]').waitFor();
});

test('what is wrong in runyard.yaml is in the Problems panel with its line and column', async () => {
  const { page } = workbench;
  appendFileSync(path.join(folder, 'runyard.yaml'), '  other:\n    comand: [python3, train.py]\n');
  await runCommand(page, 'Problems: Focus on Problems View');
  const row = page.locator('.part.panel .monaco-list-row', { hasText: /has no command/ }).first();
  await row.waitFor();
  expect(await row.innerText()).toMatch(/Ln 8, Col 3/);
  await screenshot(page, 'editor-problems');
});
