/** A model evaluated in a real editor: from its entry in runyard.yaml to the panel, the tests and the problems. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/lib/paths.mjs';
import { shippedCli } from '../support/runs';
import {
  answerQuickInput, clickTreeItem, codeLens, expandTreeItem, expectAccessible, notification, openContainer, openFile, openWorkbench, runCommand, screenshot, temporaryWorkspace, webviewFrame,
  type Workbench,
} from '../support/workbench';
import { until } from '../support/until';

/** The sample's data are 50,000 rows: some thousand do, and the evaluation takes a second. */
const ROWS = 4000;
const config = `version: 1
evaluations:
  current:
    model: model_v2.onnx
    baseline: model.onnx
    data: data/current.csv
    label: repaid
slices:
  short-loans:
    where: loan_length < 12
    owner: ana
    thresholds: {accuracy: {min: 0.99}}
  no-car-before:
    where: repaid_loan_on_prev_car = false
    thresholds: {accuracy: {min: 0.5}}
  few:
    where: car_value > 90000000
    thresholds: {accuracy: {min: 0.5}}
`;

let workbench: Workbench;
let page: Page;
const folder = temporaryWorkspace('car-loan');
const at = (...names: string[]): string => path.join(folder, ...names);

beforeAll(async () => {
  for (const name of ['model.onnx', 'model_v2.onnx']) copyFileSync(path.join(root, 'test', 'fixtures', 'reference', 'p4_large_car_loan', name), at(name));
  for (const name of ['current', 'train']) {
    const file = at('data', `${name}.csv`);
    writeFileSync(file, `${readFileSync(file, 'utf8').split('\n').slice(0, ROWS + 1).join('\n')}\n`);
  }
  writeFileSync(at('runyard.yaml'), config);
  writeFileSync(at('export.py'), 'import runyard\nrunyard.log_artifact("model_v2.onnx")\n');
  const { status, stderr } = shippedCli(folder)('run', '--experiment', 'export', '--', 'python3', 'export.py');
  if (status !== 0) throw new Error(stderr);
  workbench = await openWorkbench({ folder });
  page = workbench.page;
});

afterAll(async () => {
  await workbench?.close();
});

const view = (name: string): Promise<void> => page.locator(`.activitybar .action-item:has([aria-label^="${name}"])`).first().click();
const panel = (): Promise<Frame> => webviewFrame(page, 'Evaluation: current');
/** A row of the Test Explorer by its label and how it came out. */
const testItem = (name: string, state: string) => page.locator('.test-explorer .monaco-list-row', { hasText: name }).filter({ has: page.locator(`.computed-state.codicon-testing-${state}-icon`) }).first();
const problem = (text: RegExp) => page.locator('.part.panel .monaco-list-row', { hasText: text }).first();

test('over its entry in runyard.yaml stands Evaluate; the panel that it opens has the figures with their intervals', async () => {
  await openFile(page, 'runyard.yaml');
  await page.keyboard.press('Control+End');
  await codeLens(page, /Evaluate$/).click();
  const frame = await panel();
  await frame.getByText('short-loans').first().waitFor();
  await frame.getByRole('columnheader', { name: 'car_value' }).waitFor();
  const text = await frame.locator('body').innerText();
  expect(text).toContain(`${ROWS.toLocaleString('en-US')} rows`);
  expect(text).toMatch(/0\.9\d+\s+0\.8\d+ to 0\.9\d+/);
  await expectAccessible(frame);
  await screenshot(page, 'evaluation-panel');
});

test('the Test Explorer has each slice with how it came out', async () => {
  await view('Testing');
  await testItem('current', 'failed').click();
  await page.keyboard.press('ArrowRight');
  await testItem('short-loans', 'failed').waitFor();
  await testItem('no-car-before', 'passed').waitFor();
  await testItem('few', 'skipped').waitFor();
  expect(await testItem('few', 'skipped').innerText()).toContain('cannot tell');
  await screenshot(page, 'evaluation-tests');
});

test('a failing slice stands in the Problems panel at its line, and leads to the panel', async () => {
  await page.locator('.tab', { hasText: 'runyard.yaml' }).first().click();
  await runCommand(page, 'Problems: Focus on Problems View');
  const row = problem(/slice 'short-loans' fails in current/);
  const line = readFileSync(at('runyard.yaml'), 'utf8').split('\n').indexOf('  short-loans:') + 1;
  expect(await row.innerText()).toContain(`Ln ${line}, Col 3`);
  await problem(/slice 'few': cannot tell in current/).waitFor();
  await screenshot(page, 'evaluation-problems');
  await row.getByText('open evaluation').click({ modifiers: ['Control'] });
  await panel();
});

