/** A log that drifts, in a real editor: a monitor is written, run from the tree, its alert is told, acknowledged, noted and resolved. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linearModel } from '../support/onnx-linear';
import { answerQuickInput, notification, openContainer, openWorkbench, runCommand, screenshot, temporaryWorkspace, webviewFrame, type Workbench } from '../support/workbench';
import { until } from '../support/until';

const DAY_MS = 86_400_000;
let workbench: Workbench;
let page: Page;
const folder = temporaryWorkspace();
const at = (...names: string[]): string => path.join(folder, ...names);

/** Some days of answers up to now, the last whole one with another income. */
function logText(): string {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  let seed = 7;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const rows = Array.from({ length: 4 * 300 }, (_, index) => {
    const day = Math.floor(index / 300) - 4;
    const income = 1000 + 4000 * random() + (day === -1 ? 3000 : 0);
    return [new Date(today + day * DAY_MS + (index % 300) * 60_000).toISOString(), income.toFixed(0), (20 + 50 * random()).toFixed(0), ['north', 'south', 'west'][Math.floor(3 * random())]].join(',');
  });
  return `${['time,income,age,region', ...rows].join('\n')}\n`;
}

beforeAll(async () => {
  writeFileSync(at('answers.csv'), logText());
  writeFileSync(at('runyard.yaml'), '# ours\nversion: 1\nonCall:\n  start: 2026-01-05\n  people: [Ana]   # alone\n');
  workbench = await openWorkbench({ folder });
  page = workbench.page;
  await openContainer(page);
});

afterAll(async () => {
  await workbench?.close();
});

/** A row of the Monitoring tree by a part of its spoken label. */
const row = (label: string): Locator => page.locator(`.part.sidebar .monaco-list-row[role="treeitem"][aria-label*="${label}"]`).first();
const pane = (): Locator => page.locator('.part.sidebar .pane', { has: page.locator('.pane-header', { hasText: 'Monitoring' }) });
const widget = (): Locator => page.locator('.quick-input-widget:visible');
const status = (): Locator => page.locator('.statusbar-item[id*="runyard.live"]').first();
const lens = (text: RegExp): Locator => page.locator('.monaco-editor .codelens-decoration', { hasText: text }).first();
/** Squiggles of the editor: what is wrong, and what is worth a look. */
const squiggles = (): Locator => page.locator('.monaco-editor').locator('.squiggly-warning, .squiggly-info');
const prompt = async (text: string | RegExp, answer: { type?: string; pick?: string }): Promise<void> => {
  await widget().getByText(text).first().waitFor();
  await answerQuickInput(page, answer);
};

test('the empty view teaches, and its button writes a monitor beside what stands in runyard.yaml', async () => {
  await page.locator('.part.sidebar .pane-header', { hasText: 'Monitoring' }).click();
  await pane().getByText('Monitors appear here').waitFor();
  await screenshot(page, 'monitoring-empty');
  await pane().locator('.monaco-button', { hasText: 'Add Monitor' }).click();
  await answerQuickInput(page, { pick: 'Files of My Own' });
  await prompt(/Its files/, { type: 'answers.csv' });
  await prompt(/The column that says when/, { type: 'time' });
  await prompt(/Its name/, { type: 'answers' });
  await lens(/Run Now/).waitFor();
  await page.locator('.monaco-editor', { hasText: 'alone' }).first().waitFor();
});

test('its schedule is due at once, and finds the drift: a notification, an alert in the tree, the status bar and at its line', async () => {
  await notification(page, /answers.*income/).waitFor({ timeout: 60_000 });
  await row('warning alert, income drifted').waitFor();
  await until('the count in the status bar', async () => /2 alerts/.test(await status().innerText()));
  await lens(/last: fail/).waitFor();
  await lens(/2 alerts/).waitFor();
  await squiggles().first().waitFor();
  expect(await pane().locator('.pane-header').innerText()).toMatch(/on call: Ana/i);
  await screenshot(page, 'monitoring-alert');
});

