// Starts and stops the workbench on loopback, apart from anything else that runs on this machine.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { nodeForTools } from '../lib/setup.mjs';
import { Explained, run } from '../lib/shell.mjs';
import { workbenchEntry } from './install.mjs';

/** A quiet editor: nothing phones home, nothing opens by itself, nothing moves while a test looks. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'npm.fetchOnlinePackageInfo': false,
  'json.schemaDownload.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

/**
 * @typedef {object} WorkbenchOptions
 * @property {string} folder the workspace to open
 * @property {string} dataDir the user data of this workbench: settings, state, logs; made where it is missing
 * @property {string} extensionsDir where its extensions are installed
 * @property {number} [port] 0, the default, takes a free one
 * @property {boolean} [trusted] true, the default, opens every folder as trusted; false leaves workspace trust on
 * @property {Record<string, unknown>} [settings] user settings, over the quiet ones; they are written only at the first start
 * @property {NodeJS.ProcessEnv} [env] added to the environment of the editor and of all that it starts
 */

/**
 * @typedef {object} RunningWorkbench
 * @property {string} url the address of the opened folder
 * @property {string} logFile what the server printed
 * @property {number} pid
 * @property {() => Promise<void>} stop ends it and every process of its group
 * @property {Promise<void>} ended settles when it is gone, whoever ended it
 */

/** The environment without what a surrounding editor or npm put there. @param {NodeJS.ProcessEnv} [more] */
function cleanEnv(more) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_|VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** @param {{ dataDir: string, extensionsDir: string }} options */
function places({ dataDir, extensionsDir }) {
  // Its own configuration file and session socket, or it would write to the user's and join another one's windows.
  return [
    ...['--config', path.join(dataDir, 'config.yaml'), '--session-socket', socketPath(dataDir)],
    ...['--user-data-dir', dataDir, '--extensions-dir', extensionsDir],
  ];
}

/** Socket paths end at 107 bytes on Linux and 103 on macOS; a deep clone gets one elsewhere. @param {string} dataDir */
function socketPath(dataDir) {
  const file = path.join(dataDir, 's.sock');
  return Buffer.byteLength(file) < 100 ? file : path.join(mkdtempSync(path.join(os.tmpdir(), 'ry-')), 's.sock');
}

/** @param {string} dataDir @param {Record<string, unknown>} settings */
function prepare(dataDir, settings) {
  const user = path.join(dataDir, 'User');
  mkdirSync(user, { recursive: true });
  writeOnce(path.join(dataDir, 'config.yaml'), 'auth: none\n');
  writeOnce(path.join(user, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** What a person changed stays. @param {string} file @param {string} text */
function writeOnce(file, text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}

/**
 * Installs a VSIX the way a person does.
 * @param {string} vsix
 * @param {{ dataDir: string, extensionsDir: string }} options
 */
export async function installVsix(vsix, options) {
  prepare(options.dataDir, quiet);
  mkdirSync(options.extensionsDir, { recursive: true });
  await run(nodeForTools(), [workbenchEntry, ...places(options), '--install-extension', vsix, '--force'], { env: cleanEnv() });
}

/**
 * Starts the workbench on loopback and waits until it listens.
 * @param {WorkbenchOptions} options
 * @returns {Promise<RunningWorkbench>}
 * @throws {Explained} when it ends, or stays silent for a minute, before it listens
 */
export async function startWorkbench(options) {
  prepare(options.dataDir, { ...quiet, ...options.settings });
  const logFile = path.join(options.dataDir, 'server.log');
  const log = createWriteStream(logFile);
  const args = [
    ...[workbenchEntry, ...places(options), '--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
    options.folder,
  ];
  const child = spawn(nodeForTools(), args, {
    env: cleanEnv(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the server, the extension host and the terminals end together.
    detached: true,
  });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.on('close', () => resolve()));
  const stop = () => endGroup(child.pid ?? 0, ended);
  child.stderr.pipe(log, { end: false });
  child.stdout.pipe(log, { end: false });
  /** @type {Promise<string>} */
  const listening = new Promise((resolve, reject) => {
    const hint = `Its log is ${logFile}; "npm start -- --fresh" starts with a new one.`;
    let seen = '';
    child.stdout.on('data', (chunk) => {
      seen += String(chunk);
      const found = /listening on (http:\/\/[^\s/]+)/.exec(seen);
      if (found?.[1]) resolve(found[1]);
    });
    child.on('error', (error) => reject(new Explained(`the workbench could not be started: ${error.message}`, hint)));
    child.on('close', (code) => reject(new Explained(`the workbench ended (${code}):\n${readFileSync(logFile, 'utf8')}`, hint)));
    setTimeout(() => reject(new Explained('the workbench did not listen within a minute', hint)), 60_000).unref();
  });
  const address = await listening.catch(async (error) => {
    await stop();
    throw error;
  });
  return { url: `${address}/?folder=${encodeURIComponent(options.folder)}`, logFile, pid: child.pid ?? 0, stop, ended };
}

/** Ends a process group: asks, then, after five seconds, doesn't. @param {number} pid @param {Promise<void>} ended */
async function endGroup(pid, ended) {
  signalGroup(pid, 'SIGTERM');
  const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(insist);
  signalGroup(pid, 'SIGKILL');
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  if (pid <= 0) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
