import { afterAll, beforeAll, expect, test } from 'vitest';
import { openContainer, openWorkbench, screenshot, temporaryWorkspace } from '../support/workbench';
import type { Workbench } from '../support/workbench';

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({ folder: temporaryWorkspace() });
});

afterAll(async () => {
  await workbench?.close();
});

test('our container in the activity bar opens on the experiments tree', async () => {
  const { page } = workbench;
  await openContainer(page);
  await page.locator('.part.sidebar .pane [aria-label^="Experiments"]').first().waitFor({ state: 'attached' });
  await screenshot(page, 'tree');
  expect(await page.locator('.part.sidebar .composite.title').first().innerText()).toMatch(/runyard/i);
});