test('acknowledged from the notification it is calm; what is known of it is one click away', async () => {
  await notification(page, /answers.*income/).locator('.monaco-button', { hasText: 'Acknowledge All' }).click();
  const income = page.locator('.part.sidebar .monaco-list-row[aria-label*="income drifted"][aria-label*="acknowledged"]');
  await income.waitFor();
  await until('nothing that waits', async () => !(await status().isVisible()) || !/alert/.test(await status().innerText()));
  await income.click();
  const frame = await webviewFrame(page, 'Preview');
  await frame.getByText('What to do').waitFor();
  await frame.getByText('acknowledged').first().waitFor();
  expect(await frame.locator('body').innerText()).toMatch(/on call\s+Ana/);
  await screenshot(page, 'monitoring-alert-preview');
});

test('run once more from the tree it says what it found, and the alert is the one that there was', async () => {
  const monitor = row('answers, fail');
  await monitor.hover();
  await monitor.locator('[aria-label^="Run Monitor Now"]').click();
  await notification(page, /answers: fail for/).waitFor({ timeout: 60_000 });
  expect(await page.locator('.part.sidebar .monaco-list-row[aria-label*="warning alert"]').count()).toBe(2);
});

test('an incident note is asked for in four steps, with a way back, and kept', async () => {
  // About the row that is selected.
  await runCommand(page, 'Runyard: Write Incident Note');
  await prompt(/When did it begin/, {});
  await prompt(/What happened/, { type: 'incomes came in cents' });
  await prompt(/What was the cause/, { type: 'a new form' });
  await prompt(/What was done/, { type: 'told its owner' });
  await notification(page, /incident note is kept/).waitFor();
  const frame = await webviewFrame(page, 'Preview');
  await frame.getByText('incomes came in cents').first().waitFor();
  await row('incident note').waitFor();
});

test.each([['light', 'Light Modern'], ['contrast', 'High Contrast'], ['dark', 'Dark Modern']])('tree, lens and mark are readable in the theme %s', async (name, theme) => {
  await runCommand(page, 'Preferences: Color Theme');
  await answerQuickInput(page, { type: theme, pick: theme });
  await runCommand(page, 'Runyard: Go to Monitor');
  await lens(/last: fail/).waitFor();
  await screenshot(page, `monitoring-${name}`);
});

test('resolved with a reason it is gone from tree, status bar and file, and can be looked up', async () => {
  await row('income drifted').click();
  await row('all columns together').click({ modifiers: ['Shift'] });
  await row('income drifted').hover();
  await row('income drifted').locator('[aria-label^="Resolve Alert"]').click();
  await widget().getByText('Resolve: 2 alerts').waitFor();
  await prompt(/why is it over/, { type: 'the form is mended' });
  await until('a calm monitor', async () => (await row('warning alert').count()) === 0);
  await row('answers, fail').locator('.monaco-tl-twistie').click();
  await row('Resolved, 2').waitFor();
  const frame = await webviewFrame(page, 'Preview');
  await frame.getByText('the form is mended').first().waitFor();
  await screenshot(page, 'monitoring-resolved');
  await until('no mark in the file', async () => (await squiggles().count()) === 0);
});

/** Ten days of answers of a model whose concept has changed, labelled, and a retraining that makes another one. */
function writeServed(): void {
  const now = Date.now();
  const rows = Array.from({ length: 480 }, (_, i) => {
    const [a, b] = [(i * 37) % 11 - 5, (i * 53) % 13 - 6];
    return `${new Date(now - (480 - i) * 1_800_000).toISOString()},r${i},${a},${b},${a + b + ((i * 7) % 5 - 2) / 100},${2 * a - b}`;
  });
  writeFileSync(at('served.csv'), `t,id,a,b,y,said\n${rows.join('\n')}\n`);
  writeFileSync(at('new.onnx'), linearModel([1, 1]));
  writeFileSync(at('runyard.yaml'), `version: 1
experiments: {fit: {command: [sh, -c, 'mkdir -p "$RUNYARD_RUN_DIR/artifacts" && cp new.onnx "$RUNYARD_RUN_DIR/artifacts"']}}
registry: {environments: [production], edges: [{to: production, gates: []}]}
monitors: {score: {model: score@production, log: {data: served.csv, time: t, id: id, prediction: said, label: y}, severity: critical, checks: [{check: rows, min: 100000}], runbook: Ask **Ana**.}}
retraining: {refresh: {model: score@production, experiment: fit, window: 30d, holdout: 5d}}
`);
}

