// Finds a Chromium: the one in $CHROMIUM, else the machine's. Plain Node, before any dependency is there.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Explained } from '../lib/shell.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium's path, or nothing. $CHROMIUM goes first, then PATH. @returns {string | undefined} */
export function findBrowser() {
  if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : undefined;
  const folders = (process.env.PATH ?? '').split(path.delimiter).concat('/usr/bin');
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/** Why the workbench can't be driven, and the way out. */
export function noBrowser() {
  const where = process.env.CHROMIUM ? `at CHROMIUM=${process.env.CHROMIUM}` : 'on this machine';
  return new Explained(
    `there is no Chromium ${where}, so nothing can be tried in the real workbench`,
    'Run "npm run setup:browser" (it installs Debian\'s chromium), or set CHROMIUM to the path of a Chromium or Chrome.',
  );
}
