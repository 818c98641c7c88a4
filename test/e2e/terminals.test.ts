/** A script in the editor's own terminal, with MLflow in it and no line changed, is a run in the tree. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copySample } from '../../scripts/workbench/sample.mjs';
import { answerQuickInput, clickTreeItem, expandTreeItem, openContainer, openWorkbench, runCommand, screenshot, temporaryWorkspace, treeItem, type Workbench } from '../support/workbench';
import { takePort } from '../support/ports';
import { until } from '../support/until';

const SCRIPT = `
import os, time
import mlflow

mlflow.set_experiment("from-a-terminal")
with mlflow.start_run(run_name="by-hand"):
    mlflow.log_params({"lr": 0.1, "epochs": 20})
    step = 0
    while not os.path.exists("go"):
        mlflow.log_metric("loss", 1 / (1 + step), step=step)
        step += 1
        time.sleep(0.2)
`;

let workbench: Workbench;
let folder: string;
const text = (name: string): string => (existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), 'utf8') : '');

const address = (): { port: number; token: string } => JSON.parse(text('.runyard/http.json')) as { port: number; token: string };

beforeAll(async () => {
  folder = await copySample(temporaryWorkspace());
  writeFileSync(path.join(folder, 'autolog.py'), SCRIPT);
  workbench = await openWorkbench({ folder });
});

afterAll(async () => {
  await workbench?.close();
});

/** Opens a terminal, and types what ends with a file that tells that it is done. */
async function inTerminal(page: Page, line: string): Promise<void> {
  await runCommand(page, 'Terminal: Create New Terminal (In Active Workspace)');
  await page.locator('.terminal-wrapper.active .xterm-helper-textarea').last().waitFor({ state: 'attached' });
  await page.locator('.terminal-wrapper.active .xterm-screen').last().click();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

test('a new terminal knows the address, and a script in it logs into the tree, live, with its source named', async () => {
  const { page } = workbench;
  await openContainer(page);
  await treeItem(page, 'car-loan').waitFor();
  await until('the address of the engine', () => existsSync(path.join(folder, '.runyard', 'http.json')));
  await inTerminal(page, 'env | grep -E "^(MLFLOW|RUNYARD)_" | sort > env.txt; .venv/bin/python autolog.py');
  await until('the variables of the terminal', () => text('env.txt').includes('MLFLOW_TRACKING_URI'), 60_000, 200);
  const { port, token } = address();
  expect(text('env.txt')).toContain(`MLFLOW_TRACKING_TOKEN=${token}\nMLFLOW_TRACKING_URI=http://127.0.0.1:${port}\n`);
  expect(text('env.txt')).toContain('MLFLOW_HTTP_REQUEST_MAX_RETRIES=3');
  await expandTreeItem(page, 'from-a-terminal');
  const item = treeItem(page, 'by-hand');
  await item.waitFor({ timeout: 60_000 });
  await until('it to be shown as running, with its source', async () => /running .*MLflow client, autolog\.py/.test(await item.innerText()), 60_000, 200);
  // A click may meet a row that is drawn anew at that moment: it is live.
  await until('its details', async () => {
    await clickTreeItem(page, 'by-hand');
    return treeItem(page, /^Source/).waitFor({ timeout: 5_000 }).then(() => true, () => false);
  }, 60_000);
  await screenshot(page, 'terminal-live');
  writeFileSync(path.join(folder, 'go'), '');
  await until('its end', async () => !/running/.test(await item.innerText()), 60_000, 200);
  await screenshot(page, 'terminal-finished');
}, 180_000);

test('the address can be copied for another shell', async () => {
  const { page } = workbench;
  await runCommand(page, 'Runyard: Copy MLflow Tracking URI…');
  await answerQuickInput(page, { pick: '.env File' });
  const copied = await until('the clipboard', async () => { const now = await page.evaluate('navigator.clipboard.readText()') as string; return now.includes('MLFLOW') && now; }, 60_000, 200);
  expect(copied).toMatch(/^MLFLOW_TRACKING_URI=http:\/\/127\.0\.0\.1:\d+\nMLFLOW_TRACKING_TOKEN=[0-9a-f]+\n$/);
});

test('after a restart of the engine at another port a new terminal has the new address', async () => {
  const { page } = workbench;
  const before = address();
  process.kill((JSON.parse(text('.runyard/engine.lock')) as { pid: number }).pid, 'SIGKILL');
  const other = await takePort(before.port);
  try {
    const after = await until('another port', () => { const now = address(); return now.port !== before.port && now; }, 60_000, 200);
    await until('a terminal with it', async () => {
      writeFileSync(path.join(folder, 'env.txt'), '');
      await inTerminal(page, 'env > env.txt; echo done >> env.txt');
      await until('the variables of the terminal', () => /\ndone\n$/.test(text('env.txt')), 60_000, 200);
      return text('env.txt').includes(`MLFLOW_TRACKING_URI=http://127.0.0.1:${after.port}\n`);
    }, 60_000, 500);
  } finally {
    other.close();
  }
}, 120_000);

test('with the setting off a new terminal has none of it', async () => {
  const { page } = workbench;
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'runyard.mlflow.terminals': false }));
  await until('a terminal without it', async () => {
    writeFileSync(path.join(folder, 'env.txt'), '');
    await inTerminal(page, 'env > env.txt; echo done >> env.txt');
    await until('the variables of the terminal', () => /\ndone\n$/.test(text('env.txt')), 60_000, 200);
    return !text('env.txt').includes('MLFLOW_TRACKING_URI');
  }, 60_000, 500);
}, 120_000);
