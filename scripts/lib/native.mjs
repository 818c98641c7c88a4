// Native modules as a VSIX ships them: in dist/node_modules, where the bundles look first and where
// `vsce --no-dependencies`, which leaves out node_modules at the root, takes them along. One platform's binaries only.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './paths.mjs';
import { Explained, remove, run, runNpm } from './shell.mjs';

/**
 * VS Code's platforms: the names of better-sqlite3's binary, of DuckDB's package, and of ONNX Runtime's folder. Where ONNX Runtime has
 * none (Intel Macs, Alpine) models are run by the person's own Python.
 * @type {Readonly<Record<string, { sqlite: string, duckdb: string, onnx: string | null }>>}
 */
export const natives = {
  'linux-x64': { sqlite: 'linux-x64', duckdb: 'linux-x64', onnx: 'linux/x64' },
  'linux-arm64': { sqlite: 'linux-arm64', duckdb: 'linux-arm64', onnx: 'linux/arm64' },
  'alpine-x64': { sqlite: 'linuxmusl-x64', duckdb: 'linux-x64-musl', onnx: null },
  'alpine-arm64': { sqlite: 'linuxmusl-arm64', duckdb: 'linux-arm64-musl', onnx: null },
  'darwin-x64': { sqlite: 'darwin-x64', duckdb: 'darwin-x64', onnx: null },
  'darwin-arm64': { sqlite: 'darwin-arm64', duckdb: 'darwin-arm64', onnx: 'darwin/arm64' },
  'win32-x64': { sqlite: 'win32-x64', duckdb: 'win32-x64', onnx: 'win32/x64' },
  'win32-arm64': { sqlite: 'win32-arm64', duckdb: 'win32-arm64', onnx: 'win32/arm64' },
};

/** @param {string} stage the folder that is packed @param {string} target */
export async function stageNatives(stage, target) {
  const names = natives[target];
  if (!names) return;
  const modules = path.join(stage, 'dist', 'node_modules');
  const take = (/** @type {string} */ name, /** @type {string[]} */ parts, from = path.join(root, 'node_modules', name)) => {
    for (const part of parts) {
      const file = path.join(from, part);
      if (existsSync(file)) cpSync(file, path.join(modules, name, part), { recursive: true, filter: (one) => !/\.(d\.ts|map)$/.test(one) });
    }
  };
  take('better-sqlite3', ['package.json', 'LICENSE', 'lib', path.join('prebuilds', `${names.sqlite}.node`)]);
  take('@duckdb/node-api', ['package.json', 'LICENSE', 'lib']);
  take('@duckdb/node-bindings', ['package.json', 'LICENSE', 'duckdb.js']);
  take('detect-libc', ['package.json', 'LICENSE', 'lib']);
  const binding = `@duckdb/node-bindings-${names.duckdb}`;
  const folder = await packageFolder(binding);
  take(binding, readdirSync(folder), folder);
  take('onnxruntime-common', ['package.json', path.join('dist', 'cjs')]);
  take('onnxruntime-node', ['package.json', 'dist', ...(names.onnx ? [path.join('bin', 'napi-v6', names.onnx)] : [])]);
}

/** Where a platform's package lies: npm installed this machine's; another platform's is fetched from the registry once. @param {string} name */
async function packageFolder(name) {
  const installed = path.join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages?.[`node_modules/${name}`];
  if (!lock) throw new Explained(`the lock file doesn't know ${name}`, 'Run npm install with this platform among its optional dependencies.');
  const folder = path.join(cache, 'natives', `${name.replace('/', '-')}-${lock.version}`);
  const unpacked = path.join(folder, 'package');
  if (existsSync(path.join(unpacked, 'package.json'))) return unpacked;
  remove(folder);
  mkdirSync(folder, { recursive: true });
  await runNpm(['pack', `${name}@${lock.version}`, '--silent', '--pack-destination', folder], root);
  const file = readdirSync(folder).find((one) => one.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', path.join(folder, file), '-C', folder]);
  return unpacked;
}
