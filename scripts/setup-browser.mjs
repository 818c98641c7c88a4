// Installs Debian's chromium where that can be done: npm run setup:browser. Plain Node, before any dependency is there.
import { spawnSync } from 'node:child_process';
import { answers, Explained, run, runMain, say, timed } from './lib/shell.mjs';
import { findBrowser } from './workbench/find-browser.mjs';

const hint = 'Install a Chromium or Chrome yourself and set CHROMIUM to its path, or put it on PATH as chromium or google-chrome.';

/** How to run something as root without asking anybody, or nothing. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

runMain(async () => {
  const already = findBrowser();
  if (already) {
    say(`a browser is there: ${already}`);
    return 0;
  }
  const prefix = asRoot();
  if (!answers('apt-get')) throw new Explained('this machine has no apt-get', hint);
  if (!prefix) throw new Explained('installing chromium needs root, and sudo asks for a password here', `Run "sudo apt-get install chromium". ${hint}`);
  const apt = async (/** @type {string[]} */ ...args) => {
    const [command = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    await run(command, rest, { hint });
  };
  await timed('apt-get update', () => apt('update'));
  await timed('installing chromium', () => apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'));
  return 0;
});