test('a slice that passes again is gone from the problems, wherever it was evaluated', async () => {
  writeFileSync(at('runyard.yaml'), readFileSync(at('runyard.yaml'), 'utf8').replace('{min: 0.99}', '{min: 0.6}'));
  const { status, stderr } = shippedCli(folder)('evaluate', 'current');
  expect([0, 3], stderr).toContain(status);
  await until('no such problem', async () => (await problem(/slice 'short-loans'/).count()) === 0, 60_000);
  await testItem('short-loans', 'passed').getByText('1 of last 2 passed').waitFor();
  await runCommand(page, 'Test Results: Focus on Test Results View');
  await page.locator('.part.panel', { hasText: 'current: evaluated elsewhere' }).waitFor();
  await screenshot(page, 'evaluation-elsewhere');
});

test('tests are run from the explorer', async () => {
  const row = page.locator('.test-explorer .monaco-list-row', { hasText: 'short-loans' }).first();
  await row.hover();
  await row.locator('.codicon-testing-run-icon').first().click();
  await page.locator('.part.panel .xterm', { hasText: 'the same' }).waitFor();
  await testItem('short-loans', 'passed').waitFor();
});

test('a new slice is checked as it is typed, saved in runyard.yaml, and is a test', async () => {
  await runCommand(page, 'Runyard: New Slice');
  const widget = page.locator('.quick-input-widget:visible');
  await answerQuickInput(page, { type: 'loan_lenth < 15' });
  await widget.getByText('there is no column loan_lenth').waitFor();
  await widget.locator('input[type="text"]').first().fill('loan_length < 15');
  await widget.getByText(/[\d,]+ of 4,000 rows of current\.csv/).waitFor();
  await screenshot(page, 'evaluation-new-slice');
  await answerQuickInput(page, {});
  await widget.getByText('What it is called').waitFor();
  await answerQuickInput(page, { type: 'middling' });
  await answerQuickInput(page, { pick: 'Save Slice' });
  await until('the slice in the file', () => readFileSync(at('runyard.yaml'), 'utf8').includes('middling:'));
  await page.locator('.tab.active', { hasText: 'runyard.yaml' }).waitFor();
  await page.locator('.test-explorer .monaco-list-row', { hasText: /middling.*not evaluated yet/ }).waitFor();
});

test('the model of a run is put to data in the form, which shows what goes into which input, and counts rows until it is cancelled', async () => {
  await openContainer(page);
  await expandTreeItem(page, /^export/);
  await clickTreeItem(page, /just now|min ago/, { button: 'right' });
  // A menu that has just opened takes no click, lest the one that opened it counts.
  const item = page.locator('.monaco-menu .action-item', { hasText: 'Evaluate Model of This Run' }).first();
  await until('a menu that took the click', () => item.click({ timeout: 2000 }).then(() => item.waitFor({ state: 'hidden', timeout: 1000 })).then(() => true, () => false));
  await answerQuickInput(page, { pick: 'train.csv' });
  const widget = page.locator('.quick-input-widget:visible');
  // The column that no input takes is the first one.
  await widget.locator('.monaco-list-row', { hasText: 'repaid' }).first().waitFor();
  await answerQuickInput(page, {});
  await widget.getByText('everything fits').waitFor();
  expect(await widget.innerText()).toMatch(/car_value\s*float32 \[N,1\] ← car_value/);
  await screenshot(page, 'evaluation-form');
  await answerQuickInput(page, {});
  await notification(page, /evaluating/).locator('.monaco-button', { hasText: 'Cancel' }).click();
  await until('no notification', async () => (await notification(page, /evaluating/).count()) === 0);
  expect(await page.locator('.tab', { hasText: 'Evaluation: train' }).count()).toBe(0);
});

test('the panel comes back after a reload, and so do tests and problems', async () => {
  await page.locator('.tab', { hasText: 'Evaluation: current' }).first().click();
  await panel();
  await page.reload();
  // Which tab is in front is kept a moment late.
  await page.locator('.tab', { hasText: 'Evaluation: current' }).first().click();
  const frame = await panel();
  await frame.getByText('short-loans').first().waitFor();
  await view('Testing');
  await testItem('current', 'skipped').or(testItem('current', 'passed')).first().waitFor();
  await screenshot(page, 'evaluation-reloaded');
});
