/** Bundles an entry of src/ the way scripts/build.mjs does, once a test process, so that a test can start the real program. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
const made = new Map<string, string>();

/** The path of a CommonJS bundle of `entry` (relative to the repository), gone when this process ends. */
export function bundle(entry: string): string {
  const known = made.get(entry);
  if (known) return known;
  // Inside node_modules, so that native modules beside it are found.
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'runyard-bundle-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const outfile = join(dir, 'main.cjs');
  buildSync({
    entryPoints: [join(ROOT, entry)], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node22', sourcemap: 'inline', logLevel: 'warning',
    mainFields: ['module', 'main'], external: ['vscode', 'better-sqlite3'],
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  made.set(entry, outfile);
  return outfile;
}
