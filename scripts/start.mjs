// A real VS Code on the sample, from a fresh clone in one command:
//   npm start                 code-server on loopback; prints its address, ctrl-C ends it
//   npm start -- --code       the desktop's VS Code, where `code` is on PATH
//   npm start -- --check      headless: runs the sample's experiment once through the workbench, says what it saw, exits
//   npm start -- --fresh      throws away the earlier copy of the sample and the editor's state first
//   npm start -- --port 8443  a fixed port
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from './build.mjs';
import { cache, root } from './lib/paths.mjs';
import { ensureDependencies, goOnInNewerNode } from './lib/setup.mjs';
import { answers, remove, runMain, say, timed } from './lib/shell.mjs';
import { ensureVenv } from './lib/venv.mjs';
import { makeVsix } from './package.mjs';
import { findBrowser, noBrowser } from './workbench/find-browser.mjs';
import { ensureWorkbench } from './workbench/install.mjs';
import { copySample } from './workbench/sample.mjs';
import { installVsix, startWorkbench } from './workbench/server.mjs';

const flags = process.argv.slice(2);
const has = (/** @type {string} */ flag) => flags.includes(flag);

/** The desktop's editor, with the extension loaded from this checkout. @param {string} folder */
function openDesktop(folder) {
  const args = [`--extensionDevelopmentPath=${root}`, '--disable-workspace-trust', '--new-window', folder];
  const windows = process.platform === 'win32';
  const { status } = spawnSync(windows ? 'code.cmd' : 'code', args, { stdio: 'inherit', shell: windows });
  return status ?? 1;
}

/** Packs and installs the extension, and starts the workbench. @param {string} folder @param {string} place @param {number} port */
async function open(folder, place, port) {
  const dirs = { dataDir: path.join(place, 'user-data'), extensionsDir: path.join(place, 'extensions') };
  await ensureWorkbench();
  remove(dirs.extensionsDir);
  const vsix = await timed('packing the extension', () => makeVsix());
  await timed('installing it in the workbench', () => installVsix(vsix, dirs));
  return timed('starting the workbench', () => startWorkbench({ ...dirs, folder, port }));
}

/** Headless, in places of its own that are gone afterwards. */
async function check() {
  if (!findBrowser()) throw noBrowser();
  const place = mkdtempSync(path.join(os.tmpdir(), 'ry-check-'));
  const folder = await copySample(path.join(place, 'workspace'));
  await build();
  const workbench = await open(folder, place, 0);
  try {
    const { checkSample } = await import('./workbench/check.mjs');
    await checkSample({ url: workbench.url, folder });
  } finally {
    await workbench.stop();
    remove(place);
  }
  say('all done: the sample ran end to end');
  return 0;
}

/** Until ctrl-C. */
async function stay() {
  if (has('--fresh')) remove(path.join(cache, 'start'));
  const folder = await copySample(path.join(cache, 'workspace'), { fresh: has('--fresh') });
  if (has('--code')) {
    if (answers(process.platform === 'win32' ? 'code.cmd' : 'code')) {
      await timed('bundles', () => build());
      return openDesktop(folder);
    }
    say('there is no "code" on PATH: the workbench in the browser instead');
  }
  const port = has('--port') ? Number(flags[flags.indexOf('--port') + 1]) : 0;
  await timed('bundles', () => build());
  const workbench = await open(folder, path.join(cache, 'start'), port);
  say(`the sample is ${folder}`);
  say('anyone who can log in to this machine can open the address while this runs; ctrl-C ends it');
  process.stdout.write(`\n  Open ${workbench.url}\n\n`);
  const stop = () => void workbench.stop();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
  await workbench.ended;
  say('the workbench is closed');
  return 0;
}

runMain(async () => {
  await ensureDependencies();
  const elsewhere = await goOnInNewerNode(import.meta.url);
  if (elsewhere !== undefined) return elsewhere;
  await ensureVenv();
  return has('--check') ? check() : stay();
});
