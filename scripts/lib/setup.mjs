// What a fresh clone lacks, each step made only when it is missing or out of date. Runs on plain Node >= 20.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';
import { Explained, runNpm, timed } from './shell.mjs';

/** better-sqlite3's binaries need Node-API 10, so Node 22.14. */
const oldest = [22, 14];

/**
 * Installs the dependencies when they are missing or aren't what the lock file says.
 * @returns {Promise<boolean>} whether anything was installed
 */
export async function ensureDependencies() {
  if (dependenciesMatch()) return false;
  await timed('installing the dependencies (npm ci)', () => runNpm(['ci'], root));
  return true;
}

/** Whether what npm says it installed has the versions of the lock file; what is optional may be absent. */
function dependenciesMatch() {
  const installedFile = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(installedFile);
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = installed[name];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional || entry.peer);
  });
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>} */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/** Whether this Node is new enough for what we run. */
export function nodeIsNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** The Node 24 that comes as a dev dependency, or our own where that is new enough and the other isn't there. */
export function nodeForTools() {
  const own = path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (nodeIsNewEnough()) return process.execPath;
  throw new Explained(
    `Node ${process.versions.node} is too old and the one that npm ci brings is not there`,
    'Run npm ci again, or install Node 22.14 or newer.',
  );
}

/**
 * Goes on in Node 24 when this one is too old: the same script with the same arguments, in the same terminal.
 * @param {string} scriptUrl the caller's `import.meta.url`
 * @returns {Promise<number | undefined>} the other's exit status, or nothing when this Node will do
 */
export async function goOnInNewerNode(scriptUrl) {
  const script = process.argv[1];
  if (nodeIsNewEnough() || !script || pathToFileURL(script).href !== scriptUrl) return undefined;
  const node = nodeForTools();
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env });
  // The terminal sends ctrl-C to both of us; the child decides what it means.
  const wait = () => undefined;
  process.on('SIGINT', wait);
  const pass = () => child.kill('SIGTERM');
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
