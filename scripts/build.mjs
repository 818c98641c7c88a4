// Bundles every door, the processes beside them, and the panels: node scripts/build.mjs [--production] [--watch]
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist, root } from './lib/paths.mjs';
import { ensureDependencies } from './lib/setup.mjs';
import { runMain, say } from './lib/shell.mjs';

/** What runs in Node: the bundle's name and its entry. */
const nodeEntries = {
  extension: 'src/extension/extension.ts',
  engine: 'src/engine/main.ts',
  supervisor: 'src/core/tracking/supervisor-main.ts',
  evaluator: 'src/engine/evaluator-main.ts',
  thread: 'src/engine/thread-main.ts',
  serving: 'src/engine/serving-main.ts',
  scorer: 'src/engine/scorer-main.ts',
  cli: 'src/cli/main.ts',
};

/** Native modules stay outside, each in its own folder beside the bundles; `vscode` is the editor's. */
const external = ['vscode', 'better-sqlite3', '@duckdb/node-api', 'onnxruntime-node'];

/**
 * @typedef {object} BuildOptions
 * @property {boolean} [production] minified, without source maps
 * @property {boolean} [watch] go on building as files change
 * @property {string} [outdir] dist/ where it isn't given
 */

/**
 * @param {BuildOptions} [options]
 * @returns {Promise<string[]>} the bundles that were made, as paths
 */
export async function build(options = {}) {
  const esbuild = await import('esbuild');
  for (const [name, file] of Object.entries(nodeEntries)) {
    if (!existsSync(path.join(root, file))) say(`no ${file}, so no ${name}.js`);
  }
  const configs = [nodeConfig(options), panelConfig(options), styleConfig(options)];
  const made = [];
  for (const config of configs) {
    if (Object.keys(config.entryPoints).length === 0) continue;
    if (options.watch) await (await esbuild.context(config)).watch();
    else {
      const result = await esbuild.build({ ...config, metafile: true });
      made.push(...Object.keys(result.metafile.outputs));
    }
  }
  return made.map((file) => path.resolve(root, file));
}

/**
 * zod carries its messages in some fifty languages, a quarter of a megabyte in each bundle that checks anything. Ours are in
 * English: the list of languages is left with that one.
 * @type {import('esbuild').Plugin}
 */
const englishOnly = {
  name: 'english-only',
  setup(context) {
    context.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js";', loader: 'js' }));
  },
};

/** @param {BuildOptions} options @returns {import('esbuild').BuildOptions & { entryPoints: Record<string, string> }} */
function common(options) {
  return {
    entryPoints: {},
    outdir: options.outdir ?? dist,
    absWorkingDir: root,
    bundle: true,
    minify: options.production ?? false,
    sourcemap: options.production ? false : 'linked',
    logLevel: 'warning',
    legalComments: 'none',
    plugins: [englishOnly],
    define: { 'process.env.NODE_ENV': options.production ? '"production"' : '"development"' },
  };
}

/** @param {BuildOptions} options */
function nodeConfig(options) {
  const entries = Object.entries(nodeEntries).filter(([, file]) => existsSync(path.join(root, file)));
  /** @type {import('esbuild').BuildOptions & { entryPoints: Record<string, string> }} */
  const config = {
    ...common(options),
    entryPoints: Object.fromEntries(entries),
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external,
    // jsonc-style packages ship a UMD `main` whose requires a bundler can't follow, and an ES `module` that it can.
    mainFields: ['module', 'main'],
    // Source that asks where it lies gets the bundle's place.
    define: { ...common(options).define, 'import.meta.url': '__bundleUrl' },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  };
  return config;
}

/** The panels: each folder of webview/ with a main.ts. */
function panels() {
  const folder = path.join(root, 'webview');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'main.ts')));
}

/** @param {BuildOptions} options */
function panelConfig(options) {
  /** @type {import('esbuild').BuildOptions & { entryPoints: Record<string, string> }} */
  const config = {
    ...common(options),
    entryPoints: Object.fromEntries(panels().map((name) => [name, `webview/${name}/main.ts`])),
    outdir: path.join(options.outdir ?? dist, 'webview'),
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    tsconfig: path.join(root, 'webview', 'tsconfig.json'),
  };
  return config;
}

/** A panel's main.css becomes <panel>.css; it isn't imported by main.ts, so that the page can link it before any script. */
function styleConfig(/** @type {BuildOptions} */ options) {
  const styled = panels().filter((name) => existsSync(path.join(root, 'webview', name, 'main.css')));
  return {
    ...common(options),
    entryPoints: Object.fromEntries(styled.map((name) => [name, `webview/${name}/main.css`])),
    outdir: path.join(options.outdir ?? dist, 'webview'),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  runMain(async () => {
    await ensureDependencies();
    const watch = process.argv.includes('--watch');
    const made = await build({ production: process.argv.includes('--production'), watch });
    say(watch ? 'watching' : `built ${made.filter((file) => !file.endsWith('.map')).length} bundles in dist/`);
  });
}
