/** Pictures of what tests see. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.mjs';

/** Under test/e2e/screenshots/, for people to look at, where RUNYARD_SCREENSHOTS is set: without a graphics card each takes a good part of a second. */
export async function keepPicture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (!process.env.RUNYARD_SCREENSHOTS) return;
  const folder = path.join(root, 'test', 'e2e', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ ...options, path: path.join(folder, `${name}.png`) });
}
