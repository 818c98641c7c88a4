// Finds and opens a Chromium: the one in $CHROMIUM, else the machine's.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { Explained } from '../lib/shell.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium's path, or nothing. $CHROMIUM goes first, then PATH. @returns {string | undefined} */
export function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter).concat('/usr/bin');
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/** Why the workbench can't be driven, and the way out. */
export function noBrowser() {
  return new Explained(
    'no Chromium on this machine, so nothing can be tested in the real workbench',
    'Run "npm run setup:browser" (it installs Debian\'s chromium), or set CHROMIUM to the path of a Chromium or Chrome.',
  );
}

/**
 * Opens a headless browser that talks to nobody but the pages it is given.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openBrowser() {
  const executablePath = findBrowser();
  if (!executablePath || !existsSync(executablePath)) throw noBrowser();
  return chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', '--no-first-run', '--disable-dev-shm-usage'],
    ],
  });
}
