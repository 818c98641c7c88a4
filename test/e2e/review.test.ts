/** Predictions that a served model made are reviewed in a real editor, by keys alone, and what was said is on the disk. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLog, type Answered } from '../integration/core/monitoring/feedback/serving-log';
import { until } from '../support/until';
import { answerQuickInput, expectAccessible, openWorkbench, runCommand, answerPathDialog, screenshot, temporaryWorkspace, webviewFrame, type Workbench } from '../support/workbench';

const folder = temporaryWorkspace();
const DAY = Date.UTC(2026, 10, 16, 8);
let workbench: Workbench;
let page: Page;
let panel: Frame;

beforeAll(async () => {
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  git('init', '-q');
  git('config', 'user.name', 'Ana');
  git('config', 'user.email', 'ana@example.org');
  const rows = Array.from({ length: 240 }, (_, at): Answered => ({ request: `r${at}`, t: DAY + at * 1000, prediction: at % 3 === 0 ? 'no' : 'yes', yes: at % 3 === 0 ? 0.05 : 0.96, age: 20 + (at % 50), city: at % 2 === 0 ? 'Bonn' : 'Köln' }));
  Object.assign(rows[200] ?? {}, { yes: 0.52 });
  Object.assign(rows[210] ?? {}, { age: 97, city: 'Roma' });
  Object.assign(rows[220] ?? {}, { rules: 'too young' });
  await writeLog({ dir: folder }, [...rows, { ...rows[230] as Answered, role: 'shadow', version: 2, prediction: 'no', yes: 0.2 }]);
  workbench = await openWorkbench({ folder });
  page = workbench.page;
});
afterAll(async () => { await workbench?.close(); });

const lines = (): Record<string, unknown>[] => {
  const file = path.join(folder, '.runyard', 'feedback', 'loan', 'production', 'reviews.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>) : [];
};

test('the rows worth a look come first, keys judge them, and the words are kept with who said them', async () => {
  await runCommand(page, 'Runyard: Review Predictions');
  panel = await webviewFrame(page, 'Review: loan');
  await panel.locator('.row-facts', { hasText: 'Flagged by a rule' }).waitFor();
  await expectAccessible(panel);
  await screenshot(page, 'review-workbench-dark');
  await panel.locator('.cells').focus();
  await page.keyboard.press('1');
  await panel.locator('.row-facts', { hasText: 'The shadow differs' }).waitFor();
  await page.keyboard.press('2');
  await until('two words', () => lines().length === 2);
  expect(lines()).toMatchObject([
    { request: 'r220', judgement: 'right', label: 'yes', source: 'flagged', by: { name: 'Ana', email: 'ana@example.org' }, version: 1 },
    { request: 'r230', judgement: 'wrong', label: 'no', answer: 'no', source: 'shadow' },
  ]);
  await page.keyboard.press('u');
  await until('taken back', () => lines().at(-1)?.['undone'] === true);
});

test('reviewed rows are exported as a set\'s next version', async () => {
  await panel.locator('vscode-button', { hasText: 'Export as an evaluation set' }).click();
  await page.locator('.quick-input-widget:visible').getByText('None: Begin a New Set').waitFor();
  await answerQuickInput(page, { type: 'None' });
  await page.locator('.quick-input-widget:visible', { hasText: 'Save the Next Version' }).waitFor();
  await screenshot(page, 'review-workbench-export');
  await answerPathDialog(page, path.join(folder, 'loan-reviewed.parquet'));
  await panel.getByText(/loan-reviewed\.parquet: 1 rows?, 0 of before and 1 reviewed/).waitFor();
  expect(existsSync(path.join(folder, 'loan-reviewed.parquet'))).toBe(true);
});

test.each([['light', 'Light Modern'], ['contrast', 'Dark High Contrast']])('the panel follows the %s theme', async (name, theme) => {
  await runCommand(page, 'Preferences: Color Theme');
  await answerQuickInput(page, { type: theme, pick: theme });
  await until('the theme', () => panel.evaluate(`document.body.classList.contains('${name === 'light' ? 'vscode-light' : 'vscode-high-contrast'}')`));
  await expectAccessible(panel);
  await screenshot(page, `review-workbench-${name}`);
});
