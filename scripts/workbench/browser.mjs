// Opens a headless Chromium that talks to nobody but the pages it is given.
import { chromium } from 'playwright-core';
import { findBrowser, noBrowser } from './find-browser.mjs';

/**
 * @returns {Promise<import('playwright-core').Browser>}
 * @throws {import('../lib/shell.mjs').Explained} where there is no Chromium
 */
export async function openBrowser() {
  const executablePath = findBrowser();
  if (!executablePath) throw noBrowser();
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
    ],
  });
}