test('a retraining is begun from an alert; that it began and what came of it is told, and stands with the alert', async () => {
  writeServed();
  await row('score, not run yet').hover();
  await row('score, not run yet').locator('[aria-label^="Run Monitor Now"]').click();
  await notification(page, /score: rows: 48 rows/).locator('.monaco-button', { hasText: 'Open' }).click({ timeout: 60_000 });
  const frame = await webviewFrame(page, 'Drift: score');
  await frame.locator('.markdown strong', { hasText: 'Ana' }).waitFor();
  await frame.locator('vscode-button', { hasText: 'Retrain' }).click();
  await prompt(/Why now/, { type: 'the world moved' });
  await notification(page, /refresh has begun/).waitFor();
  await frame.locator('.events').getByText('refresh was begun: the world moved').waitFor();
  await notification(page, /refresh: version 1 is the first/).waitFor({ timeout: 60_000 });
  await row('refresh, registered version 1').waitFor();
  await screenshot(page, 'monitoring-retrained');
});

test('an alert sleeps until the time that was typed, and then calls again; meanwhile a cool-down holds a retraining until somebody says why, and policies are back-tested', async () => {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await row('critical alert').click({ button: 'right' });
  await page.locator('.monaco-menu .action-item', { hasText: 'Snooze Alert' }).first().click({ delay: 300 });
  await answerQuickInput(page, { pick: 'Until\u2026' });
  const wakes = new Date(Date.now() + 6500);
  await prompt(/Until when/, { type: wakes.toISOString().slice(0, 19) + 'Z' });
  await prompt(/Why it can wait/, { type: 'Ana looks' });
  await row('snoozed, wakes').waitFor();
  await until('a quiet status bar', async () => !(await status().isVisible()) || !/alert/.test(await status().innerText()));
  await row('refresh, registered').hover();
  await row('refresh, registered').locator('[aria-label^="Retrain"]').click();
  await prompt(/Why now/, { type: 'once more' });
  await notification(page, /refresh is held back: the cool-down/).locator('.monaco-button', { hasText: 'Retrain Anyway' }).click();
  await widget().getByText(/cool-down and budget are passed over/).waitFor();
  expect(await widget().locator('input[type="text"]').first().inputValue()).toBe('once more');
  await page.keyboard.press('Escape');
  await row('refresh, registered').click();
  await runCommand(page, 'Runyard: Back-Test Retraining');
  await answerQuickInput(page, { pick: 'Trees That Stand In' });
  const report = await webviewFrame(page, 'Preview back-test of refresh');
  await report.getByText('How it went').waitFor();
  expect(await report.locator('body').innerText()).toMatch(/weekly[^]*never[^]*mae|mae[^]*weekly[^]*never/);
  await screenshot(page, 'monitoring-backtest');
  await notification(page, /it was snoozed, and still fails/).waitFor({ timeout: 60_000 });
  await row('critical alert').waitFor();
});

test('a serving and a retraining that can not be read stand in the tree, and lead to their lines', async () => {
  const before = readFileSync(at('runyard.yaml'), 'utf8');
  const after = `${before.trimEnd().replace('retraining: {', 'retraining: {weekly: {model: loan}, ')}\nserving: {loan@production: {sample: 2}}\n`;
  writeFileSync(at('runyard.yaml'), after);
  const line = after.trimEnd().split('\n').length;
  await page.setViewportSize({ width: 1440, height: 1400 });
  await row(`weekly, line ${line - 1}: `).waitFor();
  await row(`loan@production, line ${line}: `).waitFor();
  await screenshot(page, 'monitoring-cannot-be-read');
  await row(`loan@production, line ${line}: `).click();
  await page.locator('.statusbar-item', { hasText: `Ln ${line},` }).first().waitFor();
  writeFileSync(at('runyard.yaml'), before);
  await row('loan@production, line').waitFor({ state: 'detached' });
});
