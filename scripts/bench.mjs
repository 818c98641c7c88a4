// Runs the benches, one after the other so that none disturbs another: npm run bench [-- NAME... [--OPTION...]]; options go to each of them.
// A bench is bench/NAME.py, bench/NAME.mjs, or bench/NAME.bench.ts, which is bundled first; each prints its own figures.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { dist, root, venvDir, venvPython } from './lib/paths.mjs';
import { ensureDependencies, goOnInNewerNode, nodeForTools } from './lib/setup.mjs';
import { remove, runMain, say } from './lib/shell.mjs';

const folder = path.join(root, 'bench');

/** @param {string} file @returns {Promise<[command: string, args: string[]]>} */
async function commandFor(file) {
  if (file.endsWith('.py')) {
    const python = venvPython(venvDir);
    return [existsSync(python) ? python : 'python3', [path.join(folder, file)]];
  }
  if (file.endsWith('.mjs')) return [nodeForTools(), [path.join(folder, file)]];
  const esbuild = await import('esbuild');
  // Beside the bundles, so that what a bench imports and what it starts are found as in the product.
  const outfile = path.join(dist, `bench-${path.basename(file, '.ts')}.js`);
  await esbuild.build({
    entryPoints: [path.join(folder, file)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['better-sqlite3', 'vscode', '@duckdb/node-api', 'onnxruntime-node'],
    mainFields: ['module', 'main'],
    // As in build.mjs: source that asks where it lies gets the bundle's place.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'warning',
  });
  return [nodeForTools(), ['--expose-gc', outfile]];
}

runMain(async () => {
  await ensureDependencies();
  const elsewhere = await goOnInNewerNode(import.meta.url);
  if (elsewhere !== undefined) return elsewhere;
  await build({ production: true });
  const words = process.argv.slice(2);
  const end = words.findIndex((word) => word.startsWith('--'));
  const [asked, options] = end === -1 ? [words, []] : [words.slice(0, end), words.slice(end)];
  const files = readdirSync(folder).filter((file) => /(\.bench\.ts|\.py|\.mjs)$/.test(file) && !file.startsWith('_'));
  let failed = 0;
  for (const file of files.filter((one) => asked.length === 0 || asked.includes(one.replace(/(\.bench)?\.\w+$/, '')))) {
    say(file);
    const [command, args] = await commandFor(file);
    const { status } = spawnSync(command, [...args, ...options], { stdio: 'inherit', cwd: root });
    if (status !== 0) failed += 1;
  }
  for (const file of readdirSync(dist).filter((one) => one.startsWith('bench-'))) remove(path.join(dist, file));
  return failed > 0 ? 1 : 0;
});
